#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scale.py BUILD [SVG [SIZES]]: time, proven gap and bytes an option of `yaoshi solve` as the work grows.

Prints a table and draws the chart of bench/scale.svg (both axes logarithmic).  Needs bench/pab_make and src/cli/yaoshi in
BUILD; 30,000,000 households want 7 GB of disk and 9 GB of memory.
"""
import json
import math
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = [1000, 10000, 100000, 350000, 3000000]
# Measured once under load (bench/README.md); drawn hollow where the run itself does not go so far.
RECORD = {"n": 30000000, "cpu": 59.4, "gap": 0.000117}
WIDTH, HEIGHT, LEFT, TOP = 640, 360, 70, 30


def measure(build, folder, n):
    file = Path(folder) / "i.pab"
    subprocess.run([build / "bench/pab_make", "p", str(n), "1", file], check=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([build / "src/cli/yaoshi", "solve", file, "--threads", "1", "--json"], check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    r = json.loads(out)
    file.unlink()
    return {"n": n, "options": r["options"], "gap": r["gap"], "seconds": r["seconds"], "read": r["seconds_read"],
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "bytes": r["bytes"] / r["options"],
            "memory": after.ru_maxrss / 1024}


def chart(rows):
    measured, note = len(rows), ""
    if rows[-1]["n"] < RECORD["n"]:
        rows = rows + [RECORD]
        note = " (hollow: recorded once, under load)"
    low, high = math.log10(rows[0]["n"]), math.log10(rows[-1]["n"])

    def x(n):
        return LEFT + (math.log10(n) - low) / max(high - low, 1e-9) * (WIDTH - LEFT - 60)

    def y(v, bottom, top):
        return HEIGHT - 50 - (math.log10(v) - bottom) / (top - bottom) * (HEIGHT - 50 - TOP)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for e in range(-3, 3):
        parts.append(f'<path d="M{LEFT} {y(10 ** e, -3, 2):.1f}H{WIDTH - 60}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 8}" y="{y(10 ** e, -3, 2) + 4:.1f}" text-anchor="end">{10.0 ** e:g} s</text>')
    for r in rows:
        parts.append(f'<text x="{x(r["n"]):.1f}" y="{HEIGHT - 30}" text-anchor="middle">{r["n"]:,}</text>')
    for key, colour, scale, word in (("cpu", "#1b6ca8", 1, "processor seconds"), ("gap", "#b3541e", 100, "proven gap, %")):
        points = [(x(r["n"]), y(max(r[key] * scale, 0.001), -3, 2)) for r in rows]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="'
                     + " ".join(f"{a:.1f},{b:.1f}" for a, b in points) + '"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" stroke="{colour}" fill="{colour if k < measured else "white"}"/>'
                  for k, (a, b) in enumerate(points)]
        parts.append(f'<text x="{LEFT + (10 if key == "cpu" else 200)}" y="18" fill="{colour}">{word}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">households{note}</text></svg>\n')
    return "\n".join(parts)


def main():
    build = Path(sys.argv[1])
    sizes = [int(n) for n in sys.argv[3].split(",")] if len(sys.argv) > 3 else SIZES
    rows = []
    print("| households | options | gap % | seconds | processor s, with reading | MB | bytes an option |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            r = measure(build, folder, n)
            rows.append(r)
            print(f"| {r['n']:,} | {r['options']:,} | {100 * r['gap']:.4f} | {r['seconds']:.3f} | {r['cpu']:.2f} | "
                  f"{r['memory']:,.0f} | {r['bytes']:.2f} |", flush=True)
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(chart(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
