# SPDX-License-Identifier: Apache-2.0
"""`yaoshi pair`: everybody gets a helper, at the least total cost, with a history and with reasons.

The optimum is checked against a solver that shares nothing with ours (scipy's), by rebuilding the pairs from the files and the
points of docs/pair-model.md.
"""
import itertools
import shutil
import unittest
from collections import Counter

from tests import DAY, Case, needs_program, office, rows_of, sql, write_rows

HELPER = ["helper", "name", "unit", "unit_level", "area", "capacity", "languages", "skills", "start_date", "end_date"]
PARTNER = ["partner", "pair_level", "side", "name", "area", "capacity", "industries", "poor_persons", "funds", "jobs"]


class PairCase(Case):
    def give(self, name, header, rows, code=0):
        write_rows(self.folder / f"{name}.csv", header, rows)
        r = self.run_ok if code == 0 else lambda *a: self.run_fails(code, *a)
        return r("import", "heze.db", f"{name}.csv", "--apply", "--valid-from", DAY, "--json")

    def pair(self, *how):
        return self.run_ok("pair", "heze.db", "--json", *how).numbers

    def villages(self):
        """Villages with registered households: area -> their keys, in order."""
        found = {}
        for h in rows_of(self.folder / "heze" / "households.csv"):
            if h["frame"] == "register":
                found.setdefault(h["area"], []).append(h["household"])
        return found


@needs_program
class Synthetic(PairCase):
    """The demo's own helpers."""

    def test_everybody_is_paired_and_it_is_proven(self):
        self.take(2000)
        r = self.pair("--list")
        helpers = {h["helper"]: h for h in rows_of(self.folder / "heze" / "helpers.csv")}
        homes = {h["household"]: h["area"] for h in rows_of(self.folder / "heze" / "households.csv")}
        self.assertEqual((r["optimal"], r["value"]), (True, r["dual"]))
        self.assertEqual((r["needs"], r["paired"] + r["unassigned"]), (len([1 for v in self.villages().values() for _ in v]), r["needs"]))
        load = Counter(p["giver"] for p in r["pairs"] if p["giver"])
        for helper, n in load.items():
            self.assertLessEqual(n, int(helpers[helper]["capacity"]))
        for p in r["pairs"]:
            if not p["giver"]:
                continue
            h = helpers[p["giver"]]
            self.assertLessEqual(h["start_date"], DAY)
            self.assertTrue(h["end_date"] == "" or h["end_date"] > DAY, h)
            self.assertEqual(h["area"][:6], homes[p["need"]][:6], "a helper of another county")
        # the value is what the pairs and the places of their helpers cost
        step = {k: sum(20 * i for i in range(n)) for k, n in load.items()}
        self.assertEqual(r["value"], sum(p["cost"] for p in r["pairs"] if p["giver"]) + sum(step.values()) + 100000 * r["unassigned"])

    def test_every_level_has_its_optimum(self):
        self.take(2000)
        for level in ("county", "town", "village", "enterprise", "school", "hospital"):
            r = self.pair("--level", level, "--keep")
            self.assertTrue(r["optimal"] and r["over_all_within_reach"], level)
            self.assertGreater(r["paired"], 0, level)
            self.assertEqual(self.pair("--level", level)["kept"], r["paired"], level)

    def test_the_ledger(self):
        self.take(1000)
        pairs = {p["need"]: p for p in self.pair("--keep", "--list")["pairs"]}
        self.pair("--level", "village", "--keep")
        self.run_ok("export", "heze.db", "--what", "pairings", "-o", "ledger.csv", "--lang", "en")
        rows = rows_of(self.folder / "ledger.csv")
        helpers = {h["helper"]: h for h in rows_of(self.folder / "heze" / "helpers.csv")}
        homes = [r for r in rows if r["level"] == "Household"]
        self.assertEqual({r["who is helped"]: r["who helps"] for r in homes}, {n: p["giver"] for n, p in pairs.items()})
        for r in homes:
            self.assertEqual((r["unit"], r["since"], r["reason"]), (helpers[r["who helps"]]["unit"], DAY, "New"))
            self.assertRegex(r["name of who helps"], r"^.\*+$")  # masked
        self.assertTrue(any(r["level"] == "Village" and "虚构" in r["name of who helps"] for r in rows))

    def test_the_lists_do_not_matter(self):
        self.take(2000)
        found = [self.pair("--candidates", n) for n in (1, 3, 24, 10000)]
        self.assertEqual({(r["value"], r["unassigned"], r["over_all_within_reach"]) for r in found}, {(found[0]["value"], 0, True)})
        self.assertEqual(found[3]["rounds"], 1)
        self.assertEqual(found[3]["pairs_listed"], found[0]["pairs_within_reach"])

    def test_threads_do_not_matter(self):
        self.take(2000)
        drop = ("seconds", "seconds_read", "seconds_build", "seconds_wider")
        one, four = ({k: v for k, v in self.pair("--list", "--threads", n).items() if k not in drop} for n in (1, 4))
        self.assertEqual(one, four)

    def test_history_and_succession(self):
        self.take(2000)
        first = self.pair("--keep", "--list")
        self.assertEqual((first["new"], first["kept"]), (first["paired"], 0))
        again = self.pair("--keep", "--list")
        self.assertEqual((again["kept"], again["new"], again["moved"], again["kept_transaction"]), (first["paired"], 0, 0, 0))
        # the busiest helper leaves
        who = Counter(p["giver"] for p in first["pairs"]).most_common(1)[0][0]
        h = next(h for h in rows_of(self.folder / "heze" / "helpers.csv") if h["helper"] == who)
        self.give("helpers", ["helper", "end_date"], [[who, "2016-12-30"]])
        left = self.pair("--keep", "--list", "--date", "2017-01-10")
        before = {p["need"] for p in first["pairs"] if p["giver"] == who}
        after = {p["need"]: p for p in left["successions"]}
        self.assertEqual(set(after) & before, before)
        for need in before:
            self.assertEqual((after[need]["before"], after[need]["reason"]), (who, "succession"))
            self.assertNotEqual(after[need]["giver"], who)
        # nothing was overwritten: the old version is closed, the new one open
        need = min(before)
        rows = sql(self.folder / "heze.db", "SELECT giver, previous, reason FROM k_pairing WHERE need = ? AND _tx_to IS NULL ORDER BY _valid_from", need)
        self.assertEqual([r[0] for r in rows], [who, after[need]["giver"]])
        self.assertEqual(rows[1][1:], (who, "succession"))
        self.run_ok("log", "heze.db", "--verify")
        self.assertTrue(h["area"])

    def test_a_pairing_makes_no_plan_stale(self):
        self.take(1000)
        self.run_ok("plan", "heze.db", "--passes", 20)
        self.pair("--keep")
        self.run_ok("plan", "heze.db", "--verify")
        self.assertNotIn("stale", self.run_ok("status", "heze.db", "--quick").out)


