#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The cooperation at work, on a fictitious county: projects and their gates, and money followed to the fen.

Nothing here is about a real place; the example of the real case has its own test (coop_example.py).
"""
import collections
import csv
import io
import json
import os
import re
import subprocess
import tempfile
import unittest
from decimal import Decimal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))
DAY = ["--date", "2017-06-30"]
TABLES = {
    "areas": """area,level,parent,name
990000000000,county,,虚构县
""",
    "households": """household,area
H1,990000000000
H2,990000000000
""",
    "funds": """fund,period,name,parent,amount,giver
top,2017,虚构协作资金,#NA,1000000,甲市
sub-a,2017,虚构产业资金,top,600000,甲市
sub-b,2017,虚构培训资金,top,400000,甲市
""",
    "projects": """project,name,area,project_category,library_date,target,mechanism,households,investment
p1,虚构大棚,990000000000,industry,2017-01-05,增收,务工,20,500000
p2,虚构车间,990000000000,industry,2017-01-05,增收,务工,20,500000
""",
    "milestones": """milestone,project,phase,gate,planned_from,planned_to,forecast,actual,condition,blocker,blocker_since,updated
m1,p1,1,signed,2017-01-10,2017-01-10,#NA,2017-01-12,,,#NA,2017-06-25
m2,p1,1,started,2017-03-01,2017-03-31,2017-08-15,#NA,,土地手续未办,2017-05-01,2017-06-25
m3,p1,1,built,2017-09-01,2017-10-31,2018-01-31,#NA,,,#NA,2017-06-25
m4,p2,1,signed,2017-02-01,2017-02-01,#NA,2017-02-01,,,#NA,2017-06-25
m5,p2,1,started,2017-08-05,2017-08-10,#NA,#NA,,,#NA,2017-06-25
""",
    "outputs": """output,project,product,quantity,unit,yearly
o1,p1,蔬菜,#NA,吨,1
""",
    "papers": """paper,project,gate,name,issuer,due,received
q1,p1,started,用地批复,虚构县国土局,2017-03-01,#NA
""",
    "benefits": """benefit,project,household,benefit_kind,period,promised,paid,verified
b1,p1,H1,wage,2017,3000.00,1234.56,1
b2,p1,H2,wage,2017,3000.00,2000.00,0
b3,p1,H1,rent,2017,500.00,#NA,0
b4,p1,H1,wage,2016,#NA,100.00,0
""",
    "transactions": """transaction,date,transaction_type,fund,period,project,household,giver,receiver,amount,source
