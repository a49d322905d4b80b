#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The papers people hand over, as a user gets them: the plan book as PDF and DOCX, key cards.

Text is read back with pdftotext (poppler) and out of the DOCX, and held against what the other commands say.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("YAOSHI") or os.path.join(ROOT, "build", "yaoshi"))


class Print(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.access(PROGRAM, os.X_OK):
            raise unittest.SkipTest("YAOSHI names no program (build it with: make build; YAOSHI=build/yaoshi)")
        if shutil.which("pdftotext") is None:
            raise unittest.SkipTest("pdftotext is not installed (poppler-utils)")
        cls.folder = tempfile.mkdtemp(prefix="yaoshi-print-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.run_yaoshi("synth", "--persons", "600", "--seed", "5", "-o", "in")
        cls.run_yaoshi("init", "h.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "h.db", "in", "--apply")
        cls.run_yaoshi("plan", "h.db")
        cls.run_yaoshi("pair", "h.db", "--keep")
        cls.run_yaoshi("init", "c.db", "--pack", "cn-2016")
        cls.run_yaoshi("import", "c.db", os.path.join(ROOT, "examples", "qingdao-heze-2016"), "--apply")

    @classmethod
    def run_yaoshi(cls, *args, code=0, lang="zh"):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YAOSHI", "LC_", "LANG"))}
        env = dict(kept, YAOSHI_PACKS=os.path.join(ROOT, "packs"), LANG="C.UTF-8", USER="tester", SOURCE_DATE_EPOCH="1480000000")
        done = subprocess.run([PROGRAM, *args, "--lang", lang], cwd=cls.folder, env=env, capture_output=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"{' '.join(args)}: exit {done.returncode}, wanted {code}\n{done.stderr.decode()}")
        return done.stdout.decode("utf-8-sig") if code == 0 else done.stderr.decode()

    def path(self, name):
        return os.path.join(self.folder, name)

    def text(self, name, *args):
        out = subprocess.run(["pdftotext", *args, self.path(name), "-"], capture_output=True, check=True).stdout.decode()
        return out

    def bytes(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def test_planbook_says_what_the_store_says(self):
        made = json.loads(self.run_yaoshi("print", "planbook", "h.db", "-o", "p.pdf", "--json"))
        text = re.sub(r"\s+", "", self.text("p.pdf"))
        self.assertEqual(self.text("p.pdf").count("\f"), made["pages"])
        self.assertEqual(made["missing_characters"], "")
        whole = json.loads(self.run_yaoshi("measure", "h.db", "--json"))
        self.assertIn(f"登记{whole['register_households']}户{whole['register_persons']}人", text)
        self.assertIn(f"低于贫困线的{whole['register_poor_households']}户{whole['register_poor_persons']}人", text)
        for chapter in ("一、基本情况", "二、贫根", "三、目标", "四、措施与资金", "结对", "保障与缺口"):
            self.assertIn(chapter, text)
        scope = re.search(r"<h1>(.+?)扶贫诊断与计划报告", self.run_yaoshi("report", "h.db", "-o", "-")).group(1)
        self.assertTrue(text.startswith(f"{scope}精准扶贫计划书"), text[:40])
        self.assertIn("合成数据", text)
        for page in range(1, made["pages"] + 1):  # a table that goes on has its header again
            self.assertIn(f"—{page}—", re.sub(r"\s+", "", self.text("p.pdf", "-f", str(page), "-l", str(page))))
        self.assertNotRegex(text, r"H\d{9}")  # no single household

    def test_planbook_of_a_cooperation_without_households(self):
        self.run_yaoshi("print", "planbook", "c.db", "-o", "c.pdf", "--date", "2017-02-15")
        text = re.sub(r"\s+", "", self.text("c.pdf"))
        self.assertIn("青岛市—菏泽市扶贫协作计划书", text)
        self.assertEqual(text.count("光伏扶贫农业综合体项目协议"), 3)
        self.assertIn("2017-04-01–2017-05-31", text)
        self.assertIn("110000台/年", text)
        self.assertNotIn("基本情况", text)

    def test_docx_has_the_same_words(self):
        self.run_yaoshi("print", "planbook", "c.db", "-o", "c2.pdf", "--date", "2017-02-15")
        self.run_yaoshi("print", "planbook", "c.db", "-o", "c.docx", "--date", "2017-02-15")
        with zipfile.ZipFile(self.path("c.docx")) as z:
            self.assertIsNone(z.testzip())
            for name in z.namelist():
                ElementTree.fromstring(z.read(name))  # every part is well-formed
            word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
            body = ElementTree.fromstring(z.read("word/document.xml"))
        docx = "".join(t.text or "" for t in body.iter(f"{word}t"))
        pdf = re.sub(r"\s+", "", self.text("c2.pdf"))
        for t in re.findall(r"[\u4e00-\u9fff]{4,}", docx):
            self.assertIn(t[:4], pdf)
        self.assertEqual(len(list(body.iter(f"{word}tblHeader"))), len(list(body.iter(f"{word}tbl"))))

    def test_same_bytes(self):
        for paper, db, end in (("planbook", "h.db", "pdf"), ("planbook", "h.db", "docx"), ("cards", "h.db", "pdf")):
            for name in ("s1.", "s2."):
                self.run_yaoshi("print", paper, db, "-o", name + end, "--force")
            self.assertEqual(self.bytes("s1." + end), self.bytes("s2." + end), (paper, end))

    def test_since(self):
        before = json.loads(self.run_yaoshi("log", "h.db", "--json"))["transactions"][-1]["transaction"]
        self.run_yaoshi("print", "planbook", "h.db", "-o", "since.pdf", "--since", str(before))
        text = re.sub(r"\s+", "", self.text("since.pdf"))
        self.assertIn("与上一版相比", text)
        self.assertRegex(text, r"有措施的户0\d+\+\d+")  # the plan came after that transaction

    def test_cards(self):
        made = json.loads(self.run_yaoshi("print", "cards", "h.db", "-o", "k.pdf", "--json"))
        pages = self.text("k.pdf").split("\f")[:-1]
        self.assertEqual(len(pages), made["cards"])
        keys = [re.search(r"yaoshi:(\w+):P0001", re.sub(r"\s+", "", p)).group(1) for p in pages]
        self.assertEqual(len(set(keys)), len(keys))
        self.assertNotRegex("".join(pages), r"\d{11}")  # phones are masked
        card = json.loads(self.run_yaoshi("show", "h.db", keys[0], "--json"))
        self.assertIn(keys[0], json.dumps(card))
        one = json.loads(self.run_yaoshi("print", "cards", "h.db", "-o", "one.pdf", "--household", keys[3], "--json"))
        self.assertEqual(one["cards"], 1)
        self.assertEqual(self.text("one.pdf").split("\f")[0], pages[3])
        self.run_yaoshi("print", "cards", "h.db", "-o", "full.pdf", "--unmask", "--household", keys[3])
        self.assertRegex(self.text("full.pdf"), r"电话 \d{11}")

    def test_bad_input(self):
        self.assertIn("没说写到哪里", self.run_yaoshi("print", "planbook", "h.db", code=2))
        self.assertIn("没有这种材料", self.run_yaoshi("print", "poem", "h.db", "-o", "x.pdf", code=2))
        self.assertIn("不能写成", self.run_yaoshi("print", "planbook", "h.db", "-o", "x.txt", code=2))
        self.assertIn("没有这一户", self.run_yaoshi("print", "cards", "h.db", "-o", "x.pdf", "--household", "nobody", code=3))
        self.run_yaoshi("print", "planbook", "c.db", "-o", "there.pdf")
        self.assertIn("已存在", self.run_yaoshi("print", "planbook", "c.db", "-o", "there.pdf", code=5))
        self.assertIn("写入失败", self.run_yaoshi("print", "planbook", "c.db", "-o", "no/where.pdf", code=1))
        self.run_yaoshi("init", "empty.db", "--pack", "cn-2016")
        self.run_yaoshi("print", "planbook", "empty.db", "-o", "e.pdf", code=3)
        for name in ("x.pdf", "x.txt", "e.pdf"):
            self.assertFalse(os.path.exists(self.path(name)), name)


if __name__ == "__main__":
    unittest.main()
