#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Planning instances: ours beside HiGHS (in scipy), CBC and GLPK on the same files in the same run.
# Usage: solve.sh [BUILD [SECONDS [HOUSEHOLDS…]]]      (default build-bench 120 1000 10000)
#
# Values, bounds, proven gaps, wall seconds, peak memory, and how many times longer the peer took.  A peer that is not
# installed, or finds nothing in SECONDS, says so.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build-bench}
limit=${2:-120}
[ $# -gt 2 ] && shift 2 || set -- 1000 10000
python=/usr/bin/python3
[ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=release >/dev/null
ninja -C "$build" src/cli/yaoshi bench/pab_make >/dev/null
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

row() { # name file
    "$python" - "$1" "$2" "$3" "$4" <<'P'
import json, sys
name, clock, told, ours = sys.argv[1:]
_, _, memory = open(clock).read().split("\t")[:3]
r = json.load(open(told))
base = json.load(open(ours))["seconds"]
show = lambda v, f: "-" if v is None else format(v, f)
print(f"| {name} | {show(r['value'], ',.0f')} | {show(r['bound'], ',.0f')} | {show(r['gap'] and 100 * r['gap'], '.4f')} | "
      f"{r['seconds']:.3f} | {int(float(memory)):,} | {r['seconds'] / base:,.0f} |")
P
}

for n in "$@"; do
    for family in p h; do
        "$build/bench/pab_make" $family "$n" 1 "$dir/i.pab"
        printf '\n%s%s\n\n| solver | value | bound | gap %% | seconds | MB | times ours |\n|---|---|---|---|---|---|---|\n' "$family" "$n"
        "$python" "$root/bench/clock.py" - "$dir/ours.json" "$build/src/cli/yaoshi" solve "$dir/i.pab" --threads 1 --json \
            >"$dir/clock" 2>/dev/null
        row yaoshi "$dir/clock" "$dir/ours.json" "$dir/ours.json"
        for peer in highs cbc glpk; do
            if "$python" "$root/bench/clock.py" - "$dir/peer.json" "$python" "$root/bench/solve_peer.py" $peer "$dir/i.pab" \
                "$limit" 0.0001 >"$dir/clock" 2>"$dir/fault"; then
                row $peer "$dir/clock" "$dir/peer.json" "$dir/ours.json"
            else
                echo "| $peer | $(tail -1 "$dir/fault") | | | | | |"
            fi
        done
    done
done
