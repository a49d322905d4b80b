# SPDX-License-Identifier: Apache-2.0
"""Real inputs through the whole program, against figures that others published.

    YAOSHI=build/yaoshi YAOSHI_PACKS=packs /usr/bin/python3 -m unittest -v tests.real_inputs

The surveys are not part of this repository: YAOSHI_SHARED names the folder that has data/surveys (default: ../shared
beside the repository); without it the tests on surveys are skipped, and say so.
"""
import functools
import os
import unittest
from pathlib import Path

from tests import KEY, PACKS, ROOT, Case, needs_program, rows_of, write_rows

SHARED = Path(os.environ.get("YAOSHI_SHARED", ROOT.parent / "shared"))
SURVEYS = SHARED / "data" / "surveys"
EUSILC = SURVEYS / "eusilc" / "eusilc.csv"
BURKINA = SURVEYS / "burkina_hillebrecht"

REGIONS = {"Burgenland": ("AT11", .1393626977), "Lower Austria": ("AT12", .1096696919), "Vienna": ("AT13", .1384907644),
           "Carinthia": ("AT21", .0973608404), "Styria": ("AT22", .1058944543), "Upper Austria": ("AT31", .0867112769),
           "Salzburg": ("AT32", .1186246398), "Tyrol": ("AT33", .1340691640), "Vorarlberg": ("AT34", .1289457448)}


def needs(path):
    return unittest.skipUnless(path.exists(), f"no {path.name}: YAOSHI_SHARED names no folder with data/surveys")


class Survey(Case):
    pack = None

    def near(self, value, published, places, what=""):
        """Equal to a published figure in all its decimals."""
        self.assertLessEqual(abs(value - published), 0.5000001 * 10 ** -places, f"{what}: {value}, published {published}")

    def store(self, table, pack):
        (self.folder / "survey.db.key").write_text(KEY)
        self.run_ok("init", "survey.db", "--pack", pack)
        return self.run_ok("import", "survey.db", table, "--apply", "--valid-from", "2007-01-01", "--json").json