@needs_program
class Small(PairCase):
    """Few helpers, made by hand, so that every number can be said beforehand."""

    def office_without_helpers(self, persons=1000):
        shared = office(persons)
        shutil.copytree(shared / "heze", self.folder / "heze")
        for name in ("helpers.csv", "partners.csv"):
            (self.folder / "heze" / name).unlink()
        self.empty_store()
        self.run_ok("import", "heze.db", "heze", "--apply", "--valid-from", DAY)

    def helper(self, key, area, capacity=5, level="3", languages="01", skills="medical|education|farming|jobs|care", start="", end=""):
        return [key, key, f"unit of {key}", level, area, capacity, languages, skills, start, end]

    def test_capacity_and_the_price_of_a_place(self):
        self.office_without_helpers()
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        self.give("helpers", HELPER, [self.helper("A", village, 2), self.helper("B", village, 3)])
        r = self.pair("--scope", village, "--list")
        self.assertEqual((r["places"], r["paired"], r["unassigned"], r["full"]), (5, 5, len(homes) - 5, len(homes) - 5))
        self.assertEqual(r["value"], 100000 * (len(homes) - 5) + 20 + (20 + 40))  # all skills there: only the places cost
        alone = r["alone"][0]["need"]
        w = self.run_ok("pair", "heze.db", "--scope", village, "--why", alone, "--json").numbers
        self.assertEqual((w["state"], w["within_reach"], w["allowed"]), ("full", 2, 2))
        self.assertTrue(all(c["full"] and c["loss_at_least"] >= 0 for c in w["choices"]))
        # what is said of one more place is true
        least, most = (100000 - w["choices"][0]["cost"], w["choices"][0]["place_price"])
        self.give("more", ["helper", "capacity"], [[w["choices"][0]["giver"], 4 if w["choices"][0]["giver"] == "B" else 3]])
        saved = r["value"] - self.pair("--scope", village)["value"]
        self.assertLessEqual(least - 60, saved)  # the place itself has its step
        self.assertLessEqual(saved, most)

    def test_conditions_exclude_and_say_so(self):
        self.office_without_helpers()
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        self.give("helpers", HELPER, [self.helper("A", village, 100)])
        self.give("tongues", ["household", "language"], [[homes[0], "02"]])
        r = self.pair("--scope", village)
        self.assertEqual((r["excluded"], [a["need"] for a in r["alone"]]), (1, [homes[0]]))
        w = self.run_ok("pair", "heze.db", "--scope", village, "--why", homes[0], "--json").numbers
        self.assertEqual((w["state"], w["excluded"], w["choices"]), ("excluded", {"language": 1}, []))
        said = self.run_ok("pair", "heze.db", "--scope", village, "--why", homes[0])
        self.assertIn("Speaks the household's language", said.err)
        self.give("helpers", HELPER, [self.helper("C", village, 1, languages="01|02")])
        self.assertEqual(self.pair("--scope", village)["unassigned"], 0)

    def test_nobody_within_reach(self):
        self.office_without_helpers()
        counties = {}
        for v in self.villages():
            counties.setdefault(v[:6], v)
        if len(counties) < 2:
            first = next(iter(counties))
            other = next(a["area"] for a in rows_of(self.folder / "heze" / "areas.csv") if a["level"] == "village" and a["area"][:6] != first)
        else:
            first, other = list(counties)[0], list(counties.values())[1]
        self.give("helpers", HELPER, [self.helper("A", other, 100)])
        r = self.pair("--scope", counties[first])
        self.assertEqual((r["paired"], r["nobody"]), (0, r["needs"]))

    def test_nearer_first_and_fair_shares(self):
        self.office_without_helpers()
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        town = village[:9] + "000"
        self.give("helpers", HELPER, [self.helper("T", town, 100), self.helper("V", village, 100), self.helper("W", village, 100)])
        r = self.pair("--scope", village, "--list")
        load = Counter(p["giver"] for p in r["pairs"])
        self.assertLessEqual(abs(load["V"] - load["W"]), 1)  # convex places: equal shares
        self.assertLess(load["T"], load["V"])                # 100 points farther: only when the others have 5 more

    def test_wrong_capacity_area_level(self):
        self.office_without_helpers()
        village = next(iter(self.villages()))
        bad = self.give("helpers", HELPER, [self.helper("A", village, -1)], code=3)
        self.assertEqual([(e["row"], e["value"]) for e in bad.numbers["events"] if e["what"] == "invalid"], [(2, "-1")])
        bad = self.give("helpers", HELPER, [self.helper("A", "999999999999")], code=3)
        self.assertIn("999999999999", bad.out + bad.err)
        none = self.run_fails(3, "pair", "heze.db")
        self.assertIn("no giver at work", none.err)
        self.give("helpers", HELPER, [self.helper("A", village, 0), self.helper("L", village, 5, end="2016-01-01")])
        r = self.pair("--scope", village)
        self.assertEqual((r["givers"], r["givers_without_place"], r["paired"], r["full"]), (1, 1, 0, r["needs"]))
        self.assertIn("household region county", self.run_fails(3, "pair", "heze.db", "--level", "moon").err)
        self.assertIn("H-none", self.run_fails(3, "pair", "heze.db", "--why", "H-none").err)
        self.run_fails(2, "pair", "heze.db", "--keep", "--why", "x")
        self.run_fails(2, "pair", "heze.db", "--candidates", "0")

    def test_pairs_end_with_their_need(self):
        self.office_without_helpers()
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        self.give("helpers", HELPER, [self.helper("A", village, 5)])
        one = self.pair("--scope", village, "--keep", "--list")
        self.give("helpers", ["helper", "capacity"], [["A", 4]])
        r = self.pair("--scope", village, "--keep", "--list", "--date", "2017-02-01")
        self.assertEqual((r["kept"], r["ended"], one["paired"]), (4, 1, 5))
        self.assertEqual(self.pair("--scope", village, "--date", "2017-03-01")["kept"], 4)

    def test_places_outside_the_scope_are_kept(self):
        self.office_without_helpers(2000)
        by_town = {}
        for v, homes in self.villages().items():
            by_town.setdefault(v[:9], []).append((v, homes))
        first, second = next(v for v in by_town.values() if len(v) > 1)[:2]
        self.give("helpers", HELPER, [self.helper("A", first[0], len(first[1]) + 1)])
        self.assertEqual(self.pair("--scope", first[0], "--keep")["paired"], len(first[1]))
        r = self.pair("--scope", second[0])
        self.assertEqual((r["paired"], r["places_taken_outside_scope"]), (1, len(first[1])))

    def test_counties_and_districts(self):
        self.office_without_helpers()
        def side(key, which, industries, poor="", funds="", jobs=""):
            return [key, "county", which, f"{key} (made up)", "", "", industries, poor, funds, jobs]
        self.give("partners", PARTNER, [
            side("N1", "needs", "solar|food", 10000), side("N2", "needs", "textile", 40000), side("N3", "needs", "tourism|solar", 1000),
            side("G1", "gives", "solar|tourism", funds=5000000, jobs=400), side("G2", "gives", "textile|food", funds=3000000, jobs=2500),
            side("G3", "gives", "solar", funds=2000000, jobs=500)])
        r = self.pair("--level", "county", "--list")
        points = {("N1", "G1"): -200 + 10, ("N1", "G2"): -200, ("N1", "G3"): -200, ("N2", "G1"): 160, ("N2", "G2"): 50, ("N2", "G3"): 400,
                  ("N3", "G1"): -400, ("N3", "G2"): 0, ("N3", "G3"): -200}
        for p in r["pairs"]:
            w = self.run_ok("pair", "heze.db", "--level", "county", "--why", p["need"], "--json").numbers
            for c in w["choices"]:
                self.assertEqual(c["cost"], sum(c["terms"].values()))
        costs = {(p["need"], c["giver"]): c["cost"] for p in r["pairs"]
                 for c in self.run_ok("pair", "heze.db", "--level", "county", "--why", p["need"], "--json").numbers["choices"]}
        best = min(sum(costs[n, g] for n, g in zip(("N1", "N2", "N3"), gs)) for gs in itertools.permutations(("G1", "G2", "G3")))
        self.assertEqual((r["paired"], r["value"]), (3, best))
        self.assertEqual(costs, {pair: p + 100 for pair, p in points.items()})  # nobody knows how far: it counts as far
        self.assertEqual({p["need"]: p["giver"] for p in r["pairs"]}, {"N1": "G3", "N2": "G2", "N3": "G1"})
        self.assertEqual(self.pair("--level", "county", "--keep")["new"], 3)
        self.assertEqual(self.pair("--level", "county")["kept"], 3)

    def test_villages_and_firms(self):
        self.office_without_helpers(2000)
        firms = [[f"E{k}", "enterprise", "gives", f"firm {k} (made up)", "", 2, "greenhouse" if k % 2 else "tourism", "", "", 20 * k] for k in range(1, 30)]
        self.give("partners", PARTNER, firms)
        r = self.pair("--level", "enterprise", "--list")
        self.assertEqual(r["paired"], min(r["needs"], 58))
        self.assertLessEqual(max(Counter(p["giver"] for p in r["pairs"]).values()), 2)
        self.assertTrue(r["optimal"])


