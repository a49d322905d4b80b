#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The end of the job as a user sees it: show, status, export.

Runs the whole chain on a synthetic registry of 1,000 persons with the program named by YAOSHI and looks at what the
pages say: amounts that add up, masked values, sources, marks that go stale, forms that come back unchanged.
"""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))


class Job:
    """One store, made once; tests that write take a copy."""
    folder = None

    @classmethod
    def run(cls, *args, code=0, lang="zh"):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=os.path.join(ROOT, "packs"), LANG="C.UTF-8", USER="tester")
        done = subprocess.run([PROGRAM, *args, "--lang", lang], cwd=cls.folder, env=env, capture_output=True, check=False)
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        if done.returncode != code:
            raise AssertionError(f"{' '.join(args)}: exit {done.returncode}, wanted {code}\n{out[-2000:]}\n{err[-2000:]}")
        return out, err

    @classmethod
    def json(cls, *args, **kw):
        return json.loads(cls.run(*args, "--json", **kw)[0])

    @classmethod
    def copy(cls, name):
        for end in ("", ".key"):
            shutil.copy(os.path.join(cls.folder, "a.db" + end), os.path.join(cls.folder, name + end))
        return name

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)


def setUpModule():
    if not os.access(PROGRAM, os.X_OK):
        raise unittest.SkipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
    Job.folder = tempfile.mkdtemp(prefix="yaoshi-show-")
    Job.run("synth", "--persons", "1000", "--seed", "7", "-o", "in")
    Job.run("init", "a.db", "--pack", "cn-2016")
    Job.run("import", "a.db", "in", "--apply", "--valid-from", "2016-12-31", "--snapshot", "2016年末")
    Job.run("diagnose", "a.db", "--keep")
    Job.run("plan", "a.db", "--passes", "60")


def tearDownModule():
    if Job.folder:
        shutil.rmtree(Job.folder, ignore_errors=True)


def rows_of(name):
    with open(Job.path("in/" + name), encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def cents(v):
    return round(v * 100)


def export_csv(*args):
    text, _ = Job.run("export", "a.db", *args, "-o", "-")
    assert text.startswith("\ufeff"), "a CSV for a spreadsheet begins with a BOM"
    return list(csv.DictReader(io.StringIO(text[1:])))


def sheet_cells(path, sheet=1):
    """Rows of a sheet as (type, style, text) by column letter."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as z:
        shared = []
        if "xl/sharedStrings.xml" in z.namelist():
            for si in ElementTree.fromstring(z.read("xl/sharedStrings.xml")):
                shared.append("".join(t.text or "" for t in si.iter(space + "t")))
        tree = ElementTree.fromstring(z.read(f"xl/worksheets/sheet{sheet}.xml"))
    rows = []
    for row in tree.iter(space + "row"):
        cells = {}
        for c in row.iter(space + "c"):
            kind, v, inline = c.get("t"), c.find(space + "v"), c.find(space + "is")
            if c.find(space + "f") is not None:
                raise AssertionError("a formula in " + path)
            text = "".join(t.text or "" for t in inline.iter(space + "t")) if inline is not None else v.text if v is not None else ""
            cells[re.match("[A-Z]+", c.get("r")).group()] = (kind, shared[int(text)] if kind == "s" else text)
        rows.append(cells)
    return rows