@needs_program
@needs(EUSILC)
class Eusilc(Survey):
    """14,827 persons in 6,000 households; figures of R's laeken, convey and survey."""

    @functools.cached_property
    def straight(self):
        return self.run_ok("measure", "--csv", EUSILC, "--income", "eqIncome", "--weight", "rb050", "--line", "10000", "--by",
                           "db040", "--cluster", "db030", "--strata", "db040", "--json").numbers

    def test_published_figures_from_the_csv(self):
        m = self.straight
        self.assertEqual(m["rows"], 14827)
        self.near(m["weight"], 8182222, 3)
        for name, value, places in (("fgt0", .1144401292, 10), ("fgt1", .0320854180, 10), ("fgt2", .0161893530, 10),
                                    ("arpt", 10859.236, 3), ("arpr", .1444421817, 10), ("gini", .2648961921, 10),
                                    ("s80s20", 3.9700043260, 10), ("rmpg", .1892859682, 10), ("sst", .0622805572, 10),
                                    ("sen", .0476532148, 10), ("gini_poor", .1890334704, 10)):
            self.near(m[name], value, places, name)
        self.near(100 * m["arpr"], 14.44422, 5, "ARPR in per cent")

    def test_published_standard_errors(self):
        se = self.straight["se"]
        for name, value in (("fgt0", .0045021077), ("fgt1", .0016677976), ("fgt2", .0011192004), ("arpr", .0047595428),
                            ("gini", .0030823516)):
            self.near(se[name], value, 10, name)
        self.near(se["arpt"], 87.9470857, 7, "arpt")
        self.assertEqual(se["df"], 6000 - 9)

    def test_published_regions(self):
        found = {g["group"]: g["fgt0"] for g in self.straight["groups"]}
        self.assertEqual(set(found), set(REGIONS))
        for name, (_, value) in REGIONS.items():
            self.near(found[name], value, 10, name)

    def test_import_measure_diagnose(self):
        told = self.store(EUSILC, "at-eusilc")
        self.assertTrue(told["applied"])
        self.assertEqual((told["invalid"], told["duplicates"], told["orphans"]), (0, 0, 0))
        self.assertTrue(any("the pack's mapping.json" in e.get("en", "") for e in told["events"]))
        again = self.run_ok("import", "survey.db", EUSILC, "--apply", "--valid-from", "2007-01-01", "--json").json
        self.assertEqual((again["new"], again["changed"], again["unchanged"]), (0, 0, told["new"]))
        m = self.run_ok("measure", "survey.db", "--by", "region", "--json").numbers
        self.assertEqual(m["rows"], 6000)  # households, each with its weight times its members
        for name in ("fgt0", "fgt1", "fgt2", "arpr", "gini"):
            # Incomes went through household ledgers in whole cents.
            self.assertAlmostEqual(m[name], self.straight[name], delta=1e-8, msg=name)
        by_code = {g["group"]: g["fgt0"] for g in m["groups"]}
        for code, value in REGIONS.values():
            self.near(by_code[code], value, 10, code)
        d = self.run_ok("diagnose", "survey.db", "--by", "region", "--json").numbers
        # The survey has no rigid spending: those with a gap are those below the line.
        self.assertEqual(d["households"], m["poor_rows"])
        self.assertEqual(sum(r["households"] for r in d["roots"].values()), d["households"])
        self.assertEqual(sum(r["persons"] for r in d["roots"].values()), d["persons"])
        self.assertEqual(sum(a["households"] for a in d["areas"]), d["households"])
        homes = {r["db030"]: (int(r["hsize"]), float(r["eqIncome"])) for r in rows_of(EUSILC)}
        poor = [(n, y) for n, y in homes.values() if y < 10000]
        self.assertEqual((d["households"], d["persons"]), (len(poor), sum(n for n, _ in poor)))
        # Each ledger line was rounded to a cent.
        self.assertAlmostEqual(d["gap"], sum(n * (10000 - y) for n, y in poor), delta=0.05 * len(poor))

    def test_plan_with_an_illustrative_catalogue(self):
        self.store(EUSILC, "at-eusilc")
        write_rows(self.folder / "funds.csv", ["fund", "period", "name", "amount"], [["F1", 2007, "Illustrative fund", 1500000]])
        write_rows(self.folder / "offerings.csv", ["offering", "measure", "area", "period", "capacity", "fund_a", "share_a"],
                   [[f"O{i}", m["measure"], "AT", 2007, 60, "F1", 1]
                    for i, m in enumerate(rows_of(Path(PACKS) / "at-eusilc" / "measures.csv"))])
        self.run_ok("import", "survey.db", "funds.csv", "offerings.csv", "--apply", "--valid-from", "2007-01-01")
        p = self.run_ok("plan", "survey.db", "--json").numbers
        self.assertGreater(p["households"], 0)
        self.assertGreater(p["value"], 0)
        self.assertLessEqual(p["value"], p["bound"])
        self.run_ok("plan", "survey.db", "--verify")