@needs_program
class Flows(PairCase):
    """`yaoshi solve --format dimacs`: the three outcomes of a flow problem."""

    def solve(self, text, code=0, *how):
        (self.folder / "x.min").write_text(text)
        return (self.run_ok if code == 0 else lambda *a: self.run_fails(code, *a))("solve", "x.min", *how)

    def test_optimal_infeasible_unbounded(self):
        best = self.solve("p min 3 3\nn 1 4\nn 3 -4\na 1 2 0 3 1\na 2 3 0 9 1\na 1 3 0 9 5\n", 0, "--json", "--out", "flow").numbers
        self.assertEqual((best["value"], best["bound"], best["proven"]), (3 * 2 + 5, 11, True))
        self.assertEqual((self.folder / "flow").read_text().split(), ["3", "3", "1"])
        self.solve("p min 2 1\nn 1 4\nn 2 -4\na 1 2 0 3 1\n", 6)
        endless = self.solve("p min 2 2\na 1 2 0 -1 -3\na 2 1 0 -1 1\n", 6)
        self.assertIn("no lower bound", endless.err)
        self.assertIn("x.min", self.solve("p min 2 1\na 1 2 0\n", 3).err)
        self.assertIn("differ by 4", self.solve("p min 2 1\nn 1 4\na 1 2 0 9 1\n", 3).err)


