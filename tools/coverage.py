#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Line coverage by floor: builds with gcov, runs the unit tests and the whole-program tests, prints a table.

    /usr/bin/python3 tools/coverage.py [--unit] [--build FOLDER]

--unit leaves out the whole-program tests (a few minutes instead of half an hour).  Test files, fixtures and benches do not
count.  Tests that fail are named; the table is printed all the same, and the exit code is 1.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
FLOORS = ["base", "table", "io", "policy", "store", "registry", "measure", "diagnose", "plan", "pair", "verify", "optim", "synth", "report",
          "app", "cli"]
NOT_PRODUCT = ("_test.c", "_fixture.c", "_bench.c", "_tool.c")


def run(*command, **how):
    return subprocess.run([str(c) for c in command], cwd=how.pop("cwd", ROOT), check=how.pop("check", True), **how)


def build(folder):
    if not (folder / "build.ninja").exists():
        run("meson", "setup", folder, "--buildtype=debug", "-Db_coverage=true", stdout=subprocess.DEVNULL)
    run("ninja", "-C", folder, "-j2", stdout=subprocess.DEVNULL)
    for counts in folder.rglob("*.gcda"):
        counts.unlink()


def test(folder, unit_only):
    """Names of the tests that failed."""
    failed = []
    unit = run("meson", "test", "-C", folder, "--suite", "unit", "--timeout-multiplier", "5", "--no-rebuild", "--num-processes", "2",
               check=False, stdout=subprocess.PIPE, text=True)
    failed += [line.strip() for line in unit.stdout.splitlines() if " FAIL " in line or " TIMEOUT " in line]
    for path in [] if unit_only else sorted((ROOT / "tests").glob("*.py")):
        if path.stem == "__init__":
            continue
        env = dict(os.environ, YAOSHI=str(folder / "src" / "cli" / "yaoshi"), YAOSHI_PACKS=str(ROOT / "packs"))
        done = run(PYTHON, "-m", "unittest", f"tests.{path.stem}", env=env, check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, text=True)
        failed += [f"tests.{path.stem}: {line}" for line in done.stderr.splitlines() if line.startswith(("FAIL:", "ERROR:"))]
    return failed


def lines_by_floor(folder):
    """floor -> (lines, lines that ran)."""
    report = run("gcovr", "--root", ROOT, "--object-directory", folder, "--filter", str(ROOT / "src") + "/", "--json", "-",
                 "--exclude-throw-branches", "--gcov-ignore-parse-errors", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    count = collections.defaultdict(lambda: [0, 0])
    for file in json.loads(report.stdout)["files"]:
        parts = Path(file["file"]).parts
        if len(parts) < 3 or parts[0] != "src" or parts[-1].endswith(NOT_PRODUCT):
            continue
        for line in file["lines"]:
            if not line.get("gcovr/noncode"):
                count[parts[1]][0] += 1
                count[parts[1]][1] += line["count"] > 0
    return count


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--unit", action="store_true")
    args.add_argument("--build", default=str(ROOT / "build-coverage"))
    args = args.parse_args()
    folder = Path(args.build).resolve()
    build(folder)
    failed = test(folder, args.unit)
    count = lines_by_floor(folder)
    floors = [f for f in FLOORS if f in count] + sorted(set(count) - set(FLOORS))
    print(f"{'floor':10} {'lines':>8} {'ran':>8} {'share':>8}")
    for floor in floors:
        lines, ran = count[floor]
        print(f"{floor:10} {lines:8} {ran:8} {100 * ran / lines:7.1f}%")
    lines, ran = (sum(c[i] for c in count.values()) for i in (0, 1))
    print(f"{'all':10} {lines:8} {ran:8} {100 * ran / max(lines, 1):7.1f}%")
    for name in failed:
        print("failed:", name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
