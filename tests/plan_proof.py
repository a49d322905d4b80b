# SPDX-License-Identifier: Apache-2.0
"""`yaoshi plan --verify`: an honest plan checks out under every setting, and every lie is found by its name.

A store of 1,000 synthetic persons is planned once; each test changes one cell of a copy behind the program's back
(docs/store.md says how the rows lie) and looks for the code of the finding and the exit code.
"""
import re
import unittest

from tests import DAY, Case, copy_store, must, needs_program, office, rows_of, sql, write_rows

CHECKS = ["record", "pack", "chain", "facts", "choices", "limits", "floors", "values", "bounds"]
LIVE = "_tx_to IS NULL"


class Checking(Case):
    def checks_out(self, *how):
        made = self.run_ok("plan", "heze.db", "--passes", 60, "--json", *how).numbers
        r = self.run_ok("plan", "heze.db", "--verify", "--json").numbers
        self.assertEqual((r["ok"], r["findings"], r["findings_total"]), (True, [], 0))
        self.assertEqual([(c["check"], c["carried_out"], c["findings"]) for c in r["checks"]], [(c, True, 0) for c in CHECKS])
        self.assertEqual((r["version"], r["households"], r["options"]), (made["version"], made["households"], made["options"]))
        for mine, theirs in zip(r["tiers"], made["tiers"]):
            self.assertEqual((mine["stored_value"], mine["stored_bound"]), (theirs["value"], theirs["bound"]))
            self.assertEqual((mine["bound"], mine["overlap"]), (theirs["bound"], theirs["overlap"]))
        self.assertEqual(r["tiers"][1]["value"], made["value"])
        self.assertGreater(r["choices"], 0)
        return made, r

    def change(self, name, header, rows):
        """Import a few cells; blank ones stay as they are."""
        write_rows(self.folder / f"{name}.csv", header, rows)
        done = self.run_ok("import", "heze.db", f"{name}.csv", "--apply", "--valid-from", DAY, "--json").numbers
        self.assertEqual(done["applied"], True)


@needs_program
class Honest(Checking):
    """What the planner keeps, the checker must accept: the two know the model only from its description."""

    def test_settings(self):
        self.take(1000)
        plain, _ = self.checks_out()
        squared, _ = self.checks_out("--alpha", 2)
        earlier, _ = self.checks_out("--year", 2015)
        higher, _ = self.checks_out("--line", 2014)
        self.assertEqual(len({r["value"] for r in (plain, squared, earlier, higher)}), 4)
        self.assertEqual([plain["version"], higher["version"]], ["P0001", "P0004"])
        first = self.run_ok("plan", "heze.db", "--verify", "--version", "P0001", "--json").numbers
        self.assertEqual((first["version"], first["tiers"][1]["value"]), ("P0001", plain["value"]))
        village = rows_of(self.folder / "heze" / "households.csv")[0]["area"]
        self.change("floors", ["floor", "area", "metric", "minimum"],
                    [[f["floor"], f["area"], f["metric"], "0"] for f in rows_of(self.folder / "heze" / "floors.csv")])
        part, _ = self.checks_out("--scope", village)
        self.assertLess(part["households"], plain["households"])

    def test_other_facts(self):
        self.take(1000)
        town = rows_of(self.folder / "heze" / "floors.csv")[0]["area"]
        self.change("floors", ["floor", "area", "metric", "minimum"],
                    [["A-gap", town, "gap", "1234.56"], ["B-cures", town, "cures", "3"]])
        offerings = rows_of(self.folder / "heze" / "offerings.csv")
        header = ["offering", "measure", "area", "period", "capacity", "fund_a", "share_a", "fund_b", "cost", "cost_recurring"]
        keep = [[o["offering"], o["measure"], o["area"], o["period"]] for o in offerings[:6]]
        self.change("offerings", header, [keep[0] + ["#NA", "", "", "", "", ""],           # without bound
                                          keep[1] + ["", "#NA", "#NA", "#NA", "", ""],     # paid from outside
                                          keep[2] + ["", "", "#NA", "", "#NA", "#NA"],     # the measure's own cost
                                          keep[3] + ["", "", "0.333333", "", "", "7.01"],
                                          keep[4][:3] + ["2018", "", "", "", "", "", ""],  # starts later
                                          keep[5] + ["0", "", "", "", "", ""]])            # no place
        made, _ = self.checks_out()
        self.assertEqual(made["floors"], 4)

    def test_what_is_learnt_later_does_not_disturb(self):
        self.take(1000)
        before, _ = self.checks_out()
        offerings = rows_of(self.folder / "heze" / "offerings.csv")
        self.change("offerings", ["offering", "measure", "area", "period", "capacity"],
                    [[o["offering"], o["measure"], o["area"], o["period"], "0"] for o in offerings])
        r = self.run_ok("plan", "heze.db", "--verify", "--json").numbers
        self.assertEqual((r["ok"], r["tiers"][1]["value"]), (True, before["value"]))

    def test_nothing_to_check(self):
        self.take(1000)
        self.assertIn("no plan", self.run_fails(3, "plan", "heze.db", "--verify").err)
        self.run_ok("plan", "heze.db", "--passes", 20, "--json")
        self.assertIn("P0009", self.run_fails(3, "plan", "heze.db", "--verify", "--version", "P0009").err)

    def test_in_words(self):
        self.take(1000)
        self.run_ok("plan", "heze.db", "--passes", 20, "--json")
        for lang in ("zh", "en"):
            r = self.run_ok("plan", "heze.db", "--verify", "--lang", lang)
            self.assertEqual(r.out.count("●"), len(CHECKS), r)
            self.assertNotIn("■", r.out)
        sql(self.folder / "heze.db", "UPDATE k_plan SET bound_2 = bound_2 - 1")
        for lang in ("zh", "en"):
            r = self.run_fails(3, "plan", "heze.db", "--verify", "--lang", lang)
            self.assertEqual(r.out.count("●"), len(CHECKS) - 2, r)
            self.assertIn("■ [bound]", r.out)


