#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the code to the floors of ARCHITECTURE.md: a file includes only its own floor and floors below it."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Lowest first; floors on one line do not know each other.
FLOORS = [["base"], ["table"], ["io"], ["policy"], ["store"], ["registry"], ["measure", "diagnose", "optim", "plan", "pair", "verify", "appraise"], ["coop"],
          ["synth", "report", "paper"], ["app"], ["cli"], ["mpi"]]
# What the floors show to the world, and who may use it: the header belongs to its floor.
PUBLIC = {"status": "base", "table": "table", "rule": "policy", "measure": "measure", "diagnose": "diagnose",
          "plan": "plan", "compare": "plan", "optim": "optim", "verify": "verify", "pair": "pair", "flow": "pair", "appraise": "appraise"}
# The pure floors: arrays in, arrays out.  No file, clock, database, rule or registry; measure may serve diagnose.
PURE = {"measure": {"base", "table", "measure"}, "diagnose": {"base", "table", "measure", "diagnose"}, "plan": {"base", "plan"}, "optim": {"base", "optim"}, "pair": {"base", "pair"}, "coop": {"base", "coop"}, "appraise": {"base", "appraise"},
        "verify": {"base", "table", "policy", "verify"}}
LEVEL = {name: i for i, line in enumerate(FLOORS) for name in line}


def floor_of_include(text):
    m = re.match(r"yaoshi/(\w+)\.h$", text)
    if m:
        return PUBLIC.get(m.group(1))
    head = text.split("/")[0]
    return head if head in LEVEL else None


def faults_of(path):
    floor = path.relative_to(ROOT / "src").parts[0]
    if floor not in LEVEL:
        yield f"{path.relative_to(ROOT)}: src/{floor} is no floor of ARCHITECTURE.md"
        return
    test = path.stem.endswith("_test") or "_test_" in path.stem
    for no, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not m:
            continue
        used = floor_of_include(m.group(1))
        where = f"{path.relative_to(ROOT)}:{no}"
        if used is None:
            if "/" in m.group(1):
                yield f"{where}: {m.group(1)} is on no floor"
        elif test:
            continue  # a test may put floors side by side
        elif floor in PURE and used not in PURE[floor]:
            yield f"{where}: {floor} is pure and must not use {used}"
        elif used != floor and LEVEL[used] >= LEVEL[floor] and not (floor in PURE and used in PURE[floor]):
            yield f"{where}: {floor} must not use {used}, which is not below it"


def sql_outside_store():
    """SQL only in src/store."""
    words = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b')
    for path in sorted((ROOT / "src").rglob("*.c")):
        if path.relative_to(ROOT / "src").parts[0] == "store" or path.stem.endswith("_test"):
            continue
        for no, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if words.search(line):
                yield f"{path.relative_to(ROOT)}:{no}: SQL outside src/store"


def clock_outside_app():
    words = re.compile(r"\b(time|clock_gettime|gettimeofday|clock)\s*\(")
    for path in sorted((ROOT / "src").rglob("*.c")):
        floor = path.relative_to(ROOT / "src").parts[0]
        if floor == "app" or path.stem.endswith(("_test", "_bench")):
            continue
        text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), path.read_text(encoding="utf-8"), flags=re.S)
        for no, line in enumerate(text.splitlines(), 1):
            if words.search(re.sub(r'"[^"]*"', '""', line)):
                yield f"{path.relative_to(ROOT)}:{no}: the clock enters only in src/app"


def main():
    faults = []
    for path in sorted(list((ROOT / "src").rglob("*.c")) + list((ROOT / "src").rglob("*.h"))):
        faults += faults_of(path)
    faults += sql_outside_store()
    faults += clock_outside_app()
    for f in faults:
        print(f)
    print(f"layers: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
