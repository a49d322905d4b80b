#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A store made by an earlier version, which knew fewer kinds of its own, is opened by this one without losing anything."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))


class Upgrade(unittest.TestCase):
    def setUp(self):
        if not os.access(PROGRAM, os.X_OK):
            self.skipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
        self.folder = tempfile.mkdtemp(prefix="yaoshi-upgrade-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.run_yaoshi("init", "a.db", "--pack", "cn-2016")
        self.run_yaoshi("import", "a.db", os.path.join(ROOT, "examples", "qingdao-heze-2016"), "--apply")
        self.forget("pair_run", "pair_price")
        self.assertFalse({"pair_run", "pair_price"} & self.kinds())

    def run_yaoshi(self, *args, code=0):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=os.path.join(ROOT, "packs"), LANG="C.UTF-8", USER="tester")
        done = subprocess.run([PROGRAM, *args], cwd=self.folder, env=env, capture_output=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode("utf-8-sig")

    def forget(self, *kinds):
        """What an earlier version would have left: a store without these kinds."""
        with sqlite3.connect(os.path.join(self.folder, "a.db")) as db:
            for kind in kinds:
                self.assertEqual(db.execute("DELETE FROM ys_field WHERE kind=?", (kind,)).rowcount > 0, True)
                db.execute("DELETE FROM ys_kind WHERE name=?", (kind,))
                db.execute(f'DROP TABLE "k_{kind}"')

    def kinds(self):
        with sqlite3.connect(os.path.join(self.folder, "a.db")) as db:
            return {row[0] for row in db.execute("SELECT name FROM ys_kind")}

    def test_reading_upgrades(self):
        text = self.run_yaoshi("coop", "claims", "a.db", "--json")
        claims = {c["claim"]: c for c in json.loads(text)["claims"]}
        self.assertEqual((claims["ten-days"]["claimed"], claims["ten-days"]["recorded"]), (10, 11))
        self.assertLessEqual({"pair_run", "pair_price", "claim"}, self.kinds())
        self.run_yaoshi("backup", "a.db", "b.db")  # verifies the chain

    def test_writing_upgrades(self):
        with open(os.path.join(self.folder, "tasks.csv"), "w", encoding="utf-8") as f:
            f.write("task,task_kind,text\nnew,task,一件事\n")
        self.run_yaoshi("import", "a.db", "tasks.csv", "--apply")
        self.assertIn("一件事", self.run_yaoshi("coop", "tasks", "a.db"))


if __name__ == "__main__":
    unittest.main()
