# SPDX-License-Identifier: Apache-2.0
"""Whole-program tests: they know the program only by what it prints, its exit codes and the file it leaves.

    YAOSHI=build/yaoshi YAOSHI_PACKS=packs /usr/bin/python3 -m unittest -v tests.main_job tests.bad_input

YAOSHI is the program, YAOSHI_PACKS the folder of policy packs.  Without YAOSHI every test is skipped, and says so.
"""
import atexit
import csv
import functools
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("YAOSHI", "")
PACKS = os.environ.get("YAOSHI_PACKS", str(ROOT / "packs"))
EPOCH = "1484438400"  # 2017-01-15: with it nothing that is printed depends on the clock
DAY = "2016-12-31"    # from which the synthetic facts hold
KEY = "5a" * 32 + "\n"

needs_program = unittest.skipUnless(PROGRAM and os.access(PROGRAM, os.X_OK),
                                    "YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")


class Result:
    """What one run of the program left behind."""

    def __init__(self, args, code, out, err, seconds, peak_kib):
        self.args, self.code, self.out, self.err = args, code, out, err
        self.seconds, self.peak_kib = seconds, peak_kib

    @property
    def json(self):
        return json.loads(self.out, parse_float=str)

    @property
    def numbers(self):
        return json.loads(self.out)

    def __str__(self):
        return f"yaoshi {' '.join(map(str, self.args))}\nexit {self.code}\n{self.err[-3000:]}\n{self.out[-1500:]}"


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
    env.update(YAOSHI_PACKS=PACKS, YAOSHI_LANG="en", SOURCE_DATE_EPOCH=EPOCH, USER="tester", LC_ALL="C.UTF-8", **more)
    return env


def run(*args, cwd=None, timeout=300, limits=None, env=None, user=None):
    """Run the program to its end; `limits` maps resource names (FSIZE …) to bytes; `user` (a number) wants root."""
    def limit():
        for name, value in (limits or {}).items():
            resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    before = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen([os.path.abspath(PROGRAM), *map(str, args)], cwd=cwd, env=env or environment(), stdout=out,
                             stderr=err, stdin=subprocess.DEVNULL, preexec_fn=limit if limits else None, user=user)
        timer = __import__("threading").Timer(timeout, p.kill)
        timer.start()
        _, status, usage = os.wait4(p.pid, 0)
        timer.cancel()
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Result(args, p.returncode, out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"),
                      time.monotonic() - before, usage.ru_maxrss)


def must(*args, **how):
    """Run what has to succeed for the test to mean anything."""
    r = run(*args, **how)
    if r.code != 0:
        raise AssertionError(str(r))
    return r


@functools.lru_cache(maxsize=None)
def office(persons, seed=1):
    """A folder with heze/ (synthetic tables) and heze.db (the same, imported); made once, never changed."""
    folder = Path(tempfile.mkdtemp(prefix="yaoshi-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    must("synth", "--persons", persons, "--seed", seed, "-o", "heze", cwd=folder)
    (folder / "heze.db.key").write_text(KEY)
    must("init", "heze.db", "--pack", "cn-2016", cwd=folder)
    must("import", "heze.db", "heze", "--apply", "--valid-from", DAY, cwd=folder)
    return folder


def copy_store(source, target):
    """A store that no process has open lies in one file, with its key beside it (and perhaps an empty log)."""
    for tail in ("", "-wal", ".key"):
        if os.path.exists(f"{source}{tail}"):
            shutil.copy(f"{source}{tail}", f"{target}{tail}")


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def write_rows(path, header, rows, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as f:
        w = csv.writer(f)
        w.writerow(header)
        w.writerows(rows)


def sql(db, statement, *values):
    """Change or read a store behind the program's back."""
    c = sqlite3.connect(db)
    try:
        found = c.execute(statement, values)
        rows = found.fetchall()
        c.commit()
        return rows if found.description else found.rowcount
    finally:
        c.close()


class Case(unittest.TestCase):
    """A test with a folder of its own."""
    maxDiff = 4000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="yaoshi-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_ok(self, *args, **how):
        r = run(*args, cwd=how.pop("cwd", self.folder), **how)
        self.assertEqual(r.code, 0, r)
        return r

    def run_fails(self, code, *args, **how):
        r = run(*args, cwd=how.pop("cwd", self.folder), **how)
        self.assertEqual(r.code, code, r)
        return r

    def head(self, db="heze.db"):
        """(number of transactions, newest root) as the program tells it."""
        log = run("log", db, "--json", cwd=self.folder).json["transactions"]
        return (log[0]["transaction"], log[0]["root"]) if log else (0, "")

    def take(self, persons):
        """heze/ and heze.db of a shared office as this test's own."""
        shared = office(persons)
        copy_store(shared / "heze.db", self.folder / "heze.db")
        if not (self.folder / "heze").exists():
            shutil.copytree(shared / "heze", self.folder / "heze")
        return self.folder / "heze.db"

    def empty_store(self, name="heze.db"):
        (self.folder / (name + ".key")).write_text(KEY)
        self.run_ok("init", name, "--pack", "cn-2016")
        return self.folder / name
