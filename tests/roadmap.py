#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Roadmap and timetable: every dated thing of the record stands in poster, project file, workbook and calendar, on its day."""
import csv
import datetime
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

from tests import ROOT, needs_program, run

DAY = ["--date", "2017-06-30"]
NS = "{http://schemas.microsoft.com/project}"
# Fictitious: one project on time, one late with a condition, a task, a promise, an event with words that need escaping.
TABLES = {
    "areas": "area,level,parent,name\n990000000000,county,,虚构县\n",
    "projects": """project,name,area,project_category,library_date,target,mechanism,households,investment
p1,虚构大棚,990000000000,industry,2017-01-05,增收,务工,20,500000
p2,虚构车间,990000000000,industry,2017-01-05,增收,务工,20,500000
""",
    "milestones": """milestone,project,phase,gate,planned_from,planned_to,forecast,actual,condition,blocker,blocker_since,updated,after
m1,p1,1,signed,2017-01-10,2017-01-10,#NA,2017-01-12,,,#NA,2017-06-25,
m2,p1,1,started,2017-03-01,2017-03-31,2017-08-15,#NA,,,#NA,2017-06-25,
m3,p2,1,signed,2017-02-01,2017-02-01,#NA,2017-02-01,,,#NA,2017-06-25,
m4,p2,1,started,2017-08-05,2017-08-10,#NA,#NA,获得批准,,#NA,2017-06-25,
m5,p2,1,built,#NA,#NA,#NA,#NA,,,#NA,2017-06-25,
m6,p1,1,running,2017-10-01,2017-10-01,#NA,#NA,签约后,,#NA,2017-06-25,m1
""",
    "tasks": """task,task_kind,text,owner,area,due,closed,updated
t1,task,开通用水""" + "，接通每一户" * 150 + """,虚构县水利局,990000000000,2017-07-15,#NA,2017-06-25
""",
    "events": """event,name,event_kind,start,end,host,area
e1,"联席会议，第一次; 一、二议题很长很长很长很长很长很长很长很长很长很长很长很长",forum,2017-05-02,2017-05-04,虚构县,990000000000
""",
}
DATED = {"milestone-m1": ("2017-01-12", 1), "milestone-m2": ("2017-08-15", 1), "milestone-m3": ("2017-02-01", 1),
         "milestone-m4": ("2017-08-05", 6), "milestone-m6": ("2017-10-01", 1), "task-t1": ("2017-07-15", 1), "event-e1": ("2017-05-04", 1)}