@needs_program
class Oracle(PairCase):
    def test_scipy_finds_the_same_total(self):
        try:
            import numpy
            from scipy.optimize import linear_sum_assignment
        except ImportError:
            self.skipTest("scipy is not there (python3-scipy)")
        self.take(1000)
        village = max(self.villages().items(), key=lambda v: len(v[1]))[0]
        r = self.pair("--scope", village, "--candidates", 10000, "--list")
        helpers = {h["helper"]: int(h["capacity"]) for h in rows_of(self.folder / "heze" / "helpers.csv")}
        needs, cost = [p["need"] for p in r["pairs"]], {}
        for n in needs:
            w = self.run_ok("pair", "heze.db", "--scope", village, "--candidates", 10000, "--why", n, "--json").numbers
            for c in w["choices"]:
                self.assertTrue(c["candidate"] and c["loss_at_least"] >= 0)
                cost[n, c["giver"]] = c["cost"]
        columns = [(g, k) for g in sorted({g for _, g in cost}) for k in range(helpers[g])]
        m = numpy.array([[cost.get((n, g), 10 ** 9) + 20 * k for g, k in columns] for n in needs])
        rows, cols = linear_sum_assignment(m)
        self.assertEqual((r["unassigned"], r["value"]), (0, int(m[rows, cols].sum())))
        self.assertGreater(len(needs), 20)


if __name__ == "__main__":
    unittest.main()
