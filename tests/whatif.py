# SPDX-License-Identifier: Apache-2.0
"""What if: a plan under other funds, places, years, floors and parameters, from the stored one, which stays as it is."""
import csv
import re
import unittest
from decimal import Decimal

from tests import DAY, Case, copy_store, must, needs_program, office, rows_of, sql, write_rows


@needs_program
class WhatIf(Case):
    kept = None

    def setUp(self):
        super().setUp()
        folder = office(2000)
        if WhatIf.kept is None:
            copy_store(folder / "heze.db", folder / "asked.db")
            must("plan", "asked.db", "--passes", 60, "--json", cwd=folder)
            WhatIf.kept = folder / "asked.db"
        copy_store(WhatIf.kept, self.folder / "heze.db")
        self.tables = folder / "heze"
        self.fund = next(f for f in rows_of(self.tables / "funds.csv") if f["fund"] == "HZ")
        self.offering = rows_of(self.tables / "offerings.csv")[0]

    def ask(self, *args):
        return self.run_ok("plan", "heze.db", *args, "--json").numbers

    def target(self):
        return f"fund:{self.fund['fund']}/{self.fund['period']}"

    def test_the_store_is_not_touched(self):
        before = self.head()
        told = self.ask("--set", self.target() + "=50%")
        self.assertEqual(self.head(), before)
        self.assertEqual(told["base"]["version"], "P0001")
        s = told["scenarios"][0]
        self.assertEqual(Decimal(s["set"][0]["after"]), Decimal(self.fund["amount"]) / 2)
        for tier in s["tiers"]:
            self.assertLessEqual(tier["value"], tier["bound"])
        self.assertLess(s["bound"], told["base"]["bound"])
        self.assertGreater(s["changed"], 0)

    def test_unchanged_is_the_same_plan(self):
        told = self.ask("--set", self.target() + "=+0")
        s = told["scenarios"][0]
        self.assertEqual((s["changed"], s["value_change"]), (0, 0))
        self.assertEqual(s["tiers"], told["base"]["tiers"])

    def test_sums_agree(self):
        told = self.ask("--set", self.target() + "=0")
        s = told["scenarios"][0]
        self.assertEqual(s["changed"], len(s["blocks"]))
        kinds = ("got", "lost", "exchanged", "moved")
        for kind in kinds:
            self.assertEqual(s[kind], sum(b["change"] == kind for b in s["blocks"]))
            for level in ("counties", "towns"):
                self.assertEqual(s[kind], sum(a[kind] for a in s[level]))
        for side, value in (("before", told["base"]["value"]), ("after", s["value"])):
            for level in ("counties", "towns"):
                self.assertEqual(sum(round(a[side]["gap_closed"] * 100) for a in s[level]), value)
        self.assertEqual(sum(b["gap_after"] - b["gap_before"] for b in s["blocks"]), s["value_change"])
        for b in s["blocks"]:
            self.assertRegex(b["unit"], r"^(H\d+|village:\d+)$")
            self.assertRegex(b["zh"], "[\u4e00-\u9fff]")
            self.assertNotEqual(b["en"], "")
            self.assertNotEqual(b["before"], b["after"])

    def test_names_and_relative_values(self):
        name = self.fund["name"]
        more = self.ask("--set", f"fund:{name}/{self.fund['period']}=+1000")["scenarios"][0]["set"][0]
        self.assertEqual(Decimal(more["after"]) - Decimal(more["before"]), 1000)
        less = self.ask("--set", f"{self.target()}=-1000")["scenarios"][0]["set"][0]
        self.assertEqual(Decimal(less["before"]) - Decimal(less["after"]), 1000)

    def test_no_limit_has_no_share(self):
        """Of places without a limit there is no half, and the whole of them is no number either."""
        copy_store(office(2000) / "heze.db", self.folder / "heze.db")
        row = dict(self.offering, capacity="#NA")
        free = row["offering"]
        write_rows(self.folder / "offerings.csv", list(row), [list(row.values())])
        self.run_ok("import", "heze.db", "offerings.csv", "--apply", "--valid-from", DAY, "--json")
        self.run_ok("plan", "heze.db", "--passes", 20, "--json")
        for value in ("=0%", "=50%", "=100%", "=200%", "=+5", "=-5"):
            with self.subTest(value=value):
                self.assertIn("no limit", self.run_fails(2, "plan", "heze.db", "--set", f"capacity:{free}{value}").err)
        self.run_fails(2, "plan", "heze.db", "--curve", f"capacity:{free}", "--at", "50")
        told = self.ask("--set", f"capacity:{free}=7")["scenarios"][0]["set"][0]
        self.assertEqual((told["before"], told["after"]), ("-", "7"))

    def put(self, name, header, rows):
        write_rows(self.folder / f"{name}.csv", header, rows)
        self.run_ok("import", "heze.db", f"{name}.csv", "--apply", "--valid-from", DAY, "--json")

    def agree(self, asked, real):
        """Two plans of one problem, each with a bound proven anew: neither can be above the other's."""
        self.assertLessEqual(asked["value"], real["bound"])
        self.assertLessEqual(real["value"], asked["bound"])
        self.assertLess(abs(asked["value"] - real["value"]), 0.01 * abs(real["value"]))

    def test_locks_hold(self):
        """Whom half the money would leave without a key keeps it under a lock, in what if as in the plan."""
        half = self.target() + "=50%"
        lost = [b for b in self.ask("--set", half)["scenarios"][0]["blocks"] if b["change"] == "lost" and b["unit"].startswith("H")][:5]
        self.assertTrue(lost)
        measure = dict(sql(self.folder / "heze.db", "SELECT offering, measure FROM k_offering"))
        held = {}
        for b in lost:
            held[b["unit"]] = sql(self.folder / "heze.db", "SELECT offering, coalesce(person, '#NA') FROM k_choice WHERE plan = 'P0001' AND unit = ? "
                                  "ORDER BY 1, 2", b["unit"])[0]
        self.put("locks", ["lock", "household", "measure", "offering", "person", "mode"],
                 [[f"L{i}", u, measure[o], o, p or "#NA", "keep"] for i, (u, (o, p)) in enumerate(sorted(held.items()))])
        made = self.run_ok("plan", "heze.db", "--passes", 60, "--json").numbers
        self.assertEqual(made["locks"], len(held))
        told = self.ask("--set", half)["scenarios"][0]
        for b in told["blocks"]:
            if b["unit"] in held:
                self.assertIn(held[b["unit"]][0], [k["offering"] for k in b["after"]])
        self.put("funds", ["fund", "period", "amount"],
                 [[self.fund["fund"], self.fund["period"], f"{Decimal(self.fund['amount']) / 2:.2f}"]])
        self.agree(told, self.run_ok("plan", "heze.db", "--passes", 60, "--json").numbers)

    def test_shares(self):
        """A share of spending and one of coverage, moved by what if and by a new plan."""
        (top,), = sql(self.folder / "heze.db", "SELECT area FROM k_area WHERE level = 'city' AND _tx_to IS NULL")
        header = ["floor", "area", "metric", "minimum", "maximum", "each", "of", "fund"]

        def floors(share):
            self.put("floors", header, [["S1", top, "spending", share, "#NA", "#NA", "safety_net", "#NA"],
                                        ["C1", top, "coverage", "0.5", "#NA", "town", "#NA", "#NA"]])
            return self.run_ok("plan", "heze.db", "--passes", 60, "--json").numbers
        floors("0.1")
        told = self.ask("--set", "floor:S1=0.4")["scenarios"][0]
        self.assertEqual((told["set"][0]["before"], told["set"][0]["after"]), ("0.1", "0.4"))
        real = floors("0.4")
        self.assertEqual(self.run_ok("plan", "heze.db", "--verify", "--json").numbers["findings"], [])
        self.agree(told, real)

    def test_a_delay(self):
        o = self.offering
        told = self.ask("--set", f"offering:{o['offering']}/period={int(o['period']) + 1}")
        self.assertEqual(told["scenarios"][0]["set"][0]["after"], str(int(o["period"]) + 1))

    def test_a_parameter_changes_the_values(self):
        self.assertEqual(self.ask("--set", "param:tier1_tolerance=0.002")["scenarios"][0]["set"][0]["after"], "0.002")
        told = self.ask("--set", "param:discount=0.5")
        self.assertLess(told["scenarios"][0]["value"], told["base"]["value"])

    def test_bad_input(self):
        o, year = self.offering["offering"], int(self.fund["period"])
        for change, word in (("fund:HX/2016=1", "HZ"), (f"fund:HZ/{year + 40}=1", str(year)), (f"fund:HZ/{year}=-99999999999", "negative"),
                             (f"fund:HZ/{year}=nan", "nan"), (f"fund:HZ/{year}=inf", "inf"), (f"fund:HZ/{year}=", "TARGET=VALUE"),
                             (f"fund:HZ/{year}=-5%", "number"), (f"fund:HZ/{year}=0.001", "number"), ("fund:HZ", "TARGET=VALUE"), ("=5", "TARGET=VALUE"),
                             ("purse:HZ=5", "purse"), (f"capacity:{o}=1.5", "1.5"), (f"capacity:{o}=-1000000", "negative"), ("capacity:O99999999=1", "O99999999"),
                             (f"offering:{o}/period=2090", "years of the plan"), (f"offering:{o}/colour=1", "colour"), ("floor:nowhere=1", "nowhere"),
                             ("param:discount=nan", "nan"), ("param:discount=-0.2", "negative"), ("param:discount=0.1e400", "0.1e400"),
                             ("param:max_measures=9", "range"), ("param:horizon=3", "horizon"), ("fund:" + "x" * 500 + "=1", "TARGET=VALUE")):
            with self.subTest(change=change[:60]):
                r = self.run_fails(2, "plan", "heze.db", "--set", change)
                self.assertIn(word, r.err)
                self.assertEqual(r.out, "")
                zh = self.run_fails(2, "plan", "heze.db", "--set", change, "--lang", "zh")
                self.assertRegex(zh.err, "[\u4e00-\u9fff]")
        r = self.run_fails(2, "plan", "heze.db", "--set", f"capacity:{o}=5", "--set", f"capacity:{o}=6")
        self.assertIn("twice", r.err)
        self.run_fails(2, "plan", "heze.db", "--set", self.target() + "=1", "--curve", self.target())
        self.run_fails(2, "plan", "heze.db", "--curve", self.target(), "--at", "100,50")
        self.run_fails(2, "plan", "heze.db", "--curve", self.target(), "-o", "c.csv")
        self.run_fails(2, "plan", "heze.db", "--set", self.target() + "=1", "-o", "c.doc")
        self.assertFalse(any((self.folder / f).exists() for f in ("c.csv", "c.doc")))

    def test_scenarios_side_by_side_and_the_list(self):
        (self.folder / "s.txt").write_text(f"# two\n[half]\n{self.target()}=50%\n\n[more]\n{self.target()}=150%\n")
        told = self.ask("--scenario", "s.txt")
        self.assertEqual([s["name"] for s in told["scenarios"]], ["half", "more"])
        self.assertLess(told["scenarios"][0]["bound"], told["scenarios"][1]["bound"])
        self.run_ok("plan", "heze.db", "--scenario", "s.txt", "-o", "d.csv")
        with open(self.folder / "d.csv", encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
        self.assertEqual(len(rows), sum(s["changed"] for s in told["scenarios"]))
        names = {p["name"] for p in rows_of(self.tables / "persons.csv")}
        self.assertFalse(names & {v for r in rows for v in re.split("[ ;]+", " ".join(r.values()))})
        for text, line in (("fund:HZ/2016=1\n", 1), ("[a]\n[b\n", 2), ("[a]\nfund:QQQ/2016=1\n", 2), ("[a]\n[a]\n", 2), ("\0\n", 1)):
            (self.folder / "s.txt").write_text(text)
            r = self.run_fails(2, "plan", "heze.db", "--scenario", "s.txt")
            self.assertRegex(r.err, rf"s\.txt row {line}\b")
        (self.folder / "s.txt").write_text("# nothing\n")
        self.run_fails(2, "plan", "heze.db", "--scenario", "s.txt")
        self.assertIn("none.txt", self.run_fails(1, "plan", "heze.db", "--scenario", "none.txt").err)

    def check_curve(self, points, rising):
        """Monotone and concave within the proven bounds, tier 2 corrected by the price of tier 1's minimum."""
        found = [p for p in points if p["feasible"]]
        for i, a in enumerate(found):
            self.assertLessEqual(a["value"], a["bound"])
            for c in found[i + 1:]:
                low, high = (a, c) if rising else (c, a)
                self.assertLessEqual(low["value_1"], high["bound_1"])
                self.assertLessEqual(low["value"], high["bound"] + high["minimum_price"] * (high["minimum"] - low["minimum"]) + 1)
                for b in (p for p in found if a["percent"] < p["percent"] < c["percent"]):
                    share = (c["percent"] - b["percent"]) / (c["percent"] - a["percent"])
                    mixed = {k: share * a[k] + (1 - share) * c[k] for k in ("value", "value_1", "minimum")}
                    # amounts are whole: a percentage of a small count is off by half a unit
                    slack = abs(b["price"]) + 1
                    self.assertLessEqual(mixed["value"], b["bound"] + b["minimum_price"] * (b["minimum"] - mixed["minimum"]) + slack)
        return found

    def test_frontier_of_a_fund(self):
        points = self.ask("--curve", self.target())["curve"]["points"]
        self.assertEqual([p["percent"] for p in points], [0, 50, 80, 90, 100, 110, 120, 150, 200])
        found = self.check_curve(points, True)
        self.assertEqual(len(found), 9)
        self.assertLess(found[0]["value"], found[-1]["value"])

    def test_price_of_a_floor(self):
        floor = rows_of(self.tables / "floors.csv")[0]["floor"]
        points = self.ask("--curve", f"floor:{floor}", "--at", "0,100,110,300,10000")["curve"]["points"]
        found = self.check_curve(points, False)
        self.assertTrue(found)
        self.assertFalse(points[-1]["feasible"], "more households than there are")

    def test_picture(self):
        self.run_ok("plan", "heze.db", "--curve", self.target(), "--at", "50,100,150", "-o", "c.svg")
        svg = (self.folder / "c.svg").read_text()
        self.assertIn("<svg", svg)
        self.assertTrue(svg.rstrip().endswith("</svg>"))
        self.assertNotIn("nan", svg)

    def test_in_words_and_without_a_plan(self):
        for lang in ("zh", "en"):
            r = self.run_ok("plan", "heze.db", "--set", self.target() + "=0", "--lang", lang)
            self.assertIn("原计划" if lang == "zh" else "base plan", r.out)
        copy_store(office(2000) / "heze.db", self.folder / "new.db")
        told = self.run_ok("plan", "new.db", "--passes", 40, "--set", self.target() + "=0", "--json").numbers
        self.assertEqual(told["base"]["version"], "")
        self.assertEqual(self.run_fails(3, "plan", "new.db", "--verify").out, "")


if __name__ == "__main__":
    unittest.main()
