#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`yaoshi project evaluate`: the published figures from one file, the workbook beside the table, and tables that are wrong."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))
EXAMPLES = os.path.join(ROOT, "examples", "appraisal")
PLANT = "name,value,unit\nkind,pv,\ncapacity,100000,kWp\nyield,1250,kWh/kWp\ntariff,0.42,yuan/kWh\ncapex,4.5,yuan/W\nopex,0.055,yuan/W\n"
BANK = "debt_share,70,%\nhouseholds,4000,\n"
WORKSHOP = "name,value\nkind,industry\ngrant,1000000\n"


class Appraise(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_program(self, *args, lang="en"):
        env = {**os.environ, "YAOSHI_LANG": lang}
        return subprocess.run([PROGRAM, "project", "evaluate", *args], capture_output=True, text=True, env=env, cwd=self.folder.name, timeout=60)

    def write(self, text, name="p.csv"):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as f:
            f.write(text)
        return name

    def evaluate(self, text):
        r = self.run_program(self.write(text), "--json")
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def expected(self, text):
        return self.evaluate(text)["cases"][0]

    def refuse(self, text, *words, code=3):
        r = self.run_program(self.write(text))
        self.assertEqual(r.returncode, code, r.stdout + r.stderr)
        self.assertEqual(r.stdout, "")
        for w in words:
            self.assertIn(w, r.stderr)

    def test_the_published_plant(self):
        """100 MWp at 1,250 kWh/kWp: the figures every spreadsheet should find."""
        c = self.expected(PLANT + BANK)
        self.assertAlmostEqual(c["energy_sold"] / 1e6, 2944.4939, 4)
        self.assertAlmostEqual(c["npv"] / 1e6, 121.357761, 6)
        self.assertAlmostEqual(100 * c["irr"], 8.775907, 6)
        self.assertAlmostEqual(c["lcoe"], .34056577, 8)
        self.assertAlmostEqual(c["dscr_first"], 1.602, 3)
        self.assertAlmostEqual(c["dscr_pool_first"], 1.193, 3)
        for tariff, irr in ((.30, 4.462), (.35, 6.344), (.55, 12.923), (.85, 21.717)):
            got = self.expected(PLANT.replace("0.42", str(tariff)))["irr"]
            self.assertAlmostEqual(100 * got, irr, 3)

    def test_by_hand(self):
        """The same flows added up here."""
        d = self.evaluate(PLANT + BANK + "tariff_delayed,0.1,\n")
        energy = [1250e5 * .995 ** t for t in range(25)]
        npv = -4.5e8 + sum((e * .42 - .055e8) / 1.06 ** (t + 1) for t, e in enumerate(energy))
        self.assertAlmostEqual(d["cases"][0]["npv"], npv, 2)
        late = next(c for c in d["cases"] if c["name"] != "expected" and c["energy_sold"] == d["cases"][0]["energy_sold"])
        moved = sum(e * .1 * (1 / 1.06 ** (t + 1) - 1 / 1.06 ** (t + 2)) for t, e in enumerate(energy))
        self.assertAlmostEqual(late["npv"], npv - moved, 2)
        self.assertEqual(len(d["years"]), 25)
        self.assertAlmostEqual(sum(y["energy_sold"] for y in d["years"]), sum(energy), 2)
        self.assertAlmostEqual(d["years"][0]["debt"], 3.15e8 * .045 / (1 - 1.045 ** -15), 2)

    def test_months_of_heze(self):
        r = self.run_program(os.path.join(EXAMPLES, "pv-heze-months.csv"), "--json")
        d = json.loads(r.stdout)
        months = 69.4 + 81.1 + 121.1 + 149.0 + 173.7 + 170.4 + 152.9 + 143.6 + 120.6 + 103.1 + 75.5 + 64.3
        self.assertAlmostEqual(d["energy"]["energy_first_year"], 1000 * months * 1.1 * .8, 3)
        self.assertAlmostEqual(d["energy"]["energy_first_year_p90"], 1000 * months * 1.1 * .8 * (1 - 1.28 * .08), 3)

    def test_land_and_income(self):
        d = self.evaluate(PLANT + "land_mu,3000,\nland_households,900,\nland_rent,800,\nfarm_margin,1000,\nhousehold_size,2.5,\nhouseholds,4000,\n")
        self.assertAlmostEqual(d["land"]["mu_per_mw"], 30)
        self.assertAlmostEqual(d["land"]["net_each"], 3000 / 900 * (800 - 1000), 6)
        self.assertEqual([x["class"] for x in d["incomes"]][:2], ["transfer", "property"])
        self.assertAlmostEqual(d["incomes"][0]["each_person"], 1200)
        text = self.run_program(self.write(PLANT + "land_mu,3000,\nland_households,900,\nland_rent,800,\nfarm_margin,1000,\n")).stdout
        self.assertIn("who gave land loses", text)
        unknown = self.evaluate(PLANT + "land_mu,3000,\nland_households,900,\nland_rent,800,\n")["land"]
        self.assertIsNone(unknown["net_each"])

    def test_links(self):
        link = "link,order\nhouseholds,150\npoor,80\nquantity,3000\ncontract_price,2.4\nmarket_price,2.1\nown_input,300\ndefault_rate,8\n"
        d = self.evaluate(WORKSHOP + link)
        l = d["links"][0]
        self.assertAlmostEqual(l["expected"], 3000 * .3 * .92 - 300, 6)
        self.assertAlmostEqual(l["price"], 3000 * .3 * .75 * .92 - 300, 6)
        self.assertAlmostEqual(l["firm"], -300, 6)
        self.assertAlmostEqual(l["alive3"], .92 ** 3, 9)
        self.assertFalse(l["lifts"] or d["lifts"])
        self.assertAlmostEqual(d["score"]["cost_each"], 1000000 / 80, 6)
        d = self.evaluate(WORKSHOP + link + "guarantee,0\n" + "link,rent\nhouseholds,90\npoor,40\nrent,2400\nforgone,1950\nguarantee,100\n")
        self.assertTrue(d["links"][1]["lifts"])
        self.assertEqual(d["score"]["households"], 240)
        self.assertIsNone(d["score"]["poor_share"])

    def test_a_workbook_says_the_same(self):
        path = os.path.join(EXAMPLES, "pv-100mw.csv")
        with open(path, encoding="utf-8") as f:
            rows = list(csv.reader(f))
        self.assertGreater(len(rows), 20)
        target = os.path.join(self.folder.name, "p.xlsx")
        subprocess.run([sys.executable, os.path.join(ROOT, "bench", "table_to_xlsx.py"), path, target], check=True)
        self.assertEqual(self.run_program(path, "--json").stdout, self.run_program("p.xlsx", "--json").stdout)

    def test_template(self):
        for kind in ("pv", "industry"):
            for lang in ("en", "zh"):
                r = self.run_program("--template", kind, lang=lang)
                self.assertEqual(r.returncode, 0)
                rows = list(csv.reader(io.StringIO(r.stdout)))
                self.assertTrue(all(len(row) == 4 for row in rows), rows)
                self.write(r.stdout)
                self.assertIn("is missing", self.run_program("p.csv").stderr)  # the required ones are to be filled in
                fill = {"capacity": "100000", "tariff": ".42", "capex": "4.5", "opex": ".055", "yield": "1250", "grant": "5", "households": "10", "poor": "5"}
                with open(os.path.join(self.folder.name, "full.csv"), "w", encoding="utf-8", newline="") as f:
                    csv.writer(f).writerows([row[0], fill.get(row[0], row[1]), *row[2:]] for row in rows)
                full = self.run_program("full.csv", "--json")
                self.assertEqual(full.returncode, 0, full.stderr)
                if kind == "pv":
                    self.assertAlmostEqual(json.loads(full.stdout)["cases"][0]["npv"] / 1e6, 121.357761, 6)
        self.assertEqual(self.run_program("--template", "boat").returncode, 2)

    def test_wrong_tables(self):
        self.refuse("a,b\n1,2\n", "p.csv row 1", "name,value,unit")
        self.refuse("", "name,value")
        self.refuse("name,value\ncapacity,5\n", "p.csv row 2", "kind")
        self.refuse("name,value\nkind,boat\n", "p.csv row 2", "pv or industry", "boat")
        self.refuse(PLANT + "speed,5,\n", "p.csv row 8", "speed", "no such name")
        self.refuse(PLANT + "years,5.5,\n", "p.csv row 8", "whole")
        self.refuse(PLANT + "years,abc,\n", "p.csv row 8", "abc", "number")
        self.refuse(PLANT + "years,1e9,\n", "p.csv row 8", "between 1 and 60")
        self.refuse(PLANT + "years,nan,\n", "p.csv row 8", "number")
        self.refuse(PLANT + "discount,6,yuan\n", "p.csv row 8", "the unit of discount")
        self.refuse(PLANT + "capex,5,\n", "p.csv row 8", "twice", "row 6")
        self.refuse(PLANT.replace("opex,0.055,yuan/W\n", ""), "opex is missing")
        self.refuse(PLANT.replace("yield,1250,kWh/kWp\n", ""), "p.csv", "yield")
        self.refuse(WORKSHOP + "link,boat\n", "p.csv row 4", "boat")
        self.refuse(WORKSHOP + "link,job\nhouseholds,5\n", "poor is missing")
        self.refuse(WORKSHOP + "link,job\nhouseholds,5\nlink,rent\nhouseholds,5\npoor,1\n", "p.csv row 6", "poor is missing")
        self.refuse(WORKSHOP + "link,job\nhouseholds,5\npoor,1\n" * 65, "at most 64")
        self.refuse(PLANT + "link,job\n", "no such name")
        self.assertEqual(self.run_program("nowhere.csv").returncode, 3)
        self.assertEqual(self.run_program().returncode, 2)
        self.assertIn("单位应为", self.run_program(self.write(PLANT + "discount,6,yuan\n"), lang="zh").stderr)

    def test_examples(self):
        for name in sorted(os.listdir(EXAMPLES)):
            a = self.run_program(os.path.join(EXAMPLES, name), "--years")
            self.assertEqual(a.returncode, 0, a.stderr)
            self.assertEqual(a.stdout, self.run_program(os.path.join(EXAMPLES, name), "--years").stdout)


if __name__ == "__main__":
    unittest.main()
