# SPDX-License-Identifier: Apache-2.0
"""`yaoshi pair --verify`, kilometres, and what is refused.

An honest pairing checks out at every level and under every setting; every lie about a kept one is found by its name.
"""
import math
import os
import subprocess
import unittest
from collections import Counter

from tests import DAY, ROOT, Case, copy_store, must, needs_program, office, rows_of, sql
from tests.pair import HELPER, PARTNER, PairCase, Small

CHECKS = ["record", "pack", "chain", "sides", "pairs", "places", "value", "bound"]
LEVELS = ("region", "county", "town", "village", "enterprise", "school", "hospital")


def haversine(a, b):
    """Kilometres on the mean sphere, by libm."""
    (x, y), (u, v) = [tuple(map(math.radians, p)) for p in (a, b)]
    h = math.sin((y - v) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((x - u) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


class ProofCase(PairCase):
    def checks_out(self, *how):
        r = self.run_ok("pair", "heze.db", "--verify", "--json", *how).numbers
        self.assertEqual((r["ok"], r["findings"], r["findings_total"]), (True, [], 0))
        self.assertEqual([c["check"] for c in r["checks"]], CHECKS)
        self.assertTrue(all(c["carried_out"] and c["findings"] == 0 for c in r["checks"]))
        self.assertEqual((r["value"], r["bound"]), (r["stored_value"], r["stored_bound"]))
        self.assertEqual(r["value"], r["bound"])
        return r


@needs_program
class Honest(ProofCase):
    def test_every_level(self):
        self.take(2000)
        for level in ("household",) + LEVELS:
            made = self.pair("--level", level, "--keep")
            r = self.checks_out("--level", level)
            self.assertEqual([r[k] for k in ("run", "level", "value", "needs", "givers", "paired", "pairs_within_reach")],
                             [made["run"], level, made["value"], made["needs"], made["givers"], made["paired"], made["pairs_within_reach"]])

    def test_parts_days_and_later_changes(self):
        self.take(2000)
        village = max(self.villages().items(), key=lambda v: len(v[1]))[0]
        self.pair("--keep", "--scope", village[:6] + "000000")
        self.checks_out()
        whole = self.pair("--keep", "--date", "2017-02-01", "--line", "2014")
        self.assertEqual(self.checks_out()["run"], whole["run"])
        # who leaves is succeeded, in a part only, and the runs before still stand
        who = Counter(p["giver"] for p in self.pair("--list", "--date", "2017-02-01")["pairs"]).most_common(1)[0][0]
        self.give("helpers", ["helper", "end_date"], [[who, "2017-03-01"]])
        self.assertEqual(self.checks_out()["run"], whole["run"])
        left = self.pair("--keep", "--date", "2017-03-15", "--scope", village[:6] + "000000")
        self.assertEqual(self.checks_out()["run"], left["run"])
        self.assertEqual([self.checks_out("--run", f"R000{k}")["run"] for k in (1, 2, 3)], ["R0001", "R0002", "R0003"])

    def test_nothing_changes_nothing_is_written(self):
        self.take(1000)
        first, again = self.pair("--keep"), self.pair("--keep")
        self.assertEqual((first["run"], again["run"], again["kept_transaction"]), ("R0001", None, 0))
        self.give("x", ["helper", "name"], [[rows_of(self.folder / "heze" / "helpers.csv")[0]["helper"], "改名"]])
        self.assertEqual(self.pair("--keep")["run"], "R0002")  # newer facts, newer certificate
        self.checks_out()

    def test_words_and_usage(self):
        self.take(1000)
        self.assertIn("household", self.run_fails(3, "pair", "heze.db", "--verify").err)
        self.pair("--keep")
        for lang in ("zh", "en"):
            self.assertEqual(self.run_ok("pair", "heze.db", "--verify", "--lang", lang).out.count("●"), len(CHECKS))
        self.assertIn("R0009", self.run_fails(3, "pair", "heze.db", "--verify", "--run", "R0009").err)
        self.run_fails(2, "pair", "heze.db", "--verify", "--keep")
        self.run_fails(2, "pair", "heze.db", "--run", "R0001")


@needs_program
class Tampered(Case):
    """One cell is changed behind the program's back (docs/store.md says how the rows lie)."""
    kept = None

    def setUp(self):
        super().setUp()
        if Tampered.kept is None:
            folder = office(1000)
            copy_store(folder / "heze.db", folder / "paired.db")
            must("pair", "paired.db", "--keep", "--json", cwd=folder)
            Tampered.kept = folder / "paired.db"
        self.db = self.folder / "heze.db"

    def one(self, statement, *values):
        rows = sql(Tampered.kept, statement, *values)
        self.assertTrue(rows, "there is no such thing: " + statement)
        return rows[0]

    def found(self, code, statement, *values, name=None):
        with self.subTest(code=code, statement=statement):
            copy_store(Tampered.kept, self.db)
            self.assertGreaterEqual(sql(self.db, statement, *values), 1, "nothing was changed")
            told = self.run_fails(3, "pair", "heze.db", "--verify", "--json").numbers
            codes = [f["code"] for f in told["findings"]]
            self.assertEqual(told["ok"], False)
            self.assertIn(code, codes)
            self.assertIn("chain", codes)
            self.assertEqual(told["findings_total"], sum(c["findings"] for c in told["checks"]))
            for f in told["findings"]:
                self.assertRegex(f["zh"], "[\u4e00-\u9fff]")
                self.assertRegex(f["en"], "[a-z]{2}")
            if name is not None:
                self.assertIn(name, [f["name"] for f in told["findings"] if f["code"] == code])
            return codes

    def test_untouched(self):
        copy_store(Tampered.kept, self.db)
        self.run_ok("pair", "heze.db", "--verify", "--json")

    def test_a_pair(self):
        row, need, giver = self.one("SELECT _row, need, giver FROM k_pairing WHERE pair_level = 'household' LIMIT 1")
        far, = self.one("SELECT h.helper FROM k_helper h JOIN k_helper g ON g.helper = ? WHERE substr(h.area, 1, 6) <> substr(g.area, 1, 6) "
                        "LIMIT 1", giver) if len({r[0] for r in sql(Tampered.kept, "SELECT substr(area, 1, 6) FROM k_helper")}) > 1 else (None,)
        other, = self.one("SELECT helper FROM k_helper WHERE substr(area, 1, 6) = (SELECT substr(area, 1, 6) FROM k_helper WHERE helper = ?) AND helper <> ? "
                          "AND helper IN (SELECT giver FROM k_pairing) LIMIT 1", giver, giver)
        put = "UPDATE k_pairing SET {} = ? WHERE _row = ?".format
        self.found("value", put("giver"), other, row)
        self.found("giver-unknown", put("giver"), "B9999999", row, name=need)
        self.found("need-unknown", put("need"), "H999999999", row, name="H999999999")
        self.found("points", put("points"), 7777, row, name=need)
        self.found("reason", put("reason"), "moved", row, name=need)
        self.found("since", put("since"), 17000, row, name=need)
        self.found("paired", "DELETE FROM k_pairing WHERE _row = ?", row)
        if far:
            self.found("reach", put("giver"), far, row, name=need)
        gone, = self.one("SELECT helper FROM k_helper WHERE end_date > 10000 ORDER BY end_date LIMIT 1")
        self.found("giver-unknown", put("giver"), gone, row, name=need)

    def test_places(self):
        giver, n = self.one("SELECT giver, count(*) FROM k_pairing GROUP BY giver ORDER BY 2 DESC, 1 LIMIT 1")
        self.assertGreater(n, 1)
        self.found("places", "UPDATE k_helper SET capacity = ? WHERE helper = ?", n - 1, giver, name=giver)
        # a place more is not worth its step here, or it is: the bound knows either way
        full, = self.one("SELECT giver FROM k_pair_price ORDER BY price DESC LIMIT 1")
        self.assertTrue({"bound", "gap"} & set(self.found("chain", "UPDATE k_helper SET capacity = capacity + 3 WHERE helper = ?", full)))
        self.found("places", "UPDATE k_pairing SET giver = ? WHERE _row IN (SELECT _row FROM k_pairing WHERE pair_level = 'household' LIMIT 12)", giver, name=giver)

    def test_prices(self):
        row, giver, price = self.one("SELECT _row, giver, price FROM k_pair_price WHERE price > 20 ORDER BY price DESC LIMIT 1")
        for value in (price - 1, price + 1, 0):
            codes = self.found("chain", "UPDATE k_pair_price SET price = ? WHERE _row = ?", value, row)
            self.assertTrue({"bound", "gap", "better"} & set(codes), codes)
            self.assertNotIn("value", codes)
        # without any price, some pair looks better than the one it has
        self.found("better", "UPDATE k_pair_price SET price = 0")
        self.found("better", "DELETE FROM k_pair_price WHERE _row = ?", row)
        self.found("price-wrong", "UPDATE k_pair_price SET price = -1 WHERE _row = ?", row, name=giver)
        self.found("price-unknown", "UPDATE k_pair_price SET giver = 'B9999999' WHERE _row = ?", row, name="B9999999")

    def test_costs(self):
        """What a pair costs: a fact of either side changes it."""
        need, giver = self.one("SELECT p.need, p.giver FROM k_pairing p JOIN k_helper h ON h.helper = p.giver WHERE h.skills <> '' LIMIT 1")
        self.assertTrue({"points", "value", "better"} & set(
            self.found("chain", "UPDATE k_helper SET skills = '' WHERE skills <> ''")))
        self.found("condition", "UPDATE k_household SET language = '02' WHERE household = ?", need, name=need)
        self.found("giver-unknown", "UPDATE k_helper SET end_date = start_date WHERE helper = ?", giver)

    def test_a_worse_pairing_that_agrees_with_itself(self):
        """Two households swap helpers and every sum is mended: feasible, but the prices know that it is not the best."""
        tried = 0
        pairs = sql(Tampered.kept, "SELECT _row, giver FROM k_pairing WHERE pair_level = 'household' ORDER BY need")
        for (a, one), (b, other) in zip(pairs[::9], pairs[5::9]):
            if one == other or tried == 6:
                continue
            copy_store(Tampered.kept, self.db)
            before = self.run_ok("pair", "heze.db", "--verify", "--json").numbers
            sql(self.db, "UPDATE k_pairing SET giver = ? WHERE _row = ?", other, a)
            sql(self.db, "UPDATE k_pairing SET giver = ? WHERE _row = ?", one, b)
            swapped = self.run_fails(3, "pair", "heze.db", "--verify", "--json").numbers
            self.assertGreaterEqual(swapped["value"], before["value"])
            if swapped["value"] == before["value"] or "reach" in [f["code"] for f in swapped["findings"]]:
                continue
            sql(self.db, "UPDATE k_pair_run SET value = ?, bound = ?", swapped["value"], swapped["bound"])
            codes = [f["code"] for f in self.run_fails(3, "pair", "heze.db", "--verify", "--json").numbers["findings"]]
            self.assertTrue({"gap", "better"} & set(codes), codes)
            tried += 1
        self.assertGreater(tried, 0)

    def test_the_record(self):
        for field in ("needs", "givers", "paired", "value", "bound"):
            self.found(field, f"UPDATE k_pair_run SET {field} = {field} + 1")
        self.found("record", "UPDATE k_pair_run SET value = NULL", name="value")
        self.found("record", "UPDATE k_pair_run SET facts_tx = 99", name="facts_tx")
        self.found("facts-root", "UPDATE k_pair_run SET facts_root = 'f00d'")
        self.found("pack", "UPDATE k_pair_run SET pack_hash = 'f00d'")
        self.found("facts", "UPDATE k_pair_run SET line = 1")


@needs_program
class Kilometres(ProofCase):
    """Distances by coordinates; steps where there are none."""
    office_without_helpers, helper = Small.office_without_helpers, Small.helper

    def places(self, where):
        self.give("where", ["area", "lng", "lat"], [[a, *p] for a, p in where.items()])

    def test_nearest_by_kilometres(self):
        self.office_without_helpers()
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        areas = rows_of(self.folder / "heze" / "areas.csv")
        inside = [a["area"] for a in areas if a["level"] == "village" and a["area"] != village and a["area"][:6] == village[:6]]
        other = [a for a in inside if a[:9] != village[:9]]
        same = [a for a in inside if a[:9] == village[:9]]
        here, near, far = (115.5, 35.0), (115.55, 35.02), (115.9, 35.2)
        self.places({village: here, other[0]: near, same[0]: far})
        self.give("helpers", HELPER, [self.helper("NEAR", other[0], 100), self.helper("FAR", same[0], 100), self.helper("DARK", same[1], 100),
                                      self.helper("DARKER", other[1], 100)])
        w = self.run_ok("pair", "heze.db", "--scope", village, "--why", homes[0], "--json").numbers
        got = {c["giver"]: c for c in w["choices"]}
        km = {"NEAR": round(haversine(here, near)), "FAR": round(haversine(here, far))}
        self.assertEqual({k: got[k]["km"] for k in km}, km)
        self.assertLess(km["NEAR"], 10)
        for k, d in km.items():  # ten points a kilometre, whatever the town
            self.assertEqual({t: v for t, v in got[k]["terms"].items() if t in ("distance", "same_town", "same_county")}, {"distance": 10 * d})
        # what is not known is a step, never near
        self.assertEqual((got["DARK"]["terms"]["same_town"], got["DARKER"]["terms"]["same_county"]), (100, 400))
        self.assertNotIn("km", got["DARK"])
        r = self.pair("--scope", village, "--keep", "--list")
        self.assertEqual(r["pairs"][0]["giver"], "NEAR")
        self.checks_out()
        self.assertEqual(len({self.pair("--scope", village, "--candidates", n, "--date", "2017-01-02")["value"] for n in (1, 2, 24)}), 1)

    def test_the_lists_do_not_matter_with_coordinates(self):
        """Some villages with coordinates, some without: the optimum over all pairs is one, and proven."""
        self.take(2000)
        villages = [a["area"] for a in rows_of(self.folder / "heze" / "areas.csv") if a["level"] == "village"]
        self.places({a: (f"{115 + k * 37 % 101 / 100:.2f}", f"{34.8 + k * 53 % 97 / 120:.3f}") for k, a in enumerate(villages) if k % 10 < 7})
        found = [self.pair("--candidates", n) for n in (1, 24, 10000)]
        self.assertEqual({(r["value"], r["over_all_within_reach"]) for r in found}, {(found[0]["value"], True)})
        self.assertGreater(len({r["rounds"] for r in found}), 1)
        self.pair("--keep")
        self.assertEqual(self.checks_out()["value"], found[0]["value"])

    def test_minutes(self):
        self.office_without_helpers()
        areas = rows_of(self.folder / "heze" / "areas.csv")
        counties = [a["area"] for a in areas if a["level"] == "county"][:3]
        side = lambda key, which, area: [key, "town", which, f"{key} (made up)", area, 1, "", "", "", ""]
        self.give("partners", PARTNER, [side("N1", "needs", counties[0]), side("G1", "gives", counties[1]), side("G2", "gives", counties[2]),
                                        side("G3", "gives", "")])
        self.give("travels", ["travel", "from_area", "to_area", "hours"], [["a", counties[0], counties[1], 1.5], ["b", counties[2], counties[0], 0.5],
                                                                          ["c", counties[2], counties[0], 3]])
        w = self.run_ok("pair", "heze.db", "--level", "town", "--why", "N1", "--json").numbers
        self.assertEqual({c["giver"]: (c.get("minutes"), c["terms"]["distance"]) for c in w["choices"]},
                         {"G1": (90, 15), "G2": (30, 5), "G3": (None, 100)})
        self.assertEqual(self.pair("--level", "town", "--keep", "--list")["pairs"][0]["giver"], "G2")
        self.checks_out("--level", "town")
        bad = self.give("travels", ["travel", "from_area", "to_area", "hours"], [["d", counties[0], counties[1], -5]], code=3)
        self.assertIn("-5", bad.out)

    def test_wrong_coordinates(self):
        self.office_without_helpers()
        village = next(iter(self.villages()))
        self.give("helpers", HELPER, [self.helper("A", village, 9)])
        self.give("where", ["area", "lng"], [[village, 115.5]])
        r = self.run_fails(3, "pair", "heze.db")
        self.assertIn(village, r.err)
        self.assertIn("latitude", r.err)
        self.assertIn("999", self.give("where2", ["area", "lng", "lat"], [[village, 999, 35]], code=3).out)


@needs_program
class Refused(PairCase):
    """Bad input: said clearly, nothing half-written."""
    office_without_helpers, helper = Small.office_without_helpers, Small.helper
    PAIRING = ["pair_level", "need", "giver", "area", "since"]

    def setUp(self):
        super().setUp()
        self.office_without_helpers()
        self.village, self.homes = max(self.villages().items(), key=lambda v: len(v[1]))

    def ledger(self, *rows, code=0):
        return self.give("pairings", self.PAIRING, [["household", n, g, self.village, since] for n, g, since in rows], code)

    def test_two_helpers_at_once(self):
        self.give("helpers", HELPER, [self.helper("A", self.village), self.helper("B", self.village)])
        for twice in ([(self.homes[0], "A", DAY), (self.homes[0], "B", "2017-01-05")], [(self.homes[0], "A", DAY)] * 2):
            r = self.ledger(*twice, code=3)
            doubles = [e for e in r.numbers["events"] if e["what"] == "duplicate key"]
            self.assertEqual((len(doubles), self.homes[0] in doubles[0]["key"]), (1, True), r)

    def test_unknown_helper_and_household(self):
        self.give("helpers", HELPER, [self.helper("A", self.village, 100)])
        self.ledger((self.homes[0], "NOBODY", DAY), ("H-none", "A", DAY), (self.homes[1], "A", DAY))
        r = self.pair("--list")
        self.assertEqual((r["givers_unknown"], r["succession"], r["kept"]), (1, 1, 1))
        self.assertIn("NOBODY", self.run_ok("pair", "heze.db").err)
        # the pair of a household that is not there ends with the next keeping
        self.assertEqual(self.pair("--keep", "--date", "2017-01-10")["ended"], 1)
        self.assertEqual(self.pair("--date", "2017-01-11")["ended"], 0)

    def test_dates_reversed(self):
        self.give("helpers", HELPER, [self.helper("A", self.village, 100), self.helper("X", self.village, 100, start="2016-09-01", end="2016-08-01")])
        for lang, words in (("en", "the end date is before the start date"), ("zh", "结束日期早于开始日期")):
            r = self.run_fails(3, "pair", "heze.db", "--keep", "--lang", lang)
            self.assertIn(words, r.err)
            self.assertIn("X", r.err)
        self.give("mend", ["helper", "end_date"], [["X", "2017-08-01"]])
        self.assertEqual(self.pair()["givers"], 2)

    def test_a_day_before_the_pairs(self):
        self.give("helpers", HELPER, [self.helper("A", self.village, 3), self.helper("B", self.village, 3)])
        self.pair("--keep", "--date", "2017-05-01")
        before = self.head()
        r = self.run_fails(3, "pair", "heze.db", "--keep", "--date", "2017-03-01")
        self.assertIn("2017-05-01", r.err)
        self.assertEqual(self.head(), before)

    def test_an_empty_store(self):
        self.empty_store("none.db")
        self.assertIn("import", self.run_fails(3, "pair", "none.db").err)

    def test_capacity(self):
        self.assertIn("-3", self.give("helpers", HELPER, [self.helper("A", self.village, -3)], code=3).out)
        self.assertIn("many", self.give("helpers", HELPER, [self.helper("A", self.village, "many")], code=3).out)
        self.run_fails(3, "pair", "heze.db")


@needs_program
class Shown(PairCase):
    """`yaoshi show`: who helps a household, whom a helper helps, who of an area has nobody."""

    def show(self, key, *how):
        return self.run_ok("show", "heze.db", key, "--json", *how).numbers

    def test_household_helper_and_what_was_handed_over(self):
        self.take(1000)
        first = self.pair("--keep", "--list")
        who = Counter(p["giver"] for p in first["pairs"]).most_common(1)[0][0]
        homes = sorted(p["need"] for p in first["pairs"] if p["giver"] == who)
        helper = {h["helper"]: h for h in rows_of(self.folder / "heze" / "helpers.csv")}[who]
        card = self.show(homes[0])
        self.assertEqual([(p["level"], p["giver"], p["since"], p["reason"], p["before"], p["unit"]) for p in card["pairings"]],
                         [("household", who, DAY, "new", None, helper["unit"])])
        self.assertEqual(card["pairings"][0]["giver_name"], helper["name"][0] + "*" * (len(helper["name"]) - 1))
        self.assertNotIn(helper["name"], self.run_ok("show", "heze.db", homes[0]).out)
        self.assertIn(helper["name"], self.run_ok("show", "heze.db", homes[0], "--unmask").out)
        page = self.show(who)
        self.assertEqual((page["giver"], page["kind"], page["places"], page["masked"]), (who, "helper", int(helper["capacity"]), True))
        self.assertEqual(sorted(p["need"] for p in page["pairings"]), homes)
        self.assertEqual(page["handed_over"], [])
        self.assertNotIn(helper["phone"], self.run_ok("show", "heze.db", who).out)
        # the helper leaves: everything is handed over, and both pages say to whom and from whom
        self.give("helpers", ["helper", "end_date"], [[who, "2016-12-30"]])
        after = {p["need"]: p["giver"] for p in self.pair("--keep", "--list", "--date", "2017-01-10")["pairs"]}
        page = self.show(who)
        self.assertEqual(page["pairings"], [])
        self.assertEqual({p["need"]: (p["giver"], p["reason"], p["before"]) for p in page["handed_over"]},
                         {n: (after[n], "succession", who) for n in homes})
        card = self.show(homes[0])
        self.assertEqual([(p["giver"], p["from"], p["to"]) for p in card["pairing_history"]],
                         [(who, DAY, "2017-01-10"), (after[homes[0]], "2017-01-10", None)])
        text = self.run_ok("show", "heze.db", homes[0], "--lang", "zh").out
        self.assertIn("结对", text)
        self.assertIn("接任", text)

    def test_area(self):
        self.take(2000)
        village, homes = max(self.villages().items(), key=lambda v: len(v[1]))
        county = village[:6] + "000000"
        self.assertEqual(self.show(county)["pairing_levels"], [])  # nobody was ever paired: nobody is missing
        helper = {h["helper"]: h["area"] for h in rows_of(self.folder / "heze" / "helpers.csv")}
        self.pair("--keep", "--scope", village)
        self.pair("--keep", "--level", "county")
        page = self.show(county)
        levels = {x["level"]: x for x in page["pairing_levels"]}
        of_county = [h for v, keys in self.villages().items() for h in keys if v[:6] == village[:6]]
        self.assertEqual((levels["household"]["needs"], levels["household"]["paired"]), (len(of_county), len(homes)))
        self.assertEqual(sorted(levels["household"]["not_paired"]), sorted(set(of_county) - set(homes))[:1000])
        self.assertEqual([(p["level"], p["need"]) for p in page["pairings"]], [("county", f"N-county-{county}")])
        self.assertEqual(self.show(village)["pairing_levels"][0]["paired"], len(homes))
        self.assertIn("not paired", self.run_ok("show", "heze.db", county).out)
        self.assertTrue(helper)

    def test_regions(self):
        """The one pairing that is a fact is kept as it was, and found."""
        self.take(1000)
        r = self.pair("--level", "region", "--list")
        self.assertEqual({p["need"]: (p["giver"], p["reason"]) for p in r["pairs"]}["N-region-371700000000"], ("G-region-370200", "kept"))
        self.assertEqual((r["needs"], r["unassigned"], r["optimal"]), (3, 0, True))
        page = self.show("G-region-370200")
        self.assertEqual([(p["need_name"], p["since"]) for p in page["pairings"]], [("菏泽市", "2016-08-16")])
        self.assertEqual(page["facts"]["name"]["value"], "青岛市")
        self.assertIsNone(page["facts"]["funds"]["value"])  # nobody published them: they are not invented

    def test_seven_hours_by_road(self):
        """With the areas and the road of the example of 2016 the pair of the regions is 420 minutes apart."""
        self.take(1000)
        example = ROOT / "examples" / "qingdao-heze-2016"
        self.give("cities", ["area", "level", "name"], [[a["area"], a["level"], a["name"]] for a in rows_of(example / "areas.csv")
                                                        if a["area"] == "370200000000"])
        self.give("travels", *(lambda rows: (list(rows[0]), [list(r.values()) for r in rows]))(rows_of(example / "travels.csv")))
        self.give("partners", ["partner", "area"], [["G-region-370200", "370200000000"]])
        w = self.run_ok("pair", "heze.db", "--level", "region", "--why", "N-region-371700000000", "--json").numbers
        of = {c["giver"]: c for c in w["choices"]}
        self.assertEqual((of["G-region-370200"]["minutes"], of["G-region-370200"]["terms"]["distance"]), (420, 70))
        self.assertEqual(of["G-region-01"]["terms"]["distance"], 100)

    def test_nobody(self):
        self.take(1000)
        self.assertIn("helper", self.run_fails(3, "show", "heze.db", "B-none").err)


@needs_program
class OnPostgres(PairCase):
    """Pairing, succession and the proof on a server give what they give on SQLite."""

    def through_a_server(self):
        script = ROOT / "tools" / "with_postgres.sh"
        r = subprocess.run([script, "/usr/bin/python3", "-m", "unittest", "tests.pair_proof.OnPostgres"], cwd=ROOT,
                           env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if r.returncode == 77:
            self.skipTest(r.stdout.strip().splitlines()[-1])
        self.assertEqual(r.returncode, 0, r.stdout)

    def test_the_same_pairs(self):
        url = os.environ.get("YAOSHI_TEST_PG")
        if not url:
            self.through_a_server()
            return
        self.take(1000)
        key = ("--key", "heze.db.key")
        self.run_ok("init", url, "--pack", "cn-2016", *key)
        self.run_ok("import", url, "heze", "--apply", "--valid-from", DAY, *key)

        def both(*words):
            out = [{k: v for k, v in self.run_ok(words[0], db, *words[1:], "--json", *key).numbers.items() if not k.startswith("seconds")}
                   for db in ("heze.db", url)]
            self.assertEqual(out[0], out[1], words)
            return out[0]
        first = both("pair", "--keep", "--list")
        who = Counter(p["giver"] for p in first["pairs"]).most_common(1)[0][0]
        (self.folder / "left.csv").write_text(f"helper,end_date\n{who},2016-12-30\n")
        for db in ("heze.db", url):
            self.run_ok("import", db, "left.csv", "--apply", "--valid-from", DAY, *key)
        left = both("pair", "--keep", "--list", "--date", "2017-01-10")
        self.assertGreater(left["succession"], 0)
        self.assertEqual(len(both("show", who)["handed_over"]), left["succession"])
        self.assertEqual(both("pair", "--verify")["ok"], True)
        both("pair", "--level", "county", "--keep")
        both("pair", "--verify", "--level", "county")
        both("show", left["successions"][0]["need"])
        # a lie on the server is found too
        subprocess.run(["psql", "-q", url, "-c", "UPDATE k_pair_price SET price = 0"], check=True)
        lie = self.run_fails(3, "pair", url, "--verify", "--json", *key).numbers
        self.assertIn("better", [f["code"] for f in lie["findings"]])


if __name__ == "__main__":
    unittest.main()