t1,2017-01-10,11,sub-a,2017,p1,,甲市,虚构县,600000.00,
t2,2017-02-01,1,sub-a,2017,p1,,甲市,虚构县,500000.01,
t3,2017-02-20,3,sub-a,2017,p1,,虚构县,虚构合作社,300000.00,t2
t4,2017-03-10,4,sub-a,2017,p1,H1,虚构合作社,H1,1234.56,t3
t5,2017-03-11,4,sub-a,2017,p1,H2,虚构合作社,H2,2000.00,t3
t6,2017-06-10,1,sub-b,2017,,,甲市,虚构县,100000.00,
t7,2017-06-12,4,sub-b,2017,,H1,虚构县,H1,300.00,
""",
}
BAD = dict(TABLES)
BAD["funds"] = TABLES["funds"].replace("#NA,1000000", "sub-a,1000000")
BAD["projects"] = TABLES["projects"].replace("library_date", "start,finish,library_date").replace(
    "industry,2017", "industry,2017-09-01,2017-03-01,2017")
BAD["transactions"] = TABLES["transactions"] + "t8,2017-06-20,4,sub-b,2017,,H2,虚构县,H2,99700.01,t6\n"
BAD["partnerships"] = """partnership,helper_area,helped_area,since,until
w1,990000000000,990000000000,2016-01-01,2017-12-31
w2,990000000000,990000000000,2017-06-01,2018-12-31
"""
BAD["promises"] = """promise,party,promise_kind,text
r1,甲市,money,以后再说
"""


class Store:
    def __init__(self, tables):
        self.folder = tempfile.TemporaryDirectory(prefix="yaoshi-coop-")
        os.mkdir(os.path.join(self.folder.name, "in"))
        for name, text in tables.items():
            with open(os.path.join(self.folder.name, "in", name + ".csv"), "w", encoding="utf-8") as f:
                f.write(text)
        self.run("init", "c.db", "--pack", "cn-2016")
        if tables:
            self.run("import", "c.db", "in", "--apply")

    def run(self, *args, code=0):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=os.path.join(ROOT, "packs"), LANG="C.UTF-8", USER="tester")
        done = subprocess.run([PROGRAM, *args], cwd=self.folder.name, env=env, capture_output=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"{' '.join(args)}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode("utf-8-sig")

    def json(self, *args, code=0):
        return json.loads(self.run(*args, "--json", code=code), parse_float=Decimal)


class Cooperation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.access(PROGRAM, os.X_OK):
            raise unittest.SkipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
        cls.good = Store(TABLES)
        cls.bad = Store(BAD)

    @classmethod
    def tearDownClass(cls):
        cls.good.folder.cleanup()
        cls.bad.folder.cleanup()

    def test_projects(self):
        by_key = {p["project"]: p for p in self.good.json("project", "list", "c.db", *DAY)["projects"]}
        p1, p2 = by_key["p1"], by_key["p2"]
        self.assertEqual((p1["mark"], p1["next"], p1["due"], p1["blocker"]), ("late", "Started", "2017-08-15", "土地手续未办"))
        self.assertEqual(p1["slip"], 137)  # 2017-03-31 to 2017-08-15
        self.assertEqual((p2["mark"], p2["gate"], p2["due"], p2["slip"]), ("on_course", "Signed", "2017-08-10", 0))
        one = self.good.json("project", "show", "c.db", "p1", *DAY)
        self.assertEqual([m["gate"] for m in one["milestones"]], ["Signed", "Started", "Built"])
        self.assertEqual([m["slip"] for m in one["milestones"]], [2, 137, 92])
        self.assertEqual(one["outputs"][0]["promised"], None)  # nobody stated it
        self.assertTrue(one["papers"][0]["missing"])
        wage = one["benefits"][0]
        self.assertEqual((wage["promised"], wage["paid"], wage["verified"]),
                         (Decimal("6000.00"), Decimal("3234.56"), Decimal("1234.56")))
        self.assertEqual([(b["year"], b["records"], b["promised"], b["paid"], b["verified"]) for b in one["benefits"][1:]],
                         [(2017, 1, Decimal("500.00"), None, None), (2016, 1, None, Decimal("100.00"), Decimal("0.00"))])
        money = one["money"][0]
        self.assertEqual((money["received"], money["spent"], money["left"]),
                         (Decimal("500000.01"), Decimal("3234.56"), Decimal("496765.45")))
        self.assertIn("unknown", self.good.run("project", "show", "c.db", "p1", *DAY))
        self.good.run("project", "show", "c.db", "nobody", code=3)
        self.good.run("project", "walk", "c.db", code=2)

    def test_tree_adds_up(self):
        def sums(*more):
            rows = csv.DictReader(io.StringIO(self.good.run("fund", "flow", "c.db", "--csv", *DAY, *more)))
            return {r["fund"]: {k: Decimal(v) for k, v in r.items() if k not in ("name", "fund", "year") and v} for r in rows}
        whole, own = sums(), sums("--own")
        for column in ("committed", "received", "disbursed", "spent", "held", "out"):
            self.assertEqual(whole["top"][column], sum(own[f][column] for f in ("top", "sub-a", "sub-b")), column)
            self.assertEqual(whole[""][column], whole["top"][column])
        self.assertEqual(whole["top"]["received"], Decimal("600000.01"))
        for f in whole.values():
            self.assertEqual(f["received"] + f["overdrawn"], f["spent"] + f["held"] + f["out"])

    def test_ageing(self):
        ages = {r["fund"]: r for r in self.good.json("fund", "ageing", "c.db", *DAY)["funds"]}
        steps = ("to_30", "to_60", "to_90", "to_365", "to_730", "older")
        for r in ages.values():
            self.assertEqual(sum(r[s] for s in steps), r["idle"])
        self.assertEqual(ages["sub-b"]["to_30"], Decimal("99700.00"))
        self.assertEqual(ages["sub-a"]["to_365"], Decimal("496765.45"))
        self.assertEqual(ages["sub-a"]["oldest_days"], 149)

    def test_trace(self):
        steps = self.good.json("fund", "trace", "c.db", "t3", *DAY)["steps"]
        self.assertEqual([(s["transaction"], s["depth"]) for s in steps], [("t2", 0), ("t3", 1), ("t4", 2), ("t5", 2)])
        t3 = steps[1]
        self.assertEqual(t3["amount"], t3["passed_on"] + t3["left"])
        person = self.good.json("fund", "trace", "c.db", "H1", *DAY)["steps"]
        self.assertEqual([(s["of"], s["transaction"]) for s in person], [("t4", "t2"), ("t4", "t3"), ("t4", "t4"), ("t7", "t7")])
        self.good.run("fund", "trace", "c.db", "H9", code=3)

    def test_plan_is_asked_for(self):
        self.good.run("fund", "plan", "c.db", code=3)

    def test_plan_and_account_agree_to_the_fen(self):
        """What the plan uses of a fund and year is the sum of what its own list charges to them, row by row."""
        s = Store({})
        self.addCleanup(s.folder.cleanup)
        s.run("synth", "--persons", "400", "-o", "reg")
        s.run("import", "c.db", "reg", "--apply")
        s.run("plan", "c.db")
        s.run("import", "c.db", self.own_table(s, "transactions", "transaction,date,transaction_type,fund,period,amount\n"
                                               "t1,2016-03-01,1,HZ,2016,100000.07\nt2,2016-04-01,4,HZ,2016,40000.03\n"), "--apply")
        listed = collections.Counter()
        for row in csv.DictReader(io.StringIO(s.run("export", "c.db", "--what", "plan", "-o", "-", "--lang", "en"))):
            for part in filter(None, (row["funds (fund year: amount)"] or "").split("; ")):
                name, year, amount = re.fullmatch(r"(.*) (\d{4}): ([\d.]+)", part).groups()
                listed[name, int(year)] += Decimal(amount)
        rows = s.json("fund", "plan", "c.db")["funds"]
        planned = {(r["name"], r["year"]): r["planned"] for r in rows if r["planned"]}
        self.assertGreater(len(planned), 10)
        self.assertEqual(planned, dict(listed))
        one = next(r for r in rows if (r["fund"], r["year"]) == ("HZ", 2016))
        self.assertEqual((one["received"], one["spent"]), (Decimal("100000.07"), Decimal("40000.03")))
        self.assertEqual(one["planned_less_received"], one["planned"] - one["received"])
        self.assertEqual(one["planned_less_spent"], one["planned"] - one["spent"])

    @staticmethod
    def own_table(store, name, text):
        path = os.path.join(store.folder.name, name + ".csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def test_findings_have_numbers(self):
        found = {(f["rule"], f["record"]) for f in self.bad.json("coop", "check", "c.db", *DAY, code=3)["findings"]}
        for finding in (("C01", "r1"), ("C03", "p1"), ("C06", "w2"), ("C07", "t8"), ("C08", "top")):
            self.assertIn(finding, found)
        # nothing is lost: each fund is still counted once
        rows = self.bad.json("fund", "flow", "c.db", *DAY)["funds"]
        self.assertEqual(rows[-1]["received"], Decimal("600000.01"))


if __name__ == "__main__":
    unittest.main()
