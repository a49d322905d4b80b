# SPDX-License-Identifier: Apache-2.0
"""`yaoshi plan --compare`: the same money under simpler rules, checked, added up and told the same way everywhere; and prices in words."""
import csv
import io
from decimal import Decimal

from tests import DAY, Case, needs_program, rows_of, sql, write_rows

RULES = ["even", "declared", "greedy"]
MONEY = ["gap_closed", "money", "effect", "earned_effect", "root_absent", "root_unknown"]
COUNTS = ["cures", "households", "villages"]


def steady(told):
    """Without what may differ from run to run."""
    if isinstance(told, dict):
        return {k: steady(v) for k, v in told.items() if not k.startswith("seconds") and k != "version"}
    return [steady(v) for v in told] if isinstance(told, list) else told


@needs_program
class Compare(Case):

    def setUp(self):
        super().setUp()
        self.take(1000)

    def compared(self, *how):
        return self.run_ok("plan", "heze.db", "--passes", 60, "--compare", "all", "--json", *how).json

    def test_figures(self):
        told = self.compared()
        self.assertEqual([x["rule"] for x in told["compare"]], ["plan"] + RULES)
        plan = told["compare"][0]
        self.assertEqual(Decimal(plan["gap_closed"]) * 100, told["value"])
        amounts = {(f["fund"], int(f["period"])): Decimal(f["amount"]) for f in rows_of(self.folder / "heze" / "funds.csv")}
        for x in told["compare"]:
            for key in MONEY:
                self.assertEqual(sum(Decimal(a[key]) for a in x["areas"]), Decimal(x[key]), (x["rule"], key))
            for key in COUNTS:
                self.assertEqual(sum(a[key] for a in x["areas"]), x[key], (x["rule"], key))
            self.assertEqual(sum(Decimal(f["used"]) for f in x["funds"]), Decimal(x["money"]))
            for f in x["funds"]:
                self.assertEqual(Decimal(f["amount"]), amounts[f["fund"], f["year"]])
                self.assertLessEqual(Decimal(f["used"]), Decimal(f["amount"]))
            self.assertLessEqual(Decimal(x["root_absent"]) + Decimal(x["root_unknown"]), Decimal(x["money"]))
            self.assertAlmostEqual(float(x["earned_share"]), float(Decimal(x["earned_effect"]) / Decimal(x["effect"])), 6)
            self.assertGreater(x["households"], 0)
            if x is not plan:
                self.assertEqual((x["checked"], x["findings"]), (True, 0))
                self.assertLessEqual(x["cures"], told["tiers"][0]["bound"])
                # whoever spends next to nothing is no rival
                self.assertGreater(Decimal(x["money"]), Decimal("0.8") * Decimal(plan["money"]))
        # the plan's prices bound what any of them can do: it is not beaten in both tiers
        for x in told["compare"][1:]:
            self.assertFalse(x["cures"] >= plan["cures"] and Decimal(x["gap_closed"]) > Decimal(plan["gap_closed"]))
        self.assertEqual(len({x["gap_closed"] for x in told["compare"]}), 4)

    def test_same_again(self):
        one = self.compared("--dry-run", "--threads", 1)
        self.assertEqual(steady(one), steady(self.compared("--dry-run", "--threads", 3)))
        kept = self.compared()
        self.assertEqual(steady(one["compare"]), steady(kept["compare"]))
        log = self.head()
        for how in ((), ("--threads", 2)):
            again = self.run_ok("plan", "heze.db", "--compare", "all", "--version", kept["version"], "--json", *how).json
            self.assertEqual(again["version"], kept["version"])
            self.assertEqual(steady(again["compare"]), steady(kept["compare"]))
        self.assertEqual(self.head(), log)  # a kept plan is read, nothing is written
        some = self.run_ok("plan", "heze.db", "--compare", "greedy,even", "--version", kept["version"], "--json").json
        self.assertEqual([x["rule"] for x in some["compare"]], ["plan", "even", "greedy"])

    def test_tables(self):
        told = self.compared()
        how = ("plan", "heze.db", "--compare", "all", "--version", told["version"])
        table = list(csv.DictReader(io.StringIO(self.run_ok(*how, "--csv").out)))
        for x in told["compare"]:
            mine = [r for r in table if r["rule"] == x["rule"]]
            total, = [r for r in mine if r["sort"] == "total"]
            self.assertEqual((total["gap_closed"], total["money"], total["absent"], total["unknown"]),
                             tuple(x[k] for k in ("gap_closed", "money", "root_absent", "root_unknown")))
            self.assertEqual([int(total[k]) for k in COUNTS], [x[k] for k in COUNTS])
            self.assertEqual([(r["code"], r["money"]) for r in mine if r["sort"] == "area"],
                             [(a["area"], a["money"]) for a in x["areas"]])
            self.assertEqual([(r["code"], r["sort"], r["money"]) for r in mine if r["sort"].startswith("fund")],
                             [(f["fund"], f"fund {f['year']}", f["used"]) for f in x["funds"]])
        for lang, words in (("en", ["spread evenly", "by declared cause", "first come first served", "money off the root"]),
                            ("zh", ["平均铺开", "照卡上原因", "先来先得", "不对根的钱"])):
            r = self.run_ok(*how, "--lang", lang)
            for w in words:
                self.assertIn(w, r.out)
            for x in told["compare"]:
                self.assertIn(f"{Decimal(x['gap_closed']):,}", r.out)
            self.assertIn("checked independently" if lang == "en" else "独立核对通过", r.err)

    def test_floors_are_no_fault(self):
        """A rule that knows of no floor may miss one that the plan keeps: that is told, and is no finding."""
        told = self.compared("--dry-run")["compare"]
        more, area, least = max((a["cures"] - b["cures"], a["area"], b["cures"] + 1)
                                for a, b in zip(told[0]["areas"], told[3]["areas"]))
        self.assertGreater(more, 0)
        write_rows(self.folder / "floors.csv", ["floor", "area", "metric", "minimum"], [["A-cures", area, "cures", least]])
        self.run_ok("import", "heze.db", "floors.csv", "--apply", "--valid-from", DAY, "--json")
        again = self.compared("--dry-run")["compare"]
        self.assertEqual([x["findings"] for x in again[1:]], [0, 0, 0])
        self.assertEqual(again[3]["gap_closed"], told[3]["gap_closed"])
        self.assertEqual(again[3]["floors_unmet"], told[3]["floors_unmet"] + 1)

    def test_wrong_words(self):
        for bad in ("odd", "even,", "even;greedy", "", "EVEN"):
            r = self.run_fails(2, "plan", "heze.db", "--compare", bad)
            self.assertIn("even, declared, greedy", r.err)
        for other in (["--verify"], ["--set", "param:discount=0.1"], ["--curve", "fund:HZ/2016"]):
            self.assertIn("--compare", self.run_fails(2, "plan", "heze.db", "--compare", "even", *other).err)
        self.assertEqual(self.head()[0], 1)  # nothing was planned
        self.assertIn("P0009", self.run_fails(3, "plan", "heze.db", "--compare", "even", "--version", "P0009").err)


