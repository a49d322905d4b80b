#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Documents of published standards and the two ledgers: IATI, OC4IDS, GeoJSON, Data Package, project library, money.

The fixture is FICTITIOUS: projects, firms and money below are made up for the test.  The example of Qingdao and Heze is exported too.
"""
import csv
import datetime
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))
SHARED = os.environ.get("YAOSHI_SHARED") or os.path.join(ROOT, "..", "shared")
FICTITIOUS = {
    "providers.csv": "provider,name,area,provider_kind\nfirm,虚构公司 <甲&乙>,371722000000,enterprise\n",
    "projects.csv": "project,name,area,investor,project_category,project_nature,responsible,task,start,finish,investment,target,activity_status,note\n"
                    "x a/1,虚构项目一,371722000000,firm,energy,new,虚构局,建设,2016-03-01,2016-12-01,1000.05,户增收,2,fictitious\n"
                    "late,虚构项目二,371724000000,,industry,new,,,,,,,1,fictitious\n",
    "milestones.csv": "milestone,project,phase,gate,planned_from,planned_to,actual,evidence\nm1,x a/1,1,signed,,2016-02-01,2016-02-02,\n"
                      "m2,x a/1,1,started,,2016-03-01,2016-03-03,\nm3,x a/1,1,built,,2016-12-01,,\n",
    "outputs.csv": "output,project,product,quantity,unit,yearly,actual\no1,x a/1,虚构产出,12.5,吨,0,3\no2,x a/1,不知多少,#NA,吨,0,#NA\n",
    "funds.csv": "fund,period,name,amount,giver,source_kind\nf,2016,虚构资金,5000.50,虚构市,cooperation\ng,2016,空资金,#NA,,central\n",
    "households.csv": "household,area,head_name\nhh-secret-9,371722002004,张秘密\n",
    "transactions.csv": "transaction,date,transaction_type,fund,period,project,household,giver,receiver,amount,source,note\n"
                        "t0,2016-01-05,11,f,2016,,,虚构市,,5000.50,,\n"
                        "t1,2016-02-05,1,f,2016,,,虚构市,虚构县,4000.10,,\n"
                        "t2,2016-03-05,3,f,2016,x a/1,,虚构县,虚构公司 <甲&乙>,1000.05,t1,a \"quoted\" & <b>\n"
                        "t3,2016-04-05,4,f,2016,x a/1,,,,300.01,t2,\n"
                        "t4,2016-05-05,4,f,2016,,hh-secret-9,,张秘密,200.00,t1,给张秘密\n"
                        "t5,2099-01-01,1,f,2016,,,,,7.77,,\n",
}


class Standards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.access(PROGRAM, os.X_OK):
            raise unittest.SkipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
        cls.folder = tempfile.mkdtemp(prefix="yaoshi-standards-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.mkdir(cls.path("in"))
        shutil.copy(os.path.join(ROOT, "packs", "cn-2016", "areas", "areas.csv"), cls.path("in/areas.csv"))
        for name, text in FICTITIOUS.items():
            with open(cls.path("in/" + name), "w", encoding="utf-8") as f:
                f.write(text)
        cls.run_yaoshi("init", "f.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "f.db", "in", "--apply")
        cls.run_yaoshi("init", "e.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "e.db", os.path.join(ROOT, "examples", "qingdao-heze-2016"), "--apply")

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def run_yaoshi(cls, *args, code=0, packs=os.path.join(ROOT, "packs")):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=packs, LANG="C.UTF-8", USER="tester", SOURCE_DATE_EPOCH="1480000000")
        done = subprocess.run([PROGRAM, *args, "--lang", "en"], cwd=cls.folder, env=env, capture_output=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"{' '.join(args)}: exit {done.returncode}, wanted {code}\n{done.stderr.decode()}")
        return done.stdout.decode("utf-8-sig") if code == 0 else done.stderr.decode()

    @classmethod
    def export(cls, what, db="f.db", *more):
        return cls.run_yaoshi("export", db, "--what", what, "-o", "-", *more)

    def table(self, what, db="f.db"):
        return list(csv.DictReader(io.StringIO(self.export(what, db))))

    def test_iati(self):
        order = ["iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status", "activity-date",
                 "recipient-country", "location", "sector", "budget", "transaction", "related-activity", "result"]
        for db, activities, left in (("f.db", 3, 1), ("e.db", None, None)):
            done = json.loads(self.run_yaoshi("export", db, "--what", "iati", "-o", db + ".xml", "--json"))
            root = ElementTree.parse(self.path(db + ".xml")).getroot()
            self.assertEqual(root.get("version"), "2.03")
            if activities is not None:
                self.assertEqual((len(root), done["left_out"]), (activities, left))
            self.assertEqual(len(root), done["rows"])
            self.assertGreater(len(root), 0)
            ids = [a.findtext("iati-identifier") for a in root]
            self.assertEqual(len(ids), len(set(ids)))
            for a in root:
                places = [order.index(e.tag) for e in a]
                self.assertEqual(places, sorted(places))
                for tag in order[:7]:
                    self.assertIsNotNone(a.find(tag), tag)
                self.assertIn(a.find("activity-status").get("code"), list("123456"))
                self.assertTrue({d.get("type") for d in a.findall("activity-date")} & {"1", "2"})
                for d in a.findall("activity-date"):
                    if d.get("type") in "24":
                        self.assertLessEqual(d.get("iso-date"), "2016-11-24")
                self.assertRegex(a.findtext("iati-identifier"), r"^[^/&|? ]+$")
                for ref in a.findall("related-activity"):
                    self.assertIn(ref.get("ref"), ids)

    def test_iati_schema(self):
        schema = os.path.join(SHARED, "data", "iati", "iati-activities-schema.xsd")
        if shutil.which("xmllint") is None:
            self.skipTest("xmllint is not installed (libxml2-utils)")
        if not os.path.exists(schema):
            self.skipTest("the schema of IATI 2.03 (shared/data/iati) is not here")
        for db in ("f.db", "e.db"):
            self.run_yaoshi("export", db, "--what", "iati", "-o", db + ".schema.xml")
            subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, self.path(db + ".schema.xml")], check=True)

    def test_iati_sums_are_the_ledgers(self):
        root = ElementTree.fromstring(self.export("iati"))
        sums, seen = {}, []
        for t in root.iter("transaction"):
            kind = t.find("transaction-type").get("code")
            sums[kind] = sums.get(kind, 0) + Decimal(t.findtext("value"))
            seen.append(t.get("ref"))
        self.assertEqual(sorted(seen), ["t0", "t1", "t2", "t3", "t4"])  # t5 lies in the future
        fund = self.table("funds")[0]
        for kind, column in (("11", "committed to the fund"), ("1", "received"), ("3", "disbursed"), ("4", "spent")):
            self.assertEqual(sums[kind], Decimal(fund[column]), column)
        self.assertEqual(sums, {"11": Decimal("5000.50"), "1": Decimal("4000.10"), "3": Decimal("1000.05"), "4": Decimal("500.01")})
        project = [a for a in root if a.get("hierarchy") == "2"][0]
        self.assertEqual([t.get("ref") for t in project.iter("transaction")], ["t2", "t3"])
        self.assertEqual(project.find("transaction/receiver-org/narrative").text, "虚构公司 <甲&乙>")
        self.assertEqual(project.find("result/indicator/period/target").get("value"), "12.5")
        self.assertIsNone(project.findall("result")[1].find("indicator/period"))  # not known stays out

    def test_money(self):
        f, g = self.table("funds")
        self.assertEqual(Decimal(f["held"]), Decimal("2800.05"))  # 4000.10 - 1000.05 - 200.00
        self.assertEqual(Decimal(f["disbursed and not spent"]), Decimal("700.04"))
        ages = ["idle up to 30 days", "31 to 60 days", "61 to 90 days", "91 days to a year", "1 to 2 years", "over 2 years"]
        self.assertEqual(sum(Decimal(f[a]) for a in ages), Decimal("3500.09"))
        self.assertEqual(g["planned"], "")
        self.run_yaoshi("export", "f.db", "--what", "funds", "-o", "funds.xlsx")
        self.assertGreater(os.path.getsize(self.path("funds.xlsx")), 1000)

    def test_projects(self):
        rows = {r["project"]: r for r in self.table("projects")}
        self.assertEqual(set(rows), {"x a/1", "late"})
        self.assertEqual(Decimal(rows["x a/1"]["paid by the cooperation"]), Decimal("1000.05"))
        self.assertEqual(rows["x a/1"]["paid by budgets"], "")
        self.assertEqual(rows["late"]["investment"], "")

    def test_oc4ids(self):
        for db in ("f.db", "e.db"):
            package = json.loads(self.export("oc4ids", db))
            self.assertEqual(package["version"], "0.9")
            for key in ("uri", "publishedDate", "publisher", "projects"):
                self.assertTrue(package[key], key)
            ids = [p["id"] for p in package["projects"]]
            self.assertEqual(len(ids), len(set(ids)))
            for p in package["projects"]:
                self.assertIn(p["status"], ("identification", "preparation", "implementation", "completion", "completed", "cancelled"))
                for m in p.get("milestones", []):
                    self.assertIn(m["status"], ("scheduled", "met", "notMet", "partiallyMet"))
                    self.assertEqual(m["status"] == "met", "dateMet" in m)
        one = [p for p in json.loads(self.export("oc4ids"))["projects"] if p["id"].endswith("x a/1")][0]
        self.assertEqual(one["budget"]["amount"], {"amount": 1000.05, "currency": "CNY"})
        self.assertEqual([o["observations"][0]["measure"] for o in one["forecasts"]], ["12.5"])
        self.assertEqual([m["status"] for m in one["milestones"]], ["met", "met", "scheduled"])

    def test_geojson(self):
        whole = json.loads(self.export("geojson"))
        borders = 0
        for f in whole["features"]:
            g = f["geometry"]
            if g is None:
                continue
            parts = {"Point": lambda c: [], "Polygon": lambda c: [c], "MultiPolygon": lambda c: c}[g["type"]](g["coordinates"])
            for rings in parts:
                borders += 1
                for i, ring in enumerate(rings):
                    self.assertEqual(ring[0], ring[-1])
                    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
                    self.assertEqual(twice > 0, i == 0)
                    for lng, lat in ring:
                        self.assertTrue(114 < lng < 117 and 34 < lat < 37, (lng, lat))
        self.assertEqual(borders, 9)
        points = {f["properties"]["project"]: f for f in whole["features"] if f["properties"]["kind"] == "project"}
        self.assertEqual(points["late"]["properties"]["centre_of"], "371724000000")
        # the first corner of Mudan is shifted from GCJ-02 by some hundred metres, not more and not less
        with open(os.path.join(ROOT, "packs", "cn-2016", "areas", "heze_counties.geojson"), encoding="utf-8") as f:
            before = {x["id"]: x["geometry"]["coordinates"][0] for x in json.load(f)["features"]}
        for f in whole["features"]:
            if f["geometry"] is not None and f["properties"]["kind"] == "area":
                old = before[f["properties"]["area"]]
                new = f["geometry"]["coordinates"][0]
                for a, b in (((min(p[k] for p in old), min(p[k] for p in new))) for k in (0, 1)):
                    self.assertTrue(0.0002 < abs(a - b) < 0.01, (a, b))

    def test_a_wrong_coordinate_is_no_place(self):
        packs = self.path("packs")
        shutil.copytree(os.path.join(ROOT, "packs", "cn-2016"), os.path.join(packs, "cn-2016"))
        borders = os.path.join(packs, "cn-2016", "areas", "heze_counties.geojson")
        with open(borders, encoding="utf-8") as f:
            whole = json.load(f)
        whole["features"][0]["geometry"]["coordinates"][0][1][0] = "115"
        with open(borders, "w", encoding="utf-8") as f:
            json.dump(whole, f)
        self.run_yaoshi("init", "wrong.db", "--pack", "cn-2016", packs=packs)
        self.run_yaoshi("import", "wrong.db", "in", "--apply", packs=packs)
        said = self.run_yaoshi("export", "wrong.db", "--what", "geojson", "-o", "wrong.geojson", code=DATA, packs=packs)
        self.assertIn("coordinates of a border are wrong", said)
        self.assertFalse(os.path.exists(self.path("wrong.geojson")))

    def test_data_package(self):
        read = {"integer": int, "number": Decimal, "date": datetime.date.fromisoformat, "string": str, "boolean": {"1": True, "0": False}.__getitem__}
        for db in ("f.db", "e.db"):
            self.run_yaoshi("export", db, "--what", "datapackage", "-o", db + ".dp")
            with open(self.path(db + ".dp/datapackage.json"), encoding="utf-8") as f:
                package = json.load(f)
            self.assertEqual({r["path"] for r in package["resources"]} | {"datapackage.json"}, set(os.listdir(self.path(db + ".dp"))))
            for r in package["resources"]:
                with open(self.path(f"{db}.dp/{r['path']}"), encoding="utf-8", newline="") as f:
                    rows = list(csv.DictReader(f))
                fields = {x["name"]: x for x in r["schema"]["fields"]}
                self.assertTrue(rows)
                self.assertEqual(list(rows[0]), list(fields))
                keys = [tuple(row[k] for k in r["schema"]["primaryKey"]) for row in rows]
                self.assertEqual(len(keys), len(set(keys)), r["name"])
                for row in rows:
                    for name, x in fields.items():
                        limits = x.get("constraints", {})
                        self.assertFalse(limits.get("required") and row[name] == "", (r["name"], name))
                        if row[name] == "":
                            continue
                        value = read[x["type"]](row[name])
                        self.assertIn(value, limits.get("enum", [value]), (r["name"], name))
                        self.assertGreaterEqual(value, limits.get("minimum", value), (r["name"], name))
                        self.assertLessEqual(value, limits.get("maximum", value), (r["name"], name))
        with open(self.path("f.db.dp/transaction.csv"), encoding="utf-8", newline="") as f:
            rows = {r["transaction"]: r for r in csv.DictReader(f)}
        self.assertEqual(set(rows), {"t0", "t1", "t2", "t3", "t5"})  # t4 is about a household
        self.assertEqual(rows["t2"]["amount"], "1000.05")
        said = self.run_yaoshi("export", "f.db", "--what", "datapackage", "-o", "f.db.dp", code=CONFLICT)
        self.assertIn("exists", said)

    def test_nobody_is_in_them(self):
        self.run_yaoshi("export", "f.db", "--what", "datapackage", "-o", "private.dp")
        texts = [self.export(what) for what in ("iati", "oc4ids", "geojson", "funds", "projects")]
        for name in os.listdir(self.path("private.dp")):
            with open(self.path("private.dp/" + name), encoding="utf-8") as f:
                texts.append(f.read())
        for text in texts:
            self.assertNotIn("hh-secret-9", text)
            self.assertNotIn("张秘密", text)

    def test_same_bytes(self):
        for what in ("iati", "oc4ids", "geojson"):
            self.assertEqual(self.export(what), self.export(what))
        for out in ("a.dp", "b.dp"):
            self.run_yaoshi("export", "f.db", "--what", "datapackage", "-o", out)
        for name in os.listdir(self.path("a.dp")):
            with open(self.path("a.dp/" + name), "rb") as a, open(self.path("b.dp/" + name), "rb") as b:
                self.assertEqual(a.read(), b.read(), name)

    def test_bad_input(self):
        self.run_yaoshi("init", "empty.db", "--pack", "cn-2016")
        said = self.run_yaoshi("export", "empty.db", "--what", "iati", "-o", "no.xml", code=NOTFOUND)
        self.assertIn("no project or fund", said)
        self.assertFalse(os.path.exists(self.path("no.xml")))
        self.run_yaoshi("init", "other.db", "--pack", "at-eusilc")
        for what in ("oc4ids", "projects", "funds"):
            said = self.run_yaoshi("export", "other.db", "--what", what, "-o", "no.csv", code=NOTFOUND)
            self.assertIn("pack lacks", said)
            self.assertFalse(os.path.exists(self.path("no.csv")))
        said = self.run_yaoshi("export", "f.db", "--what", "iati", "-o", "-", "--publisher", "a b", code=USAGE)
        self.assertIn("publisher", said)


USAGE, DATA, NOTFOUND, CONFLICT = 2, 3, 3, 5  # exit codes (yaoshi --help)

if __name__ == "__main__":
    unittest.main()
