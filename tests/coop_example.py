#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The example examples/qingdao-heze-2016: every numbered fact of the case has its place, and nothing is there beyond them.

facts.txt names, for each fact, the record, the field and the value that hold it.  The tables are imported with the program
named by YAOSHI and exported again; what comes out is compared, so a kind or field that lost its place in the pack fails.
Where the reference text is at hand, the dates and figures it states are looked for too.
"""
import csv
import io
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))
EXAMPLE = os.path.join(ROOT, "examples", "qingdao-heze-2016")
SHARED = os.environ.get("YAOSHI_SHARED") or os.path.join(ROOT, "..", "shared")


def facts():
    with open(os.path.join(EXAMPLE, "facts.txt"), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t"))


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.access(PROGRAM, os.X_OK):
            raise unittest.SkipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
        cls.folder = tempfile.TemporaryDirectory(prefix="yaoshi-example-")
        cls.run_yaoshi("init", "e.db", "--pack", "cn-2016")
        cls.said = cls.run_yaoshi("import", "e.db", EXAMPLE, "--apply", "--valid-from", "2016-09-02", "--json")
        cls.tables = {}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def run_yaoshi(cls, *args):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=os.path.join(ROOT, "packs"), LANG="C.UTF-8", USER="tester")
        done = subprocess.run([PROGRAM, *args], cwd=cls.folder.name, env=env, capture_output=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(args)}: exit {done.returncode}\n{done.stderr.decode()}")
        return done.stdout.decode("utf-8-sig")

    @classmethod
    def records(cls, kind):
        """All records of a kind by their key: the key fields joined by a slash."""
        if kind not in cls.tables:
            text = cls.run_yaoshi("export", "e.db", "--what", "records", "--kind", kind, "-o", "-")
            rows = list(csv.DictReader(io.StringIO(text)))
            keys = {"statistic": ["area", "date", "name"]}.get(kind, [next(iter(rows[0]))] if rows else [])
            cls.tables[kind] = {"/".join(r[k] for k in keys): r for r in rows}
        return cls.tables[kind]

    def test_every_fact_has_its_place(self):
        numbers = {f["fact"] for f in facts()}
        self.assertEqual(numbers, {f"B{i}" for i in range(1, 21)})
        for f in facts():
            with self.subTest(fact=f["fact"], record=f["record"], field=f["field"]):
                record = self.records(f["kind"])[f["record"]]
                self.assertEqual(record[f["field"]], f["value"])

    def test_nothing_beyond_the_facts(self):
        named = {(f["kind"], f["record"]) for f in facts()}
        for kind in {f["kind"] for f in facts()}:
            self.assertEqual({k for k in self.records(kind) if (kind, k) not in named}, set(), kind)
        kinds = {f["kind"] for f in facts()}
        rows = sum(len(self.records(k)) for k in kinds)
        with_rows = 0
        for name in sorted(os.listdir(EXAMPLE)):
            if name.endswith(".csv"):
                with open(os.path.join(EXAMPLE, name), encoding="utf-8", newline="") as f:
                    with_rows += len(list(csv.DictReader(f)))
        self.assertEqual(with_rows, rows)  # no table of the example is left out of the facts

    def test_round_trip(self):
        """What goes out comes back unchanged, kind by kind."""
        for kind in sorted({f["kind"] for f in facts()}):
            out = os.path.join(self.folder.name, f"{kind}.csv")
            for path in (out, out.replace(".csv", ".xlsx")):
                self.run_yaoshi("export", "e.db", "--what", "records", "--kind", kind, "-o", path)
                text = self.run_yaoshi("import", "e.db", path, "--kind", kind, "--json")
                self.assertIn('"changed": 0', re.sub(r'":\s*', '": ', text), path)
                self.assertIn('"new": 0', re.sub(r'":\s*', '": ', text), path)

    def test_figures_of_the_reference(self):
        path = os.path.join(SHARED, "background.md")
        if not os.path.exists(path):
            self.skipTest("the reference text (shared/background.md) is not here")
        held = {}
        for f in facts():
            held.setdefault(f["fact"], []).append(f["value"].replace(",", ""))
        with open(path, encoding="utf-8") as f:
            rows = re.findall(r"^\| (B\d+) \| (.*) \|$", f.read(), re.M)
        self.assertEqual(len(rows), 20)
        for number, text in rows:
            have = " ".join(held[number])
            for date in re.findall(r"\d{4}-\d\d-\d\d", text):
                self.assertIn(date, have, f"{number}: {date}")
            for figure in re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+(?= MW)", text):
                self.assertIn(figure.replace(",", ""), have, f"{number}: {figure}")


if __name__ == "__main__":
    unittest.main()