@needs_program
class Rows(Checking):
    """Floors that couple many households: coverage by village against the county, shares of spending, one project's share."""

    HEADER = ["floor", "area", "metric", "minimum", "maximum", "each", "of", "fund"]

    def setUp(self):
        super().setUp()
        self.take(1000)
        floors = rows_of(self.folder / "heze" / "floors.csv")
        (self.top,), = sql(self.folder / "heze.db", f"SELECT area FROM k_area WHERE level = 'city' AND {LIVE}")
        self.change("floors", ["floor", "area", "metric", "minimum"], [[f["floor"], f["area"], f["metric"], "0"] for f in floors])

    def rows(self, *rows):
        self.change("floors", self.HEADER, [list(r) for r in rows])

    def floors(self, code):
        return [f for f in sql(self.folder / "heze.db", "SELECT name, amount, used FROM k_price WHERE resource = 'floor' "
                                    f"AND {LIVE} AND name LIKE ? AND plan = (SELECT max(plan) FROM k_price)", code + "%")]

    def test_coverage(self):
        self.rows(["C", self.top, "coverage", "0.8", "", "village", "", ""])
        made, _ = self.checks_out()
        rows = self.floors("C:")
        self.assertGreater(len(rows), 1)
        for name, need, used in rows:
            self.assertGreaterEqual(used, need, name)
        self.assertTrue(any(need > 0 for _, need, _ in rows))
        binding = [f for f in made["binding_floors"] if f["floor"].startswith("C:")]
        self.assertTrue(binding)
        for f in binding:
            self.assertEqual(f["kind"], "coverage")
            self.assertGreater(f["cost"], 0)
            self.assertIn("one more percent of the wider area's coverage costs", f["en"])
            self.assertIn("每提高1个百分点", f["zh"])

    def test_spending(self):
        self.rows(["S", self.top, "spending", "0.9", "", "", "industry", ""])
        self.checks_out()
        (_, need, used), = self.floors("S")
        self.assertGreaterEqual(used, need)
        self.rows(["S", self.top, "spending", "#NA", "0.2", "", "industry", ""])
        self.checks_out()
        (name, need, used), = self.floors("S")
        self.assertEqual(name, "S:max")
        self.assertGreaterEqual(used, need)

    def test_project(self):
        self.rows(["P", self.top, "project", "", "0.6", "county", "industry", ""])
        self.checks_out()
        self.assertGreater(len(self.floors("P:")), 0)
        for name, need, used in self.floors("P:"):
            self.assertGreaterEqual(used, need, name)

    def test_ceiling(self):
        self.rows(["M", self.top, "households", "", "5", "", "", ""])
        self.checks_out()
        (name, most, used), = self.floors("M")
        self.assertEqual((name, most), ("M:max", 5))
        self.assertLessEqual(used, 5)
        page = self.run_ok("report", "heze.db", "-o", "-", "--lang", "en").out
        row = re.search(r"Households helped \(at most\)(.*?)</tr>", page, re.S).group(1)
        self.assertIn("● kept", row)
        self.assertNotIn("■", row)
        self.rows(["M", self.top, "households", "6", "5", "", "", ""])
        r = self.run_fails(6, "plan", "heze.db")
        self.assertIn("M, M:max", r.err)

    def test_refused_by_row(self):
        for row, word in ((["X", self.top, "coverage", "1.2", "", "", "", ""], "between 0 and 1"),
                          (["X", self.top, "spending", "1.01", "", "", "industry", ""], "between 0 and 1"),
                          (["X", self.top, "spending", "0.5", "", "", "magic", ""], "no such measure"),
                          (["X", self.top, "spending", "0.5", "", "", "industry", "purse"], "no such fund"),
                          (["X", self.top, "spending", "0.5", "", "", "", ""], "which measures"),
                          (["X", self.top, "project", "", "0", "", "", ""], "between 0.001 and 1"),
                          (["X", self.top, "project", "0.4", "", "", "", ""], "no maximum"),
                          (["X", self.top, "gap", "", "", "", "", ""], "no minimum")):
            with self.subTest(row=row):
                self.rows([c if c or i < 3 else "#NA" for i, c in enumerate(row)])
                r = self.run_fails(3, "plan", "heze.db")
                self.assertIn("floor X", r.err)
                self.assertIn(word, r.err)

    def test_tampered(self):
        self.rows(["C", self.top, "coverage", "0.8", "", "village", "", ""])
        self.checks_out()
        for code, change in (("floor-need", f"UPDATE k_price SET amount = amount - 1 WHERE resource = 'floor' AND amount > 1 AND name LIKE 'C:%' AND {LIVE}"),
                             ("floor-use", f"UPDATE k_price SET used = used + 1 WHERE resource = 'floor' AND name LIKE 'C:%' AND {LIVE}"),
                             ("bound", "UPDATE k_plan SET bound_2 = bound_2 + 1"),
                             ("floor-unmet", f"UPDATE k_floor SET minimum = 1 WHERE floor = 'C' AND {LIVE}")):
            with self.subTest(code=code):
                copy_store(self.folder / "heze.db", self.folder / "other.db")
                self.assertGreaterEqual(sql(self.folder / "other.db", change), 1)
                r = self.run_fails(3, "plan", "other.db", "--verify", "--json").numbers
                self.assertIn(code, [f["code"] for f in r["findings"]])


