#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All figures of bench/README.md in one run.  Usage: bench.sh [PERSONS [XLSX_PERSONS]]   (default 914000 100000)
#
# Builds what it needs in build-bench, works in a temporary folder (about 2 GB at 914,000 persons) and removes it.
# YAOSHI_BENCH_KEEP=FOLDER works there and leaves it; YAOSHI_BENCH_BUILD is another build folder; YAOSHI_BENCH_PARTS names
# the parts to run (rules measure diagnose store solver solve pair job plan tables; plan wants job's store).  What a peer is missing
# for is said and left out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
persons=${1:-914000}
some=${2:-100000}
build=${YAOSHI_BENCH_BUILD:-$root/build-bench}
parts=" ${YAOSHI_BENCH_PARTS:-rules measure diagnose store solver solve pair job plan tables} "
python=/usr/bin/python3
export YAOSHI_PACKS="$root/packs" YAOSHI_LANG=en
cd "$root"

[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release >/dev/null
ninja -C "$build" src/cli/yaoshi bench/rules bench/bench_measure bench/bench_diagnose src/plan/bench_plan src/store/store_bench \
    >/dev/null
yaoshi=$build/src/cli/yaoshi

if [ -n "${YAOSHI_BENCH_KEEP:-}" ]; then
    dir=$YAOSHI_BENCH_KEEP
    mkdir -p "$dir"
else
    dir=$(mktemp -d)
    trap 'rm -rf "$dir"' EXIT
fi

title() { printf '\n== %s\n' "$*"; }
# clock NAME FIELDS COMMAND…: run it, keep its line in $dir/NAME.
clock() {
    name=$1
    fields=$2
    shift 2
    "$python" "$root/bench/clock.py" "$fields" "$dir/$name.out" "$@" >"$dir/$name" 2>"$dir/$name.err" || {
        cat "$dir/$name.err" >&2
        exit 1
    }
}
part() { case $parts in *" $1 "*) true ;; *) false ;; esac; }
row() { printf '%-34s %9s %9s %9s   %s\n' "$@"; }
line() { row "$1" "$(field "$2" 1)" "$(field "$2" 2)" "$(field "$2" 3)" "$3"; }
field() { cut -f"$2" "$dir/$1"; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }

title "machine"
printf '%s, %s processors, %s GB of memory, %s\n' "$(uname -sm)" "$(nproc)" "$(awk '/MemTotal/ { printf "%.0f", $2 / 1e6 }' /proc/meminfo)" \
    "$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
printf 'load before the start: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"

if part rules; then
    title "rules: 1,000,000 households, 100 rules, beside SQLite    (bench/rules)"
    "$build/bench/rules"
fi
if part measure; then
    title "measure: 300,000 rows, beside R's laeken and survey    (bench/measure.sh bench_measure)"
    "$root/bench/measure.sh" "$build/bench/bench_measure" || [ $? -eq 77 ]
fi
if part diagnose; then
    title "diagnose: 1,000,000 households    (bench_diagnose)"
    "$build/bench/bench_diagnose"
fi
if part store; then
    title "store: 1,000,000 households of 12 columns    (store_bench)"
    "$build/src/store/store_bench" 1000000
fi
if part solver; then
    title "plan: random instances    (bench_plan)"
    "$build/src/plan/bench_plan" 1000 10000 100000 350000 -t 2
fi

if part solve; then
    title "additive plans: growth, and beside HiGHS, CBC and GLPK    (yaoshi solve)"
    ninja -C "$build" bench/pab_make >/dev/null
    bench/scale.py "$build" "$dir/scale.svg"
    bench/solve.sh "$build" 120 1000 10000
fi

if part pair; then
    title "pairing and flows beside LEMON    (bench_pair, bench_flow)"
    if ninja -C "$build" bench/bench_pair bench/bench_flow >/dev/null 2>&1; then
        "$build/bench/bench_pair" 35000 10000 1 1 1 3
        "$build/bench/bench_pair" 350000 100000 1 1 1 2
        "$build/bench/bench_pair" 350000 76000 1 1 1 1
        "$build/bench/bench_pair" 3000000 860000 375 1 1 0
        shared=${YAOSHI_SHARED:-$root/../shared}/data/optim/netgen
        for f in "$shared"/netgen_*.min.gz; do
            [ -f "$f" ] && gunzip -c "$f" >"$dir/$(basename "$f" .gz)"
        done
        if ls "$dir"/netgen_*.min >/dev/null 2>&1; then
            "$build/bench/bench_flow" "$dir"/netgen_*.min
        else
            echo "left out: no NETGEN files in $shared"
        fi
    else
        echo "left out: LEMON or a C++ compiler is missing (tools/deps.sh bench)"
    fi