def calendar(text):
    """A strict reader of RFC 5545's lines: events as dictionaries."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is cut
    events = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("BEGIN", "END"):
            value = re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), value)
            assert name not in events[-1], name
            events[-1][name] = value
    return events


@needs_program
class Roadmap(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="yaoshi-roadmap-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.mkdir(os.path.join(cls.folder, "in"))
        for name, text in TABLES.items():
            with open(os.path.join(cls.folder, "in", name + ".csv"), "w", encoding="utf-8") as f:
                f.write(text)
        cls.run_yaoshi("init", "c.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "c.db", "in", "--apply")
        cls.run_yaoshi("init", "empty.db", "--pack", "cn-2016")
        cls.run_yaoshi("init", "q.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "q.db", os.path.join(ROOT, "examples", "qingdao-heze-2016"), "--apply")

    @classmethod
    def run_yaoshi(cls, *args, code=0, lang="zh"):
        r = run(*args, "--lang", lang, cwd=cls.folder)
        if r.code != code:
            raise AssertionError(str(r))
        return r.out if code == 0 else r.err

    def made(self, paper, name, *args, db="c.db", lang="zh"):
        self.run_yaoshi("print", paper, db, "-o", name, "--force", *(args or DAY), lang=lang)
        with open(os.path.join(self.folder, name), "rb") as f:
            return f.read()

    def test_calendar(self):
        events = calendar(self.made("timetable", "t.ics").decode())
        self.assertEqual({e["UID"].split("@")[0] for e in events}, set(DATED))
        for e in events:
            day, length = DATED[e["UID"].split("@")[0]]
            start = datetime.datetime.strptime(e["DTSTART;VALUE=DATE"], "%Y%m%d").date()
            end = datetime.datetime.strptime(e["DTEND;VALUE=DATE"], "%Y%m%d").date()
            if e["UID"].startswith("event"):
                day, length = "2017-05-04", 1  # over: the day it ended
            self.assertEqual((start.isoformat(), (end - start).days), (day, length), e)
            self.assertEqual(e["SEQUENCE"], "1")
            self.assertRegex(e["DTSTAMP"], r"^20170115T\d{6}Z$")
        by = {e["UID"].split("@")[0]: e for e in events}
        self.assertEqual(by["milestone-m4"]["STATUS"], "TENTATIVE")
        self.assertIn("获得批准", by["milestone-m4"]["DESCRIPTION"])
        self.assertEqual(by["milestone-m6"]["STATUS"], "CONFIRMED")  # the gate it waited for has been reached
        self.assertNotIn("签约后", by["milestone-m6"]["DESCRIPTION"])
        self.assertIn("，接通每一户" * 150, by["task-t1"]["SUMMARY"])  # nothing is cut
        self.assertIn(TABLES["events"].split('"')[1], by["event-e1"]["SUMMARY"])
        self.assertEqual(by["task-t1"]["DESCRIPTION"].split("\n")[0], "虚构县水利局")

    def test_calendar_follows_the_record(self):
        """A new forecast: the same events, a higher sequence, the other day."""
        before = calendar(self.made("timetable", "a.ics").decode())
        shutil.copytree(os.path.join(self.folder, "in"), os.path.join(self.folder, "later"))
        with open(os.path.join(self.folder, "later", "milestones.csv"), "w", encoding="utf-8") as f:
            f.write(TABLES["milestones"].replace("2017-08-15", "2017-09-30"))
        for name in ("c.db", "c.db.key"):
            shutil.copy(os.path.join(self.folder, name), os.path.join(self.folder, name.replace("c.db", "d.db")))
        self.run_yaoshi("import", "d.db", "later", "--apply")
        after = calendar(self.made("timetable", "b.ics", db="d.db").decode())
        self.assertEqual({e["UID"] for e in before}, {e["UID"] for e in after})
        moved = next(e for e in after if e["UID"].startswith("milestone-m2@"))
        self.assertEqual((moved["DTSTART;VALUE=DATE"], moved["SEQUENCE"]), ("20170930", "2"))

    def test_workbook(self):
        self.made("timetable", "t.xlsx")
        with zipfile.ZipFile(os.path.join(self.folder, "t.xlsx")) as z:
            names = ElementTree.fromstring(z.read("xl/workbook.xml"))
            sheets = [s.get("name") for s in names.iter() if s.tag.endswith("}sheet")]
            strings = "".join(z.read(n).decode() for n in z.namelist() if n.startswith("xl/worksheets/"))
        self.assertEqual(sheets, ["按时间", "按单位"])
        for word in ("虚构大棚", "虚构车间", "开通用水", "虚构县水利局", "获得批准"):
            self.assertIn(word, strings)
        one = json.loads(self.run_yaoshi("print", "timetable", "c.db", "-o", "u.xlsx", "--force", "--unit", "虚构县水利局", "--json", *DAY))
        self.assertEqual(one["rows"], 1)
        self.assertIn("没有带日期", self.run_yaoshi("print", "timetable", "c.db", "-o", "u2.xlsx", "--unit", "无此单位", code=3))

    def test_project_file(self):
        root = ElementTree.fromstring(self.made("roadmap", "r.xml"))
        tasks = [{c.tag.replace(NS, ""): c for c in t} for t in root.iter(NS + "Task")]
        text = lambda t, k: t[k].text if k in t else None
        self.assertEqual([text(t, "UID") for t in tasks], [str(i + 1) for i in range(len(tasks))])
        levels = [int(text(t, "OutlineLevel")) for t in tasks]
        self.assertEqual(levels.count(2), len(DATED))
        self.assertEqual(levels[0], 1)
        started = next(t for t in tasks if text(t, "Start") == "2017-08-15T17:00:00" and text(t, "Milestone") == "1")
        self.assertEqual(started["Baseline"].find(NS + "Finish").text, "2017-03-31T17:00:00")
        self.assertEqual(text(started, "PercentComplete"), "0")
        signed = next(t for t in tasks if text(t, "ActualFinish") == "2017-01-12T17:00:00")
        self.assertEqual(started["PredecessorLink"].find(NS + "PredecessorUID").text, text(signed, "UID"))
        self.assertEqual(text(signed, "PercentComplete"), "100")

    def test_poster(self):
        if shutil.which("pdftotext") is None:
            self.skipTest("pdftotext is not installed (poppler-utils)")
        self.made("roadmap", "r.pdf")
        out = subprocess.run(["pdftotext", "-layout", "r.pdf", "-"], cwd=self.folder, capture_output=True, check=True).stdout.decode()
        for word in ("路线图", "2017-06-30", "虚构大棚", "虚构车间", "虚构县水利局", "晚137天", "获得批准", "今天"):
            self.assertIn(word, re.sub(r"\s", "", out))
        size = subprocess.run(["pdfinfo", "r.pdf"], cwd=self.folder, capture_output=True, check=True).stdout.decode()
        self.assertRegex(size, r"Page size: +1190\.\d+ x 841\.\d+ pts \(A3\)")
        svg = ElementTree.fromstring(self.made("roadmap", "r.svg"))
        self.assertTrue(svg.tag.endswith("svg"))

    def test_every_date_of_the_case(self):
        """Exported milestones, tasks, promises and events with a date are the calendar's events."""
        uids = {e["UID"].split("@")[0] for e in calendar(self.made("timetable", "q.ics", db="q.db").decode())}
        want = set()
        for kind, fields in (("milestone", ("planned_to", "forecast", "actual")), ("task", ("due",)), ("promise", ("due",)), ("event", ("start", "end"))):
            self.run_yaoshi("export", "q.db", "--what", "records", "--kind", kind, "-o", kind + ".csv")
            with open(os.path.join(self.folder, kind + ".csv"), encoding="utf-8-sig") as f:
                rows = list(csv.DictReader(io.StringIO(f.read())))
            if rows:
                names = {n for n in rows[0]}
                self.assertTrue(names & set(fields), names)
            want |= {f"{kind}-{r[kind]}" for r in rows if any(re.match(r"\d{4}-", r.get(f) or "") for f in fields)}
        self.assertGreater(len(want), 10)
        self.assertEqual(uids, want)

    def test_same_bytes_and_refusals(self):
        for paper, names in (("roadmap", ("r.pdf", "r.svg", "r.xml")), ("timetable", ("t.xlsx", "t.ics"))):
            for name in names:
                self.assertEqual(self.made(paper, name), self.made(paper, name))
        self.assertIn("不能写成", self.run_yaoshi("print", "roadmap", "c.db", "-o", "r.docx", code=2))
        self.assertIn("不能写成", self.run_yaoshi("print", "timetable", "c.db", "-o", "t.pdf", code=2))
        self.run_yaoshi("print", "roadmap", "empty.db", "-o", "x.pdf", code=3)
        self.run_yaoshi("print", "timetable", "empty.db", "-o", "x.ics", code=3)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "x.pdf")) or os.path.exists(os.path.join(self.folder, "x.ics")))


if __name__ == "__main__":
    unittest.main()