@needs_program
class Tampered(Case):
    kept = None

    def setUp(self):
        super().setUp()
        if Tampered.kept is None:
            folder = office(1000)
            copy_store(folder / "heze.db", folder / "planned.db")
            must("plan", "planned.db", "--json", cwd=folder)
            Tampered.kept = folder / "planned.db"
        self.db = self.folder / "heze.db"

    def one(self, statement, *values):
        rows = sql(Tampered.kept, statement, *values)
        self.assertTrue(rows, "the plan holds no such thing: " + statement)
        return rows[0]

    def found(self, code, *statements, name=None):
        """After the statements (text, or text and values) the proof names `code`."""
        with self.subTest(code=code, statement=statements[0]):
            copy_store(Tampered.kept, self.db)
            for s in statements:
                s = (s,) if isinstance(s, str) else s
                self.assertGreaterEqual(sql(self.db, *s), 1, "nothing was changed")
            r = self.run_fails(3, "plan", "heze.db", "--verify", "--json")
            told = r.numbers
            codes = [f["code"] for f in told["findings"]]
            self.assertEqual(told["ok"], False)
            self.assertIn(code, codes)
            self.assertIn("chain", codes)
            self.assertEqual(told["findings_total"], len(codes))
            self.assertEqual(sum(c["findings"] for c in told["checks"]), len(codes))
            for f in told["findings"]:
                self.assertRegex(f["zh"], "[\u4e00-\u9fff]")
                self.assertRegex(f["en"], "[a-z]{2}")
            if name is not None:
                self.assertIn(name, [n for f in told["findings"] if f["code"] == code for n in f["names"]])
            return codes

    def test_untouched(self):
        copy_store(Tampered.kept, self.db)
        self.run_ok("plan", "heze.db", "--verify", "--json")

    def test_choices(self):
        row, unit, person = self.one(f"SELECT c._row, unit, person FROM k_choice c WHERE person <> '' AND c.{LIVE} LIMIT 1")
        village, = self.one("SELECT offering FROM k_choice WHERE unit LIKE 'village:%' LIMIT 1")
        other, = self.one("SELECT person FROM k_person WHERE household <> ? LIMIT 1", unit)
        put = "UPDATE k_choice SET {} = ? WHERE _row = ?".format
        self.found("target", (put("offering"), village, row), name=unit)
        self.found("unknown-offering", (put("offering"), "O999999", row), name="O999999")
        self.found("unknown-block", (put("unit"), "H999999999", row), name="H999999999")
        self.found("unknown-block", (put("unit"), "village:1", row), name="village:1")
        self.found("unknown-person", (put("person"), "H1-9", row), name="H1-9")
        self.found("person", (put("person"), other, row), name=unit)
        self.found("place", (put("place"), 7, row), name=unit)
        codes = self.found("value", ("DELETE FROM k_choice WHERE _row = ?", row))
        self.assertIn("use", codes)
        self.assertIn("value", self.found("use", ("DELETE FROM k_choice WHERE unit LIKE 'village:%'",)))
        twice, offering, person = self.one(f"SELECT a._row, b.offering, b.person FROM k_choice a JOIN k_choice b USING (unit) "
                                           f"WHERE a._row > b._row AND a.unit LIKE 'H%' LIMIT 1")
        self.found("duplicate", ("UPDATE k_choice SET offering = ?, person = ? WHERE _row = ?", offering, person, twice))

    def test_another_offering_of_the_same_measure(self):
        row, other = self.one("SELECT c._row, b.offering FROM k_choice c JOIN k_offering a ON a.offering = c.offering "
                              "JOIN k_offering b ON b.measure = a.measure AND b.offering <> a.offering AND b.capacity > 0 LIMIT 1")
        codes = self.found("use", ("UPDATE k_choice SET offering = ? WHERE _row = ?", other, row))
        self.assertNotIn("bound", codes)

    def test_prices(self):
        paid, name = self.one(f"SELECT _row, name FROM k_price WHERE resource = 'fund' AND price_2 > 0 AND {LIVE} LIMIT 1")
        idle, free = self.one(f"SELECT _row, name FROM k_price WHERE resource = 'capacity' AND price_1 = 0 AND price_2 = 0 LIMIT 1")
        floor, = self.one("SELECT _row FROM k_price WHERE resource = 'floor' LIMIT 1")
        self.assertIn("bound", self.found("price-missing", ("DELETE FROM k_price WHERE _row = ?", paid), name=name))
        self.assertNotIn("bound", self.found("price-missing", ("DELETE FROM k_price WHERE _row = ?", idle), name=free))
        self.found("price-missing", ("DELETE FROM k_price WHERE _row = ?", floor))
        self.found("price-missing", ("UPDATE k_price SET price_1 = NULL WHERE _row = ?", paid), name=name)
        self.found("price-unknown", ("UPDATE k_price SET name = 'X' WHERE _row = ?", paid), name="X")
        self.found("price-negative", ("UPDATE k_price SET price_1 = -1 WHERE _row = ?", paid), name=name)
        self.found("price-negative", ("UPDATE k_price SET price_2 = -price_2 WHERE _row = ?", paid), name=name)
        self.found("price-negative", ("UPDATE k_price SET price_2 = -1 WHERE _row = ?", floor))
        self.found("bound", ("UPDATE k_price SET price_2 = price_2 * 2 WHERE _row = ?", paid))
        self.found("use", ("UPDATE k_price SET used = used - 1 WHERE _row = ?", paid), name=name)
        self.found("floor-use", ("UPDATE k_price SET used = used + 1 WHERE _row = ?", floor))
        for row in (paid, idle, floor):
            self.found("amount", ("UPDATE k_price SET amount = amount + 1 WHERE _row = ?", row))

    def test_figures(self):
        for code, change in (("value", "value_2 = value_2 + 1"), ("value", "value_2 = value_2 - 1"),
                             ("couple-minimum", "value_1 = value_1 - 1"), ("bound-below", "value_1 = bound_1 + 1"),
                             ("bound", "bound_1 = bound_1 + 1"), ("bound", "bound_1 = bound_1 - 1"),
                             ("bound", "bound_2 = bound_2 + 1"), ("bound", "bound_2 = bound_2 - 1"),
                             ("bound", "shift_2 = shift_2 - 1"), ("couple-minimum", "couple_minimum = couple_minimum - 1"),
                             ("bound", "couple_price = couple_price / 2"), ("price-negative", "couple_price = -1"),
                             ("price-range", "shift_1 = 120"), ("line", "line = line + 1"), ("value", "alpha = 2"),
                             ("record", "alpha = 3"), ("record", "shift_1 = -1"), ("record", "facts_tx = NULL"),
                             ("record", "facts_tx = 0"), ("record", "pack_hash = NULL"), ("record", "period = 9223372036854775807"),
                             ("pack", "pack_hash = upper(pack_hash)"), ("pack", "pack = 'cn-2017'"),
                             ("facts-root", "facts_root = 'f' || facts_root"), ("facts-root", "facts_tx = 2"),
                             ("facts", "facts_tx = 99"), ("facts", "scope = 'nowhere'"), ("facts", "income_period = '1999'"),
                             ("households", "households = households + 1"), ("options", "options = options - 1")):
            self.found(code, f"UPDATE k_plan SET {change}")

    def test_supply(self):
        offering, = self.one("SELECT c.offering FROM k_choice c JOIN k_offering o USING (offering) JOIN k_price p ON p.name = o.fund_a "
                             "WHERE p.resource = 'fund' AND p.period = o.period AND p.price_2 > 0 AND o.cost > 100 LIMIT 1")
        put = "UPDATE k_offering SET {} WHERE offering = ?".format
        self.found("use", (put("cost = cost + 1"), offering))
        self.found("value", (put("effect = effect + 10000"), offering))
        self.found("amount", (put("capacity = capacity - 1"), offering), name=offering)
        full, = self.one(f"SELECT name FROM k_price WHERE resource = 'capacity' AND used = amount AND amount > 1 LIMIT 1")
        self.found("over-capacity", (put("capacity = capacity - 1"), full), name=full)
        self.found("no-room", (put("capacity = 0"), full), name=full)
        self.found("unknown-offering", (put("period = 2030"), full), name=full)
        self.found("facts", (put("measure = 'magic'"), full))
        self.found("facts", (put("fund_a = 'purse'"), full))
        self.found("facts", (put("cost = -1"), full))
        self.found("unknown-offering", ("DELETE FROM k_offering WHERE offering = ?", full), name=full)
        area, = self.one("SELECT area FROM k_village WHERE area NOT IN (SELECT h.area FROM k_choice c "
                         "JOIN k_household h ON h.household = c.unit WHERE c.offering = ?) LIMIT 1", full)
        self.found("scope", (put("area = ?"), area, full), name=full)
        fund, period, spare = self.one("SELECT name, period, amount - used FROM k_price WHERE resource = 'fund' AND used > 0 LIMIT 1")
        less = "UPDATE k_fund SET amount = amount - ? WHERE fund = ? AND period = ?"
        self.found("amount", (less, 1, fund, period), name=fund)
        self.assertIn("amount", self.found("over-fund", (less, spare + 1, fund, period), name=fund))
        self.found("price-unknown", ("DELETE FROM k_fund WHERE fund = ? AND period = ?", fund, period), name=fund)
        self.found("facts", "UPDATE k_floor SET minimum = NULL")
        self.found("floor-unmet", "UPDATE k_floor SET minimum = 1000000")

    def test_families(self):
        home, measure = self.one("SELECT c.unit, o.measure FROM k_choice c JOIN k_offering o USING (offering) JOIN k_wish w "
                                 "ON w.household = c.unit AND w.measure = o.measure WHERE w.consent = 1 LIMIT 1")
        mine = "WHERE household = ? AND measure = ?"
        self.found("consent", (f"UPDATE k_wish SET consent = 0 {mine}", home, measure), name=home)
        self.found("consent", (f"UPDATE k_wish SET consent = NULL {mine}", home, measure), name=home)
        self.found("consent", (f"DELETE FROM k_wish {mine}", home, measure), name=home)
        home, person = self.one("SELECT unit, person FROM k_choice JOIN k_offering USING (offering) WHERE person <> '' "
                                "AND measure = 'labour_export' LIMIT 1")
        codes = self.found("gate-false", ("UPDATE k_person SET skill = '04' WHERE person = ?", person), name=home)
        self.assertIn("options", codes)
        self.found("unknown-person", ("DELETE FROM k_person WHERE person = ?", person), name=person)
        self.found("value", ("UPDATE k_income SET amount = amount + 100000 WHERE household = ?", home))
        self.found("unknown-block", ("UPDATE k_household SET frame = 'sample' WHERE household = ?", home), name=home)


if __name__ == "__main__":
    unittest.main()