fi

cd "$dir"
if part job; then
    title "whole program: $persons persons    (tools/bench.sh $persons)"
    rm -rf heze.db* heze
    row "" "wall s" "cpu s" "peak MB" ""
    clock synth households,income_rows "$yaoshi" synth --persons "$persons" -o heze --json
    line "synth" synth "$(field synth 4) households, $(field synth 5) ledger rows"
    clock init - "$yaoshi" init heze.db --pack cn-2016 --json
    clock import rows "$yaoshi" import heze.db heze --apply --valid-from 2016-12-31 --show 0 --json
    line "import CSV, --apply" import "$(field import 4) rows, $(calc '%.0f' "$(field import 4)/$(field import 1)") rows/s"
    clock again rows,unchanged "$yaoshi" import heze.db heze --apply --valid-from 2016-12-31 --show 0 --json
    line "the same again" again "$(field again 5) of $(field again 4) rows unchanged"
    clock check findings "$yaoshi" check heze.db --json
    line "check" check "$(field check 4) findings"
    clock measure seconds_read,seconds "$yaoshi" measure heze.db --by county --json
    clock diagnose seconds_read,seconds "$yaoshi" diagnose heze.db --json
    for c in measure diagnose; do
        line "$c" $c "reading $(calc '%.1f' "$(field $c 4)") s, computing $(calc '%.2f' "$(field $c 5)") s: $(calc '%.0f' "100*$(field $c 4)/$(field $c 1)") % is reading"
    done
    clock log - "$yaoshi" log heze.db --verify --json
    line "log --verify" log ""
    clock backup - "$yaoshi" backup heze.db copy.db --json
    line "backup" backup ""
    rm -f copy.db
    printf 'store: %s MB; tables: %s MB\n' "$(du -m heze.db | cut -f1)" "$(du -cm heze/*.csv | tail -1 | cut -f1)"
fi
if part plan; then
    title "plan of the same store"
    row "" "wall s" "cpu s" "peak MB" ""
    clock plan seconds_read,seconds_build,seconds,gap,households,options "$yaoshi" plan heze.db --json
    line "plan" plan "reading $(calc '%.1f' "$(field plan 4)") s, building $(calc '%.1f' "$(field plan 5)") s, solving $(calc '%.1f' "$(field plan 6)") s"
    printf '  %s households, %s options, gap %s %%; %s %% of the time is reading\n' "$(field plan 8)" "$(field plan 9)" \
        "$(calc '%.4f' "100*$(field plan 7)")" "$(calc '%.0f' "100*$(field plan 4)/$(field plan 1)")"
    clock verify - "$yaoshi" plan heze.db --verify --json
    line "plan --verify" verify ""
fi
part tables || exit 0

title "import of one table of $some persons, CSV and XLSX, beside sqlite3's .import"
rm -rf some some.db* bare.db
row "" "wall s" "cpu s" "peak MB" ""
"$yaoshi" synth --persons "$some" -o some --json >/dev/null
for kind in csv xlsx; do
    rm -f some.db*
    "$yaoshi" init some.db --pack cn-2016 --json >/dev/null
    "$yaoshi" import some.db some/areas.csv some/households.csv --apply --valid-from 2016-12-31 --show 0 --json >/dev/null
    [ $kind = csv ] || "$python" "$root/bench/table_to_xlsx.py" some/persons.csv some/persons.xlsx
    clock "persons-$kind" rows "$yaoshi" import some.db some/persons.$kind --apply --valid-from 2016-12-31 --show 0 --json
    line "persons.$kind" "persons-$kind" "$(field "persons-$kind" 4) rows, $(calc '%.0f' "$(field "persons-$kind" 4)/$(field "persons-$kind" 1)") rows/s"
done
if command -v sqlite3 >/dev/null 2>&1; then
    clock bare - sqlite3 bare.db ".mode csv" ".import some/persons.csv persons"
    line "sqlite3 .import persons.csv" bare "texts only: no types, codes, references, history, encryption or chain"
else
    echo "sqlite3 is not here (apt-get install sqlite3): no peer for the import"
fi
