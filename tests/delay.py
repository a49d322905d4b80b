# SPDX-License-Identifier: Apache-2.0
"""Capacity that comes with a project: from which day it counts, whom a delay touches, and that the checker derives the same.

Everything is fictitious: an office of 1,000 synthetic persons, and a project made up here.
"""
import collections
import unittest
from decimal import Decimal

from tests import DAY, Case, copy_store, must, needs_program, office, sql, write_rows

PROJECT = ["project", "name", "area", "activity_status"]
GATE = ["milestone", "project", "gate", "phase", "planned_from", "planned_to", "forecast", "actual", "condition", "decider"]
HANGS = ["offering", "measure", "area", "period", "project", "gate", "capacity"]


@needs_program
class Delay(Case):
    made = None

    def setUp(self):
        super().setUp()
        folder = office(1000)
        if Delay.made is None:
            copy_store(folder / "heze.db", folder / "delay.db")
            must("plan", "delay.db", "--passes", 60, "--json", cwd=folder)
            # the offering that most persons and households get and that has a limit of places
            chosen = sql(folder / "delay.db", "SELECT o.offering, o.measure, o.area, o.period, o.capacity, count(*) FROM k_choice c JOIN k_offering o "
                         "USING (offering) WHERE o.capacity IS NOT NULL AND c.unit LIKE 'H%' AND o.effect > 0 OR o.capacity IS NOT NULL AND "
                         "c.unit LIKE 'H%' AND o.measure LIKE '%job%' GROUP BY 1 ORDER BY 6 DESC, 1")
            Delay.made = (folder / "delay.db", chosen[0])
        copy_store(Delay.made[0], self.folder / "heze.db")
        self.offering, self.measure, self.area, self.year, self.capacity, _ = Delay.made[1]

    def put(self, name, header, *rows):
        write_rows(self.folder / f"{name}.csv", header, [[c if c != "" else "#NA" for c in map(str, r)] for r in rows])
        self.run_ok("import", "heze.db", f"{name}.csv", "--apply", "--valid-from", DAY, "--json")

    def project(self, status="2", gate="", capacity=None):
        self.put("projects", PROJECT, ["p1", "虚构车间", self.area, status])
        self.put("offerings", HANGS, [self.offering, self.measure, self.area, self.year, "p1", gate,
                                      self.capacity if capacity is None else capacity])

    def gate(self, key="m1", gate="running", phase=1, start="", end="", forecast="", actual="", condition="", decider=""):
        self.put("milestones", GATE, [key, "p1", gate, phase, start, end, forecast, actual, condition, decider])

    def plan(self):
        made = self.run_ok("plan", "heze.db", "--passes", 60, "--json").numbers
        proof = self.run_ok("plan", "heze.db", "--verify", "--json").numbers
        self.assertEqual((proof["ok"], proof["findings"]), (True, []))
        self.assertEqual((proof["tiers"][1]["value"], proof["tiers"][1]["bound"]), (made["value"], made["bound"]))
        return made

    def start(self, made):
        found = [s for s in made["project_offerings"] if s["offering"] == self.offering]
        self.assertEqual(len(found), 1)
        return found[0]

    def holders(self, version):
        return {u for u, in sql(self.folder / "heze.db", "SELECT DISTINCT unit FROM k_choice WHERE plan = ? AND offering = ?", version, self.offering)}

    def test_a_delay(self):
        self.project()
        self.gate(end=f"{self.year}-03-01")
        base = self.plan()
        self.assertEqual((self.start(base)["counted"], self.start(base)["date"]), (True, f"{self.year}-03-01"))
        had = {u for u in self.holders(base["version"]) if u.startswith("H")}
        self.assertTrue(had)
        shown = self.run_ok("project", "show", "heze.db", "p1", "--json").numbers["offerings"]
        self.assertEqual([(o["date"], o["households"]) for o in shown], [(f"{self.year}-03-01", len(had))])
        for late in (f"{self.year}-06-30", f"{self.year + 2}-06-30", f"{self.year + 30}-01-01"):
            with self.subTest(late=late):
                told = self.run_ok("plan", "heze.db", "--version", base["version"], "--passes", 60, "--set", f"project:p1/running={late}", "--json").numbers
                s = told["scenarios"][0]
                self.assertEqual((s["set"][0]["before"], s["set"][0]["after"]), (f"{self.year}-03-01", late))
                self.assertLess(s["value"], base["bound"])
                self.check_bridge(s, had)
                self.gate(end=f"{self.year}-03-01", forecast=late)
                real = self.plan()
                self.assertLessEqual(s["value"], real["bound"])
                self.assertLessEqual(real["value"], s["bound"])
                self.assertLess(abs(s["value"] - real["value"]), 0.01 * abs(real["value"]))
                self.assertEqual(self.start(real)["date"], late)
                self.assertEqual(self.start(real)["counted"], not late.startswith(str(self.year + 30)))
        shown = self.run_ok("project", "show", "heze.db", "p1", "--json").numbers["offerings"]
        self.assertEqual([(o["offering"], o["gate"], o["households"]) for o in shown], [(self.offering, "running", 0)])
        words = self.run_ok("plan", "heze.db", "--version", base["version"], "--set", f"project:p1={self.year}-06-30", "--lang", "zh").out
        self.assertIn("推迟到", self.run_ok("plan", "heze.db", "--version", base["version"], "--set", f"project:p1={self.year}-06-30", "--lang", "zh").err + words)

    def check_bridge(self, s, had):
        """The sums of the sentence from the blocks that changed."""
        b, sums, bridged, nothing = s["bridge"], collections.Counter(), 0, 0
        gone = 0
        for x in s["blocks"]:
            before, after = ([(k["offering"], k["measure"]) for k in x[side]] for side in ("before", "after"))
            if x["unit"] not in had or self.offering in [o for o, _ in after]:
                continue
            self.assertIn(self.offering, [o for o, _ in before])
            gone += 1
            new = {m for o, m in after if o not in [o for o, _ in before]}
            sums.update(new)
            bridged += bool(new)
            nothing += not new
        self.assertEqual((b["households"], b["kept"], b["bridged"], b["nothing"]), (len(had), len(had) - gone, bridged, nothing))
        self.assertEqual({m["measure"]: m["households"] for m in b["measures"]}, dict(sums))
        self.assertIn("slips to", b["en"])
        self.assertIn(f"{bridged} 户由别的措施过渡", b["zh"])
        if bridged == 0 and gone == len(had):
            lost = sum(x["gap_before"] - x["gap_after"] for x in s["blocks"] if x["unit"] in had)
            self.assertEqual(Decimal(str(b["gap_lost"])) * 100, lost)

    def test_which_date(self):
        self.project()
        y = self.year
        for dates, found in (({"start": f"{y}-02-01"}, f"{y}-02-01"), ({"start": f"{y}-02-01", "end": f"{y}-05-01"}, f"{y}-05-01"),
                             ({"end": f"{y}-05-01", "forecast": f"{y}-08-31"}, f"{y}-08-31"),
                             ({"end": f"{y}-05-01", "forecast": f"{y}-08-31", "actual": f"{y}-01-01"}, f"{y}-01-01"),
                             ({"end": f"{y}-12-31"}, f"{y}-12-31"), ({"end": f"{y - 4}-02-29" if y % 4 == 0 else f"{y - 1}-02-28"}, None)):
            with self.subTest(dates=dates):
                self.gate(**dates)
                made = self.plan()
                self.assertEqual(self.start(made)["date"], found or dates["end"])
        self.gate(end=f"{y}-05-01", decider="虚构电网公司")
        self.assertTrue(self.start(self.plan())["conditional"])
        self.gate("m2", phase=2, end=f"{y + 1}-05-01")
        self.assertEqual(self.start(self.plan())["date"], f"{y}-05-01")  # the first phase serves

    def test_waiting(self):
        def waits(word):
            made = self.plan()
            s = self.start(made)
            self.assertFalse(s["counted"])
            self.assertIn(word, s["en"])
            self.assertEqual(self.holders(made["version"]), set())
        self.project()
        waits("no date")
        self.gate(gate="built", end=f"{self.year}-03-01")
        waits("no date")
        self.project(gate="built")
        self.assertTrue(self.start(self.plan())["counted"])
        self.project(gate="built", capacity="#NA")
        waits("places")
        for status in "56":
            self.project(gate="built", status=status)
            waits("cancelled or suspended")
        r = self.run_fails(2, "plan", "heze.db", "--set", f"project:p1/built={self.year}-06-30")
        self.assertIn("p1", r.err)

    def test_a_start_moved_earlier_is_found(self):
        """The plan stands on an earlier day than the record: neither values nor bounds can be those of the record."""
        self.project()
        self.gate(end=f"{self.year}-02-01")
        self.plan()
        sql(self.folder / "heze.db", "UPDATE k_milestone SET planned_to = planned_to + 150")
        r = self.run_fails(3, "plan", "heze.db", "--verify", "--json").numbers
        wrong = {c["check"] for c in r["checks"] if c["findings"]}
        self.assertLessEqual({"values", "bounds"}, wrong)

    def test_bad_input(self):
        self.project()
        self.gate(end=f"{self.year}-03-01")
        self.plan()
        for change, word in ((f"project:p1/running=June", "date"), ("project:p9/running=2017-06-30", "p1"), ("project:p1/sold=2017-06-30", "p1")):
            self.assertIn(word, self.run_fails(2, "plan", "heze.db", "--set", change).err)
        twice = ("--set", "project:p1=2017-06-30", "--set", "project:p1/running=2017-07-30")
        self.assertIn("twice", self.run_fails(2, "plan", "heze.db", *twice).err)


if __name__ == "__main__":
    unittest.main()