@needs_program
@needs(BURKINA / "hillebrecht.csv")
class Burkina(Survey):
    """1,262 household interviews of 62 communities in Burkina Faso; figures of R's lm and of the oracle files."""

    def test_proxy_means(self):
        proxies = ",".join(r["Name"] for r in rows_of(BURKINA / "hillebrecht_variables.csv") if r["Order"])
        oracle = {(r["measure"], r["rate"]): r["value"] for r in rows_of(BURKINA / "oracle_hillebrecht_all_targeting.csv")}
        for rate in ("0.2", "0.3", "0.4"):
            r = self.run_ok("rank", "--csv", BURKINA / "hillebrecht.csv", "--income", "consumption", "--proxies", proxies,
                            "--log", "--rate", rate, "--json").numbers
            self.assertEqual(str(r["used"]), oracle["n", "NA"])
            self.near(r["r2"], .328551, 6)
            for name, column in (("r2", "R2"), ("r2_adjusted", "adjR2"), ("sigma", "sigma")):
                self.assertAlmostEqual(r[name], float(oracle[column, "NA"]), delta=1e-10, msg=name)
            # Rows with the same proxies have the same score here; in R their last bits differ, and with them the ties.
            self.assertAlmostEqual(r["spearman"], float(oracle["spearman", "NA"]), delta=1e-6)
            self.assertEqual(str(r["selected"]), oracle["k_selected", rate])
            self.assertEqual(str(r["hits"]), oracle["TP", rate])
            for name, column in (("exclusion_error", "exclusion_error_undercoverage"),
                                 ("inclusion_error", "inclusion_error_leakage"), ("specificity", "specificity"), ("auc", "AUC")):
                self.assertAlmostEqual(r[name], float(oracle[column, rate]), delta=1e-10, msg=name)
        coef = {t["term"]: (t["coef"], t["se"]) for t in r["terms"]}
        for row in rows_of(BURKINA / "oracle_hillebrecht_all_ols_coef.csv"):
            name = row["term"].replace("(Intercept)", "(constant)")
            self.assertAlmostEqual(coef[name][0], float(row["coef"]), delta=1e-9, msg=name)
            self.assertAlmostEqual(coef[name][1], float(row["se"]), delta=1e-9, msg=name)
        said = self.run_ok("rank", "--csv", BURKINA / "hillebrecht.csv", "--income", "consumption", "--proxies", "rooms")
        self.assertIn("never decides", said.err)

    def test_ranking(self):
        r = self.run_ok("rank", "--csv", BURKINA / "hillebrecht.csv", "--income", "consumption", "--proxies", "rooms,radio",
                        "--log", "--id", "hhid", "--list", "5000", "--json").numbers["ranked"]
        self.assertEqual(len(r), 1246)
        self.assertEqual([x["score"] for x in r], sorted(x["score"] for x in r))
        source = rows_of(BURKINA / "hillebrecht.csv")
        for x in r:
            self.assertEqual(x["id"], source[x["row"] - 2]["hhid"])
            self.assertEqual(x["income"], float(source[x["row"] - 2]["consumption"]))

    def test_rank_says_what_is_wrong(self):
        table = BURKINA / "hillebrecht.csv"
        self.run_fails(2, "rank", "--csv", table)
        self.assertIn("no such column", self.run_fails(3, "rank", "--csv", table, "--income", "x", "--proxies", "rooms").err)
        twice = self.run_fails(3, "rank", "--csv", table, "--income", "consumption", "--proxies", "rooms,radio,rooms").err
        self.assertIn("rooms", twice)
        self.run_fails(2, "rank", "--csv", table, "--income", "consumption", "--proxies", "rooms", "--rate", "1.5")

    def test_import(self):
        told = self.store(BURKINA / "hillebrecht.csv", "bf-hillebrecht")
        self.assertEqual((told["invalid"], told["duplicates"], told["orphans"]), (0, 0, 0))
        source = rows_of(BURKINA / "hillebrecht.csv")
        communities = {r["community"] for r in source}
        wanted = (1 + 2 * len(communities) + len(source) + sum(int(r["hhsize"]) for r in source) +
                  sum(float(r["consumption"]) > 0 for r in source))
        self.assertEqual(told["new"], wanted)  # country, areas, villages, households, members, ledger lines
        m = self.run_ok("measure", "survey.db", "--json").numbers
        self.assertEqual(m["rows"], len(source))
        line, poor, persons = float(m["line"]), 0, 0
        for r in source:
            n = int(r["hhsize"])
            persons += n
            poor += n if round(float(r["consumption"]) * n * 12) < line * n else 0
        self.assertAlmostEqual(m["fgt0"], poor / persons, delta=1e-12)
        d = self.run_ok("diagnose", "survey.db", "--by", "community", "--json").numbers
        self.assertGreater(d["households"], 0)