class Show(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plan = export_csv("--what", "plan")
        cls.helped = next(r["户编号"] for r in cls.plan if r["户编号"])
        cls.card = Job.json("show", "a.db", cls.helped)

    def test_keys(self):
        for key in ("facts", "income", "deprivations", "root", "village", "plan", "history"):
            self.assertIn(key, self.card)
        self.assertTrue(self.card["synthetic"])
        self.assertTrue(self.card["masked"])

    def test_roots_add_up(self):
        seen = 0
        for h in rows_of("households.csv")[:40]:
            if h["frame"] != "register":
                continue
            root = Job.json("show", "a.db", h["household"])["root"]
            if root["state"] == "unknown":
                continue
            seen += 1
            self.assertEqual(sum(cents(v) for v in root["contributions"].values()), cents(root["gap"]))
            if root["peer_gap"] is not None:
                self.assertEqual(sum(cents(v) for v in root["peer_contributions"].values()), cents(root["peer_gap"]))
        self.assertGreater(seen, 20)

    def test_income_is_the_ledger(self):
        income = self.card["income"]
        lines = [r for r in rows_of("incomes.csv") if r["household"] == self.helped]
        shown = self.card["facts"]["income"]
        self.assertEqual(len(shown), len(lines))
        self.assertEqual(sum(cents(float(r["amount"])) for r in lines), sum(cents(r["fields"]["amount"]["value"]) for r in shown))
        parts = sum(cents(income[k]) for k in ("wage", "business", "property", "transfer"))
        self.assertEqual(cents(income["after_rigid"]), parts - cents(income["rigid"]))
        self.assertEqual(income["poor"], income["statutory"] < income["line"] * income["persons"])

    def test_sources(self):
        number = [r["household"] for r in rows_of("households.csv")].index(self.helped) + 2
        source = self.card["facts"]["source"]
        self.assertTrue(source["file"].endswith("households.csv"))
        self.assertEqual((source["row"], source["user"], source["transaction"]), (number, "tester", 1))
        for row in self.card["facts"]["members"] + self.card["facts"]["income"] + self.card["facts"]["wishes"]:
            self.assertGreater(row["source"]["row"], 1)
            self.assertTrue(row["source"]["file"].endswith(".csv"))

    def test_masks(self):
        people = [r for r in rows_of("persons.csv") if r["household"] == self.helped]
        secrets = [r[k] for r in people for k in ("name", "id_number", "phone") if r[k]]
        for text in (json.dumps(self.card, ensure_ascii=False), Job.run("show", "a.db", self.helped)[0]):
            for secret in secrets:
                self.assertNotIn(secret, text)
        full = json.dumps(Job.json("show", "a.db", self.helped, "--unmask"), ensure_ascii=False)
        for secret in secrets:
            self.assertIn(secret, full)
        with_id = next(r for r in people if r["id_number"])
        masked = with_id["id_number"][:6] + "********" + with_id["id_number"][-4:]
        self.assertIn(masked, Job.run("show", "a.db", self.helped)[0])

    def test_without_the_key(self):
        name = Job.copy("nokey.db")
        os.remove(Job.path("nokey.db.key"))
        card = Job.json("show", name, self.helped)
        person = card["facts"]["members"][0]["fields"]
        self.assertEqual(person["id_number"]["value"], "***")
        Job.run("show", name, self.helped, "--unmask", code=4)
        Job.run("export", name, "--template", "roster", "-o", "x.csv", "--unmask", code=4)
        self.assertFalse(os.path.exists(Job.path("x.csv")))

    def test_key_in_the_plan(self):
        plan = self.card["plan"]
        given = [r for r in self.plan if r["户编号"] == self.helped]
        self.assertEqual(sorted(m["offering"] for m in plan["measures"]), sorted(r["供给编号"] for r in given))
        offered = {r["offering"]: r for r in rows_of("offerings.csv")}
        for m in plan["measures"]:
            self.assertEqual(cents(m["cost"]), sum(cents(p["amount"]) for p in m["money"]))
            self.assertEqual(m["measure"], offered[m["offering"]]["measure"])
            self.assertEqual(m["provider"], offered[m["offering"]]["provider"])
            funds = {offered[m["offering"]]["fund_a"], offered[m["offering"]]["fund_b"]}
            self.assertLessEqual({p["fund"] for p in m["money"]}, funds)
        self.assertEqual(cents(plan["gap_closed"]), cents(float(given[0]["减少缺口（现值）"])))
        chosen = {m["measure"] for m in plan["measures"]}
        rejected = {r["measure"] for r in plan["rejected"]}
        self.assertFalse(chosen & rejected)
        self.assertGreater(len(rejected), 10)
        for r in plan["rejected"]:
            self.assertTrue(r["zh"] and r["en"])
            self.assertNotEqual(r["reason"], "chosen")

    def test_reasons_are_true(self):
        """A measure the family refused is rejected for that; one that nobody offers, for that."""
        refused = {}
        for w in rows_of("wishes.csv"):
            if w["consent"] == "0":
                refused.setdefault(w["household"], set()).add(w["measure"])
        offered = {r["measure"] for r in rows_of("offerings.csv")}
        found = 0
        for household in sorted(refused)[:15]:
            plan = Job.json("show", "a.db", household)["plan"]
            for r in plan["rejected"]:
                if r["reason"] == "consent_refused":
                    self.assertIn(r["measure"], refused[household])
                    found += 1
                if r["measure"] not in offered:
                    self.assertEqual(r["reason"], "no_offer")
        self.assertGreater(found, 0)

    def test_text_pages(self):
        zh, _ = Job.run("show", "a.db", self.helped)
        for words in ("家庭成员", "收入台账", "贫根", "合计 = 缺口", "钥匙", "为什么不是别的钥匙", "历史", "合成数据", "来源"):
            self.assertIn(words, zh)
        en, _ = Job.run("show", "a.db", self.helped, lang="en")
        for words in ("members", "income ledger", "root of poverty", "sum = gap", "why not another key", "synthetic"):
            self.assertIn(words, en)

    def test_village_and_town(self):
        village = rows_of("villages.csv")[0]["area"]
        card = Job.json("show", "a.db", village)
        mine = [r for r in rows_of("households.csv") if r["area"] == village and r["frame"] == "register"]
        self.assertEqual(card["register"]["households"], len(mine))
        self.assertEqual(card["facts"]["village"]["area"]["value"], village)
        given = [r for r in self.plan if r["行政村"] == mine[0]["village_name"] and r["户编号"]]
        self.assertEqual(card["helped_households"], len({r["户编号"] for r in given}))
        self.assertEqual(sum(g["units"] for g in card["given"]), len([r for r in self.plan if r["行政村"] == mine[0]["village_name"]]))
        self.assertGreater(len(card["offered"]), 0)
        town = Job.json("show", "a.db", rows_of("towns.csv")[0]["area"])
        self.assertEqual(town["register"]["households"], len([r for r in rows_of("households.csv") if r["frame"] == "register"]))
        self.assertIn("可用的供给", Job.run("show", "a.db", village)[0])

    def test_history(self):
        name = Job.copy("history.db")
        with open(Job.path("change.csv"), "w", encoding="utf-8") as f:
            f.write("household,house_m2\n" + self.helped + ",99\n")
        Job.run("import", name, "change.csv", "--kind", "household", "--apply", "--valid-from", "2017-03-01", "--reason", "入户核实")
        card = Job.json("show", name, self.helped)
        versions = card["history"]["household"]
        self.assertGreaterEqual(len(versions), 2)
        self.assertEqual(card["facts"]["household"]["house_m2"]["value"], 99)
        self.assertEqual(card["facts"]["source"]["reason"], "入户核实")
        self.assertTrue(card["plan"]["stale"])
        self.assertIn("→ 99", Job.run("show", name, self.helped)[0])
        old = Job.json("show", name, self.helped, "--as-of", "1")
        self.assertNotEqual(old["facts"]["household"]["house_m2"]["value"], 99)

    def test_wrong_arguments(self):
        Job.run("show", "a.db", code=2)
        Job.run("show", "a.db", "NOBODY", code=3)
        Job.run("show", "a.db", self.helped, "--plan", "P0099", code=3)
        Job.run("show", "a.db", self.helped, "--nonsense", code=2)
        self.assertIn("error", json.loads(Job.run("show", "a.db", "NOBODY", "--json", code=3)[0]))


class Status(unittest.TestCase):
    def marks(self, store, *args):
        return {s["stage"]: s for s in Job.json("status", store, *args)["stages"]}

    def test_counts(self):
        state = Job.json("status", "a.db")
        for kind, name in (("household", "households.csv"), ("person", "persons.csv"), ("income", "incomes.csv")):
            self.assertEqual(state["kinds"][kind], len(rows_of(name)))
        self.assertTrue(state["synthetic"])
        self.assertEqual([s["name"] for s in state["snapshots"]], ["2016年末"])
        self.assertRegex(state["head"]["root"], "^[0-9a-f]{64}$")

    def test_marks(self):
        marks = self.marks("a.db")
        self.assertEqual({k: marks[k]["mark"] for k in ("import", "measure", "diagnose", "plan")},
                         dict.fromkeys(("import", "measure", "diagnose", "plan"), "good"))
        self.assertEqual(marks["verify"]["mark"], "none")
        self.assertEqual(self.marks("a.db", "--verify")["verify"]["mark"], "good")

    def test_marks_go_stale(self):
        name = Job.copy("stale.db")
        with open(Job.path("stale.csv"), "w", encoding="utf-8") as f:
            f.write("household,house_m2\n" + rows_of("households.csv")[0]["household"] + ",77\n")
        Job.run("import", name, "stale.csv", "--kind", "household", "--apply")
        marks = self.marks(name)
        self.assertEqual((marks["diagnose"]["mark"], marks["plan"]["mark"]), ("look", "look"))
        self.assertIn("yaoshi plan stale.db", marks["plan"]["next"])

    def test_empty(self):
        Job.run("init", "empty.db", "--pack", "cn-2016")
        self.assertEqual({m["mark"] for m in self.marks("empty.db").values()}, {"none"})
        Job.run("status", "empty.db", "--summary", code=3)

    def test_statistics_beside_the_register(self):
        poor = next(s for s in Job.json("status", "a.db")["statistics"] if s["name"] == "贫困人口")
        self.assertEqual((poor["published"], poor["register"], poor["difference"]), (914000, 1000, 1000 - 914000))

    def test_quick_computes_nothing(self):
        state = Job.json("status", "a.db", "--quick")
        self.assertEqual(state["statistics"], [])
        self.assertGreater(state["kinds"]["household"], 0)

    def test_summary_is_one_page(self):
        for lang, words in (("zh", ("有多穷", "在哪里", "为什么穷", "谁得到什么", "离最优多远", "缺什么")),
                            ("en", ("how poor", "where", "why", "who gets what", "how close", "what is missing"))):
            page, _ = Job.run("status", "a.db", "--summary", lang=lang)
            self.assertLessEqual(page.count("\n"), 60)
            for word in words:
                self.assertIn(word, page)

    def test_wrong_arguments(self):
        Job.run("status", code=2)
        Job.run("status", "a.db", "--summary", "--quick", code=2)
        Job.run("status", "a.db", "b", code=2)


class NothingOffered(unittest.TestCase):
    """A store without offerings: the plan says so instead of looking like a plan."""

    def store(self, name, *without):
        shutil.copytree(Job.path("in"), Job.path(name + "-in"))
        for file in without:
            os.unlink(Job.path(f"{name}-in/{file}.csv"))
        Job.run("init", name, "--pack", "cn-2016")
        Job.run("import", name, name + "-in", "--apply", "--valid-from", "2016-12-31")
        return name

    def test_floors_that_nothing_can_reach(self):
        name = self.store("floors.db", "offerings")
        error = Job.json("plan", name, code=6)["error"]
        self.assertEqual(error["status"], "EINFEASIBLE")
        self.assertIn("没有任何供给", error["zh"])
        self.assertIn("nothing is offered", error["en"])
        self.assertIn("offerings.csv", error["fix_en"])

    def test_an_empty_plan_says_so(self):
        name = self.store("none.db", "offerings", "floors")
        told = Job.json("plan", name)
        self.assertEqual((told["options"], told["value"]), (0, 0))
        self.assertEqual(len(told["warnings"]), 1)
        self.assertIn("nothing is offered", told["warnings"][0]["en"])
        for lang, word in (("zh", "▲ 库里没有任何供给"), ("en", "▲ nothing is offered")):
            self.assertIn(word, Job.run("plan", name, "--dry-run", lang=lang)[1])
        Job.run("plan", name, "--verify")
        self.assertEqual(Job.json("plan", "a.db", "--dry-run", "--passes", "20")["warnings"], [])

    def test_another_year(self):
        name = self.store("year.db", "floors")
        told = Job.json("plan", name, "--dry-run", "--year", "2040")
        self.assertRegex(told["warnings"][0]["en"], "from 2040 to .*the offerings of the store are of 20")


class Export(unittest.TestCase):
    def template(self, name):
        with open(os.path.join(ROOT, "packs", "cn-2016", "templates", name + ".csv"), encoding="utf-8") as f:
            return [r["header"] for r in csv.DictReader(f)]

    def test_roster_layout_and_way_back(self):
        for form in ("roster", "roster_2016"):
            for end in ("xlsx", "csv"):
                file = f"{form}.{end}"
                told = Job.json("export", "a.db", "--template", form, "-o", file, "--unmask")
                self.assertEqual(told["rows"], 1000)
                if end == "xlsx":
                    rows = sheet_cells(Job.path(file))
                    header = [c[1] for c in rows[0].values()]
                else:
                    with open(Job.path(file), encoding="utf-8-sig", newline="") as f:
                        header = next(csv.reader(f))
                self.assertEqual(header, self.template(form))
                back = Job.json("import", "a.db", file, "--template", form, "--show", "3")
                for key in ("new", "changed", "gone", "invalid", "duplicates", "orphans"):
                    self.assertEqual(back[key], 0, f"{file}: {key}")
                self.assertGreater(back["unchanged"], 1000)

    def test_masked_roster_comes_back_edited(self):
        """Masked cells that nobody touched are unchanged, what was edited beside them is taken; a mask of something else
        is a fault with its place, and so is a masked cell of a new person."""
        for end in ("csv", "xlsx"):
            with self.subTest(end):
                name = Job.copy(f"masked-{end}.db")
                Job.run("export", name, "--template", "roster", "-o", "masked.xlsx")
                Job.run("export", name, "--template", "roster", "-o", "masked.csv")
                with open(Job.path("masked.csv"), encoding="utf-8-sig", newline="") as f:
                    header, *rows = csv.reader(f)
                at = {h: i for i, h in enumerate(header)}
                self.assertTrue(all("*" in r[at["姓名"]] for r in rows))
                self.assertTrue(any("*" in r[at["证件号码"]] for r in rows))
                again = Job.json("import", name, "masked." + end, "--template", "roster")
                self.assertEqual([again[k] for k in ("new", "changed", "invalid", "duplicates", "orphans")], [0] * 5)
                rows[0][at["务工时间(月)"]] = "7" if rows[0][at["务工时间(月)"]] != "7" else "8"
                self.write(f"edited.{end}", header, rows)
                told = Job.json("import", name, f"edited.{end}", "--template", "roster", "--apply")
                self.assertEqual([told[k] for k in ("new", "changed", "invalid")], [0, 1, 0])
                self.assertEqual([(e["field"], e["after"]) for e in told["events"] if e["what"] == "changed"],
                                 [("months_worked", rows[0][at["务工时间(月)"]])])
                other = next(i for i, r in enumerate(rows) if i > 3 and "*" in r[at["证件号码"]])
                rows[other][at["证件号码"]] = "371702********9999"
                rows[1][at["姓名"]] = "＊＊"
                rows[2][at["人编号"]] = "P-NEW"
                self.write(f"wrong.{end}", header, rows)
                before = Job.json("log", name)["transactions"][0]["root"]
                told = Job.json("import", name, f"wrong.{end}", "--template", "roster", "--apply", code=3)
                faults = [(e["row"], e["column"]) for e in told["events"] if e["what"] == "invalid"]
                for place in ((other + 2, "证件号码"), (3, "姓名"), (4, "姓名")):
                    self.assertIn(place, faults)
                for e in told["events"]:
                    if e["what"] == "invalid":
                        self.assertIn("wrong." + end, e["file"])
                        self.assertEqual(end == "xlsx", "sheet" in e)
                        self.assertIn("--unmask", e["fix_zh"])
                        self.assertIn("--unmask", e["fix_en"])
                self.assertFalse(told["applied"])
                self.assertEqual(Job.json("log", name)["transactions"][0]["root"], before)

    def write(self, name, header, rows):
        if name.endswith(".csv"):
            with open(Job.path(name), "w", encoding="utf-8-sig", newline="") as f:
                csv.writer(f).writerows([header, *rows])
            return
        def letter(i):
            return (chr(64 + i // 26) if i >= 26 else "") + chr(65 + i % 26)
        def cells(i, row):
            return "".join(f'<c r="{letter(k)}{i}" t="inlineStr"><is><t>{v}</t></is></c>' for k, v in enumerate(row) if v)
        body = "".join(f'<row r="{i}">{cells(i, row)}</row>' for i, row in enumerate([header, *rows], 1))
        from tests.bad_input import workbook
        workbook(pathlib.Path(Job.path(name)), [('<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
            f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>').encode()])

    def test_numbers_of_identity_are_text(self):
        Job.run("export", "a.db", "--template", "roster", "-o", "ids.xlsx", "--unmask")
        rows = sheet_cells(Job.path("ids.xlsx"))
        column = next(k for k, v in rows[0].items() if v[1] == "证件号码")
        ids = {r["id_number"] for r in rows_of("persons.csv")}
        shown = [r[column] for r in rows[1:] if column in r and r[column][1]]
        self.assertGreater(len(shown), 900)
        for kind, text in shown:
            self.assertIn(kind, ("s", "inlineStr", "str"))
            self.assertIn(text, ids)

    def test_masked_unless_asked(self):
        text = Job.run("export", "a.db", "--template", "roster", "-o", "-")[0]
        people = rows_of("persons.csv")
        for r in people[:100]:
            if r["id_number"]:
                self.assertNotIn(r["id_number"], text)
        full = Job.run("export", "a.db", "--template", "roster", "-o", "-", "--unmask")[0]
        registered = {h["household"] for h in rows_of("households.csv") if h["frame"] == "register"}
        for r in people[:100]:
            if r["household"] in registered:
                self.assertIn(r["id_number"], full)

    def test_formulas_are_neutralised(self):
        name = Job.copy("formula.db")
        household = rows_of("households.csv")[0]["household"]
        with open(Job.path("formula.csv"), "w", encoding="utf-8") as f:
            f.write("household,hamlet_name\n" + household + ",=1+1\n")
        Job.run("import", name, "formula.csv", "--kind", "household", "--apply")
        Job.run("export", name, "--template", "roster", "-o", "formula-out.csv")
        with open(Job.path("formula-out.csv"), encoding="utf-8-sig", newline="") as f:
            first = next(csv.DictReader(f))
        self.assertEqual(first["自然村"], "'=1+1")
        Job.run("export", name, "--template", "roster", "-o", "formula-out.xlsx")
        sheet_cells(Job.path("formula-out.xlsx"))  # fails on any <f>

    def test_measures_as_a_file(self):
        told = Job.json("measure", "a.db", "--by", "village", "-o", "m.csv")
        with open(Job.path("m.csv"), encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
        self.assertEqual(len(rows), len(told["groups"]) + 1)
        for row, group in zip(rows, told["groups"] + [told]):
            self.assertEqual(row["代码"], group.get("group", ""))
            self.assertEqual(row["地区/组"], group.get("name", "合计"))
            self.assertEqual(int(row["登记贫困人口"]), group["register_poor_persons"])
            self.assertEqual(cents(float(row["登记缺口（年）"])), cents(float(group["register_gap"])))
            for header, key in (("贫困发生率", "fgt0"), ("基尼系数", "gini")):
                value = row[header]
                self.assertEqual(float(value) if value else None, group[key])
        Job.run("measure", "a.db", "--by", "village", "-o", "m.xlsx")
        sheet = sheet_cells(Job.path("m.xlsx"))
        self.assertIn("链首", sheet[1]["A"][1])
        self.assertEqual([c[1] for c in sheet[2].values()], list(rows[0]))
        self.assertEqual([r["A"][1] for r in sheet[3:-1]], [r["代码"] for r in rows[:-1]])
        self.assertTrue(all(r["A"][0] in ("s", "inlineStr") for r in sheet[3:-1]))
        self.assertEqual(Job.run("measure", "a.db", "-o", "-")[0].count("\n"), 2)
        Job.run("measure", "a.db", "-o", "-", "--json", code=2)
        Job.run("measure", "a.db", "-o", "m.txt", code=2)
        with open(Job.path("survey.csv"), "w", encoding="utf-8") as f:
            f.write("y,w,g\n" + "".join(f"{100 * i},1,{g}\n" for i in range(1, 5) for g in ("=1+1", "@SUM(A1)")))
        Job.run("measure", "--csv", "survey.csv", "--income", "y", "--weight", "w", "--by", "g", "--line", "250", "-o", "s.csv")
        with open(Job.path("s.csv"), encoding="utf-8-sig", newline="") as f:
            self.assertEqual([r["组"] for r in csv.DictReader(f)], ["'=1+1", "'@SUM(A1)", "合计"])
        Job.run("measure", "--csv", "survey.csv", "--income", "y", "--weight", "w", "--by", "g", "--line", "250", "-o", "s.xlsx")
        self.assertEqual([r["A"][1] for r in sheet_cells(Job.path("s.xlsx"))[3:]], ["=1+1", "@SUM(A1)", "合计"])

    def test_plan_adds_up_with_the_prices(self):
        plan = export_csv("--what", "plan")
        spent = sum(cents(float(r["资金合计"])) for r in plan)
        prices = export_csv("--what", "prices")
        self.assertEqual(spent, sum(cents(float(r["已用"])) for r in prices if r["类别"] == "资金"))
        for r in prices:
            if r["类别"] != "底线":
                self.assertLessEqual(float(r["已用"]), float(r["总量（钱或个）"]) + 1e-6)
        units = {}
        for r in plan:
            units[r["供给编号"]] = units.get(r["供给编号"], 0) + 1
        for r in prices:
            if r["类别"] == "名额":
                self.assertEqual(float(r["已用"]), units.get(r["编号"], 0))

    def test_roots_add_up(self):
        names = ("劳力少", "活儿不够干", "每份活挣得少", "财产性收入少", "补助和赡养等转移收入少", "看病上学等刚性支出多")
        rows = export_csv("--what", "roots")
        self.assertEqual(len(rows), len([h for h in rows_of("households.csv") if h["frame"] == "register"]))
        for r in rows:
            if r["到线缺口（户·年）"]:
                self.assertEqual(sum(cents(float(r[n])) for n in names), cents(float(r["到线缺口（户·年）"])))

    def test_unmet_needs(self):
        rows = export_csv("--what", "unmet")
        helped = {r["户编号"] for r in export_csv("--what", "plan")}
        self.assertGreater(len(rows), 10)
        for r in rows:
            self.assertTrue(r["户编号"] not in helped or int(r["项·人"]) > 0, r)
        Job.run("export", "a.db", "--what", "unmet", "-o", "unmet.xlsx")
        self.assertGreater(len(sheet_cells(Job.path("unmet.xlsx"), 2)), 4)

    def test_findings(self):
        rows = export_csv("--what", "findings")
        check = Job.json("check", "a.db")
        self.assertEqual(len(rows), check["findings"])

    def test_scope(self):
        village = rows_of("villages.csv")[0]["area"]
        mine = {r["household"] for r in rows_of("households.csv") if r["area"] == village}
        for what in ("plan", "unmet", "roots"):
            for r in export_csv("--what", what, "--scope", village):
                self.assertTrue(r["户编号"] == "" or r["户编号"] in mine, what)
        roster = export_csv("--template", "roster", "--scope", village)
        self.assertEqual({r["户编号"] for r in roster} - mine, set())
        whole = {r["户编号"]: r["主要贫根"] for r in export_csv("--what", "roots")}
        for r in export_csv("--what", "roots", "--scope", village):
            self.assertEqual(r["主要贫根"], whole[r["户编号"]])

    def test_same_bytes_twice(self):
        os.environ["SOURCE_DATE_EPOCH"] = "1480000000"
        try:
            for what in ("plan", "prices"):
                for end in ("xlsx", "csv"):
                    Job.run("export", "a.db", "--what", what, "-o", f"one.{end}")
                    Job.run("export", "a.db", "--what", what, "-o", f"two.{end}")
                    with open(Job.path(f"one.{end}"), "rb") as a, open(Job.path(f"two.{end}"), "rb") as b:
                        self.assertEqual(a.read(), b.read())
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]

    def test_wrong_arguments(self):
        Job.run("export", "a.db", code=2)
        Job.run("export", "a.db", "--what", "plan", code=2)
        Job.run("export", "a.db", "--what", "plan", "--template", "roster", "-o", "x.csv", code=2)
        Job.run("export", "a.db", "--what", "nonsense", "-o", "x.csv", code=2)
        Job.run("export", "a.db", "--template", "nonsense", "-o", "x.csv", code=2)
        Job.run("export", "a.db", "--what", "plan", "-o", "x.pdf", code=2)
        Job.run("export", "a.db", "--what", "plan", "--plan", "P0099", "-o", "x.csv", code=3)
        Job.run("export", "a.db", "--what", "plan", "-o", "no/such/folder/x.csv", code=1)
        self.assertFalse(os.path.exists(Job.path("x.csv")))
        self.assertEqual([f for f in os.listdir(Job.folder) if f.endswith(".part")], [])


if __name__ == "__main__":
    unittest.main()