@needs_program
class Prices(Case):
    """Every price that is stored is told, with what it means."""

    def test_in_words(self):
        self.take(1000)
        told = self.run_ok("plan", "heze.db", "--passes", 60, "--json").json
        shift, couple = sql(self.folder / "heze.db", "SELECT shift_2, couple_price FROM k_plan")[0]
        stored = {(sort, name, year): price / 2 ** shift for sort, name, year, price in sql(
            self.folder / "heze.db", "SELECT resource, name, period, price_2 FROM k_price WHERE price_2 > 0")}
        listed = {(p["resource"], p["name"], p.get("year", 0)): p for p in told["prices"] if p["resource"] != "couple"}
        self.assertEqual(set(listed), set(stored))
        self.assertGreater(len(stored), 5)
        for key, p in listed.items():
            self.assertAlmostEqual(float(p["closes"]), stored[key] / (1 if key[0] == "fund" else 100), delta=1e-6 * stored[key])
            self.assertIn("closes" if key[0] != "floor" else "takes", p["en"])
            self.assertIn("缺口", p["zh"])
            shown = float(p["closes"])
            self.assertIn(f"{shown:,.2f}" if shown < 100 else f"{int(shown + 0.5):,}", p["en"])
            self.assertNotIn("%", p["en"] + p["zh"])
        for sort in ("fund", "capacity"):  # a shopping list: the dearest first
            mine = [float(p["closes"]) for p in told["prices"] if p["resource"] == sort]
            self.assertEqual(mine, sorted(mine, reverse=True))
        law = [p for p in told["prices"] if p["resource"] == "couple"]
        self.assertEqual(len(law), couple > 0)
        if couple > 0:
            self.assertAlmostEqual(float(law[0]["closes"]), couple / 2 ** shift / 100, delta=1e-6 * couple / 2 ** shift)
            self.assertIn("last statutory deprivation", law[0]["en"])
        en, zh = (self.run_ok("plan", "heze.db", "--passes", 60, "--dry-run", "--lang", lang) for lang in ("en", "zh"))
        dearest = next(p for p in told["prices"] if p["resource"] == "fund")
        self.assertIn(f"{float(dearest['closes']):,.2f}", en.out)
        self.assertIn("law coming first", en.err)
        self.assertIn("法定保障优先", zh.err)
        self.run_ok("export", "heze.db", "--what", "prices", "-o", "prices.csv", "--lang", "en")
        text = (self.folder / "prices.csv").read_text(encoding="utf-8-sig")
        self.assertIn(dearest["en"].replace('"', '""'), text)
        if couple > 0:
            self.assertIn(law[0]["en"], text)