@needs_program
class RankSmall(Case):
    """The command that ranks, on a table whose answer is plain: income is 100 + 10 a - 5 b, without error."""

    def test_exact(self):
        rows = [[f"H{i}", 100 + 10 * (i % 7) - 5 * (i % 3), i % 7, i % 3] for i in range(20)]
        rows += [["no income", "", 1, 1], ["no proxy", 5, "NA", 1]]
        write_rows(self.folder / "t.csv", ["id", "y", "a", "b"], rows)
        r = self.run_ok("rank", "--csv", "t.csv", "--income", "y", "--proxies", "a, b", "--rate", "0.25", "--id", "id",
                        "--list", "2", "--json").numbers
        self.assertEqual((r["rows"], r["used"], r["selected"], r["hits"]), (22, 20, 5, 5))
        self.assertAlmostEqual(r["r2"], 1, delta=1e-12)
        for term, want in zip(r["terms"], (("(constant)", 100), ("a", 10), ("b", -5))):
            self.assertEqual(term["term"], want[0])
            self.assertAlmostEqual(term["coef"], want[1], delta=1e-9)
        self.assertEqual([x["id"] for x in r["ranked"]], ["H14", "H7"])  # 90 and 95
        write_rows(self.folder / "bad.csv", ["y", "a"], [[1, 2], [3, "many"], [5, 6]])
        e = self.run_fails(3, "rank", "--csv", "bad.csv", "--income", "y", "--proxies", "a", "--json").json["error"]
        self.assertIn("not a number", e["en"])
        self.assertIn("row 3", self.run_fails(3, "rank", "--csv", "bad.csv", "--income", "y", "--proxies", "a").err)


@needs_program
class Ledger(Case):
    """One household of 牡丹区 in 2018-10/2019-09 as it was published: 30,844.4 yuan, five persons, 6,168.88 a head."""

    LINES = (("生产经营", "4500"), ("低保", "9960"), ("困难残疾人生活补贴", "1155"), ("养老金", "1536"), ("打工", "4400"),
             ("transfer_other", "9293.4"))  # what was not published is one remainder line

    def test_ledger(self):
        self.empty_store()
        write_rows(self.folder / "areas.csv", ["area", "level", "name"], [["371702000000", "county", "牡丹区"]])
        write_rows(self.folder / "户.csv", ["户编号", "地区编码"], [["M1", "371702000000"]])
        write_rows(self.folder / "persons.csv", ["person", "household"], [[f"M1-{i}", "M1"] for i in range(1, 6)])
        write_rows(self.folder / "incomes.csv", ["household", "period", "line", "amount"],
                   [["M1", "2018-10/2019-09", line, amount] for line, amount in self.LINES])
        self.run_ok("import", "heze.db", "areas.csv", "户.csv", "persons.csv", "incomes.csv", "--apply")
        m = self.run_ok("measure", "heze.db", "--period", "2018-10/2019-09", "--line", "2019", "--json").numbers
        self.assertEqual((m["register_households"], m["register_persons"], m["register_poor_persons"]), (1, 5, 0))
        self.assertIsNone(m["mean"])  # a register of one household says nothing of a mean
        write_rows(self.folder / "户.csv", ["户编号", "样本框"], [["M1", "sample"]])
        self.run_ok("import", "heze.db", "户.csv", "--apply")
        m = self.run_ok("measure", "heze.db", "--period", "2018-10/2019-09", "--line", "2019", "--json").numbers
        self.assertEqual((m["mean"], m["population"], m["fgt0"]), (6168.88, 5, 0))
        r = self.run_fails(3, "measure", "heze.db", "--period", "2018", "--line", "2019")
        self.assertIn("2018-10/2019-09", r.err)  # says which periods the ledger has


if __name__ == "__main__":
    unittest.main()
