# SPDX-License-Identifier: Apache-2.0
"""Wrong input of every sort: a clear error in both languages, the exit code of its class, and a store that is as before."""
import os
import random
import signal
import subprocess
import threading
import time
import unittest
import zipfile
from pathlib import Path

from tests import DAY, KEY, PACKS, PROGRAM, Case, copy_store, environment, needs_program, office, run, sql

MIB = 1 << 20
HOME = "H000000001"  # is in every synthetic register
PERSON = HOME + "-1"


# ---- workbooks, written by hand so that they can be wrong ----

def cell(ref, value):
    if value.startswith("="):
        return f'<c r="{ref}"><f>{value[1:]}</f><v>2</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet_xml(rows, head=""):
    body = "".join(f'<row r="{i}">' + "".join(cell(chr(65 + k) + str(i), v) for k, v in enumerate(row)) + "</row>"
                   for i, row in enumerate(rows, 1))
    return (f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns='
            f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>')


def workbook(path, sheet):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
                   'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
                   'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
                   '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
                   '"/xl/worksheets/sheet1.xml" ContentType='
                   '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
                   f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="人员" sheetId="1" '
                   'r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
                   f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        with z.open("xl/worksheets/sheet1.xml", "w") as f:
            for part in sheet:
                f.write(part)


PEOPLE = [["person", "household", "name", "months_worked"], [PERSON, HOME, "甲", "3"], ["P-2", HOME, "乙", "4"]]


def good_workbook(path):
    workbook(path, [sheet_xml(PEOPLE).encode()])


def cut_workbook(path):
    good_workbook(path)
    data = path.read_bytes()
    path.write_bytes(data[:len(data) * 2 // 3])


def broken_member(path):
    good_workbook(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 40
    data[at:at + 40] = bytes(40)
    path.write_bytes(data)


def bomb(path):
    blank = b" " * MIB
    text = sheet_xml(PEOPLE).encode()
    cut = text.index(b"</sheetData>")
    workbook(path, [text[:cut], *[blank] * 200, text[cut:]])


def laughs(path):
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    workbook(path, [sheet_xml(PEOPLE[:1] + [[PERSON, HOME, "&l8;", "1"]], f"<!DOCTYPE worksheet [{entities}]>").encode()])


def one_gigabyte_line(path):
    with open(path, "wb") as f:
        f.write(b"person,household,name\n" + PERSON.encode() + b"," + HOME.encode() + b",")
        for _ in range(16):
            f.write(b"x" * MIB)
        f.truncate(1 << 30)  # the rest is a hole: nobody may read so far


def one_gigabyte_quote(path):
    with open(path, "wb") as f:
        f.write(b"person,household,name\n" + PERSON.encode() + b"," + HOME.encode() + b',"')
        for _ in range(16):
            f.write(b"a line of a cell that never ends\n" * (MIB // 33))
        f.truncate(1 << 30)


def text(content, encoding="utf-8"):
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))


# name, file, what writes it, status of the file's error (None: a fault of rows), row, column, words in zh, words in en
TABLES = [
    ("truncated workbook", "persons.xlsx", cut_workbook, "EDATA|ECORRUPT", 0, "", "损坏|没有下载完整", "damaged|cut short"),
    ("damaged member", "persons.xlsx", broken_member, "EDATA|ECORRUPT", 0, "", "损坏|解压", "damaged|unpack|inflate|invalid"),
    ("zip bomb", "persons.xlsx", bomb, "ELIMIT", 0, "", "压缩", "zip bomb|unpack"),
    ("DOCTYPE", "persons.xlsx", laughs, "EDATA", 0, "", "DOCTYPE|文档类型", "DOCTYPE|document type"),
    ("text called workbook", "persons.xlsx", text("PK\x03\x04 no workbook"), "EDATA|ECORRUPT", 0, "", "打不开|损坏", "cannot be opened|damaged"),
    ("wrong encoding", "persons.csv", text(b"person,household,name\n" + PERSON.encode() + b"," + HOME.encode() + b",\xff\xfe\x80\n"),
     "EDATA", 2, "", "GB18030", "GB18030"),
    ("damaged UTF-8 late in the file", "persons.csv",
     text(("person,household,name\n" + f"{PERSON},{HOME},张三\n" * 9000).encode() + f"{PERSON},{HOME},".encode() + b"\xe5\xbc\n"),
     "EDATA", 9002, "", "UTF-8|编码", "UTF-8"),
    ("NUL byte", "persons.csv", text(f"person,household,name\n{PERSON},{HOME},a\0b\n"), "EDATA", 2, "", "NUL", "NUL"),
    ("open quote", "persons.csv", text(f'person,household,name\n{PERSON},{HOME},"甲\n'), "EDATA", 2, "", "引号", "quote"),
    ("1 GB line", "persons.csv", one_gigabyte_line, "ELIMIT", 2, "", "超过", "longer than"),
    ("1 GB quoted cell", "persons.csv", one_gigabyte_quote, "ELIMIT", 2, "", "超过", "longer than"),
    ("5,000 columns", "persons.csv", text(",".join(f"c{i}" for i in range(5000)) + "\n"), "ELIMIT", 1, "", "列", "columns"),
    ("empty file", "persons.csv", text(""), "EDATA", 0, "", "空的", "empty"),
    ("unknown headers", "people.csv", text("foo,bar\n1,2\n"), "EDATA", 0, "", "认不出", "which kind"),
    ("missing key column", "persons.csv", text("name,sex,birth_date,health,months_worked\n甲,1,1980-01-01,01,3\n"), "EDATA", 0, "",
     "主键|认不出", "key|which kind"),
    ("duplicate person", "persons.csv", text(f"person,household\nP-7,{HOME}\nP-8,{HOME}\nP-7,{HOME}\n"), None, 4, "", "主键重复.*第4行.*第2行",
     "duplicate key.*row 4.*row 2"),
    ("30 February", "persons.csv", text(f"人编号,户编号,出生日期\n{PERSON},{HOME},2001年2月30日\n"), None, 2, "出生日期", "不是存在的日期",
     "not a date that exists"),
    ("negative wage", "persons.csv", text(f"person,household,wage\n{PERSON},{HOME},-500\n"), None, 2, "年务工收入", "超出允许范围", "outside the allowed range"),
    ("thirteen months", "persons.csv", text(f"person,household,months_worked\n{PERSON},{HOME},13\n"), None, 2, "务工时间", "超出允许范围",
     "outside the allowed range"),
    ("letters in an amount", "incomes.csv", text(f"household,period,line,amount\n{HOME},2016,wage,五百\n"), None, 2, "金额", "应为金额", "amount is wanted"),
    ("beyond 64 bits", "incomes.csv", text(f"household,period,line,amount\n{HOME},2016,wage,99999999999999999999\n"), None, 2, "金额", "应为金额",
     "amount is wanted"),
    ("thousandth of a yuan", "incomes.csv", text(f"household,period,line,amount\n{HOME},2016,wage,1.234\n"), None, 2, "金额", "小数位", "minor unit"),
    ("unknown code", "persons.csv", text(f"person,household,sex\n{PERSON},{HOME},男女\n"), None, 2, "性别", "不在代码表", "not in code list"),
    ("unknown income line", "incomes.csv", text(f"household,period,line,amount\n{HOME},2016,彩票,5\n"), None, 2, "收入项目", "不在代码表", "not in code list"),
    ("code bent by a spreadsheet", "households.csv", text(f"household,area\n{HOME},3.71702E+17\n"), None, 2, "行政村代码", "科学计数法",
     "scientific notation"),
    ("identity number bent", "persons.csv", text(f"person,household,id_number\n{PERSON},{HOME},3.72901E+17\n"), None, 2, "证件号码", "科学计数法",
     "scientific notation"),
    ("unknown area", "households.csv", text(f"household,area\n{HOME},371799999999\n"), None, 2, "", "引用落空.*371799999999", "refers to nothing.*371799999999"),
    ("person of no household", "persons.csv", text("person,household\nP-9,H999999999\n"), None, 2, "", "引用落空.*H999999999", "refers to nothing.*H999999999"),
    ("blank key", "persons.csv", text(f"person,household,name\n,{HOME},甲\n"), None, 2, "人编号", "主键不能为空", "key cannot be blank"),
    ("control character in a key", "persons.csv", text(f"person,household\nP\x01,{HOME}\n"), None, 2, "", "控制字符", "control character"),
    ("endless key", "persons.csv", text(f"person,household\n{'P' * 600},{HOME}\n"), None, 2, "", "512", "512"),
    ("more cells than headers", "persons.csv", text(f"person,household,name\n{PERSON},{HOME},甲,乙,丙\n"), None, 2, "", "5 格", "5 cells"),
]


@needs_program
class Tables(Case):
    """Each table of TABLES: refused as a whole, with the place and a fix, and nothing is written."""

    def faults_of(self, document):
        if "error" in document:
            return [document["error"]]
        return [e for e in document["events"] if e["what"] in ("invalid", "duplicate key", "refers to nothing")]

    def refused(self, case):
        _, name, write, status, row, column, zh, en = case
        write(self.folder / name)
        before = self.head()
        for lang, words in (("zh", zh), ("en", en)):
            r = self.run_fails(3, "import", "heze.db", name, "--apply", "--lang", lang)
            self.assertRegex(r.err, words)
            self.assertIn(name, r.err)
            self.assertRegex(r.err, "（.+）" if lang == "zh" else r"\(.+\)", "no way to mend it is named")
            if row:
                self.assertRegex(r.err, f"第 ?{row} ?行" if lang == "zh" else f"row {row}\\b")
            self.assertLess(r.seconds, 20)
            self.assertLess(r.peak_kib, 128 * 1024)
        r = self.run_fails(3, "import", "heze.db", name, "--apply", "--json")
        faults = self.faults_of(r.numbers)
        self.assertGreaterEqual(len(faults), 1, r)
        for f in faults:
            self.assertTrue(f["file"].endswith(name), f)
            self.assertTrue(f["fix_zh"] and f["fix_en"], f)
            self.assertEqual(f.get("row", 0), row, f)
            if column:
                self.assertEqual(f["column"], column)
        if status:
            self.assertIn(r.numbers["error"]["status"], status.split("|"))
        else:
            self.assertFalse(r.numbers["applied"])
        self.assertEqual(self.head(), before)
        self.run_ok("log", "heze.db", "--verify")
        (self.folder / name).unlink()

    def test_tables(self):
        self.take(2000)
        for case in TABLES:
            with self.subTest(case[0]):
                self.refused(case)

    def test_a_secret_is_not_shown_in_an_error(self):
        self.take(2000)
        (self.folder / "persons.csv").write_text(f"person,household,id_number,phone\n{PERSON},{HOME},3.72901E+17,1.39E+10\n")
        r = self.run_fails(3, "import", "heze.db", "persons.csv", "--json")
        self.assertNotIn("3.72901", r.out + r.err)
        self.assertNotIn("1.39E", r.out + r.err)

    def test_formulas_are_taken_and_told(self):
        self.take(2000)
        workbook(self.folder / "persons.xlsx", [sheet_xml(PEOPLE[:1] + [[PERSON, HOME, "甲", "=1+1"]]).encode()])
        r = self.run_ok("import", "heze.db", "persons.xlsx", "--json").numbers
        warnings = [e for e in r["events"] if e["what"] == "warning"]
        self.assertEqual(len(warnings), 1)
        self.assertRegex(warnings[0]["en"], "1 cells are formulas")
        self.assertRegex(warnings[0]["zh"], "公式")
        self.assertIn(["months_worked", "2"], [[e["field"], e["after"]] for e in r["events"] if e["what"] == "changed"])

    def test_columns_nobody_takes_are_told(self):
        self.take(2000)
        (self.folder / "persons.csv").write_text(f"person,household,name,姓名,颜色\n{PERSON},{HOME},甲,乙,红\n")
        r = self.run_ok("import", "heze.db", "persons.csv", "--json").numbers
        self.assertEqual([(e["column"], e["row"]) for e in r["events"] if e["what"] == "warning"], [("姓名", 1), ("颜色", 1)])
        self.assertEqual([e["after"] for e in r["events"] if e["what"] == "changed"], ["甲"])

    def test_other_encodings_are_read(self):
        self.take(2000)
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            (self.folder / "persons.csv").write_bytes(f"人编号,户编号,姓名\n{PERSON},{HOME},张某某\n".encode(encoding))
            r = self.run_ok("import", "heze.db", "persons.csv", "--json").numbers
            self.assertEqual([e["after"] for e in r["events"] if e["what"] == "changed"], ["张某某"], encoding)

    def test_negative_income_is_found_by_the_check(self):
        self.take(2000)
        (self.folder / "incomes.csv").write_text(f"household,period,line,amount\n{HOME},2016,wage,-500\n{HOME},2016,business_net,-9\n")
        self.run_ok("import", "heze.db", "incomes.csv", "--apply", "--valid-from", DAY)
        r = self.run_ok("check", "heze.db", "--list", "--lang", "zh")
        self.assertEqual(sum("收入或支出金额为负" in line and HOME in line for line in r.out.splitlines()), 1)

    def test_one_fault_stops_all_files(self):
        self.take(2000)
        before = self.head()
        (self.folder / "households.csv").write_text("household,area,debt\nH000000001,,77\n")
        (self.folder / "persons.csv").write_text("person,household\nP-9,H999999999\n")
        self.run_fails(3, "import", "heze.db", "households.csv", "persons.csv", "--apply")
        self.assertEqual(self.head(), before)


class Nobody(Case):
    def as_nobody(self):
        """A user whom permissions hold back: root becomes nobody (None: the tests do not run as root)."""
        if os.geteuid() != 0:
            return None
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, 65534, 65534)
        try:
            run("--version", cwd=self.folder, user=65534)
        except PermissionError:
            self.skipTest("runs as root, and nobody may not execute the program")
        return 65534


@needs_program
class Files(Nobody):
    """What is no table at all."""

    def refused(self, code, path, zh, en, **how):
        before = self.head()
        for lang, words in (("zh", zh), ("en", en)):
            r = self.run_fails(code, "import", "heze.db", path, "--apply", "--lang", lang, **how)
            self.assertRegex(r.err, words)
            self.assertIn(os.path.basename(str(path)), r.err)
        self.assertEqual(self.head(), before)

    def test_paths(self):
        self.take(2000)
        (self.folder / "leer").mkdir()
        (self.folder / "leer" / "notes.txt").write_text("no table")
        os.mkfifo(self.folder / "pipe.csv")
        self.refused(3, "nothere.csv", "没有这个文件", "no such file")
        self.refused(3, "leer", "没有 .csv", "no .csv")
        self.refused(3, "pipe.csv", "不是普通文件", "not an ordinary file", timeout=10)

    def test_unreadable(self):
        self.take(2000)
        user = self.as_nobody()
        (self.folder / "persons.csv").write_text("person,household\n")
        (self.folder / "persons.csv").chmod(0)
        self.refused(1, "persons.csv", "打不开|读", "cannot open", user=user)

    def test_mapping_and_template(self):
        self.take(2000)
        (self.folder / "persons.csv").write_text(f"a,b\n{PERSON},{HOME}\n")
        (self.folder / "m.json").write_text('{"files": [')
        before = self.head()
        for how in (("--mapping", "m.json"), ("--mapping", "nothere.json"), ("--template", "nonsense"), ("--kind", "nonsense")):
            r = run("import", "heze.db", "persons.csv", "--apply", *how, cwd=self.folder)
            self.assertIn(r.code, (1, 2, 3), r)
            self.assertRegex(r.err, "m.json|nothere.json|nonsense")
        self.assertEqual(self.head(), before)


@needs_program
class Usage(Case):
    WORDS = [
        ((), 2, "usage|COMMAND"),
        (("nonsense",), 2, "no command nonsense"),
        (("measure", "heze.db", "--nonsense"), 2, "no option --nonsense"),
        (("measure", "heze.db", "-x"), 2, "no option -x"),
        (("measure", "heze.db", "--json=yes"), 2, "takes no value"),
        (("measure", "heze.db", "--line"), 2, "wants"),
        (("measure", "heze.db", "another.db"), 2, "usage"),
        (("measure",), 2, "store|--csv"),
        (("import", "heze.db"), 2, "usage"),
        (("init",), 2, "usage"),
        (("init", "new.db"), 2, "--pack"),
        (("init", "new.db", "--pack", "nonsense"), 3, "no policy pack nonsense"),
        (("init", "heze.db", "--pack", "cn-2016"), 5, "exists already"),
        (("diagnose", "heze.db", "--threads", "many"), 2, "whole number"),
        (("diagnose", "heze.db", "--threads", "0"), 2, "whole number"),
        (("plan", "heze.db", "--alpha", "3"), 2, "whole number"),
        (("plan", "heze.db", "--verify"), 3, "plan"),
        (("plan", "heze.db", "--verify", "--version", "P0099"), 3, "P0099|plan"),
        (("import", "heze.db", "heze", "--valid-from", "2016-02-30"), 2, "date"),
        (("measure", "heze.db", "--date", "yesterday"), 2, "date"),
        (("measure", "heze.db", "--as-of", "-1"), 2, "whole number"),
        (("measure", "heze.db", "--as-of", "99999999999999999999"), 2, "whole number"),
        (("synth", "--persons", "99", "-o", "x"), 2, "100"),
        (("synth", "--persons", "1e3", "-o", "x"), 2, "whole number"),
        (("synth", "--persons", "1000"), 2, "-o"),
        (("measure", "--csv", "nothere.csv", "--income", "y", "--line", "5"), None, "nothere.csv"),
        (("measure", "--csv", "t.csv", "--income", "nope", "--line", "5"), 3, "nope"),
        (("measure", "--csv", "t.csv", "--income", "y", "--line", "-5"), 2, "--line"),
        (("measure", "--csv", "t.csv", "--income", "y"), 2, "--line"),
        (("measure", "nothere.db"), 3, "nothere.db"),
        (("backup", "nothere.db", "b.db"), 3, "nothere.db"),
        (("restore", "heze.db", "heze.db"), None, "heze.db"),
        (("restore", "new.db", "nothere.db"), 3, "nothere.db"),
        (("pack", "check", "nothere"), 3, "nothere"),
    ]

    def test_words(self):
        self.take(2000)
        (self.folder / "t.csv").write_text("y\n1\n")
        before = self.head()
        for args, code, words in self.WORDS:
            with self.subTest(" ".join(args)):
                r = run(*args, cwd=self.folder)
                if code is None:
                    self.assertIn(r.code, (1, 2, 3, 5), r)
                else:
                    self.assertEqual(r.code, code, r)
                self.assertRegex(r.out + r.err if not args else r.err, words)
                if args:
                    zh = run(*args, cwd=self.folder, env={**environment(), "YAOSHI_LANG": "zh"})
                    self.assertRegex(zh.err, "[\u4e00-\u9fff]{2}")
                    self.assertNotIn("\n\n", r.err.rstrip())
        self.assertEqual(self.head(), before)
        self.assertFalse((self.folder / "new.db").exists() or (self.folder / "x").exists())

    def test_json_of_a_failure_is_one_document(self):
        self.take(2000)
        for args in (("measure", "nothere.db"), ("import", "heze.db", "nothere.csv"), ("plan", "heze.db", "--verify")):
            r = run(*args, "--json", cwd=self.folder)
            self.assertNotEqual(r.code, 0)
            error = r.numbers["error"]
            self.assertTrue(error["zh"] and error["en"] and error["status"])


@needs_program
class Stores(Nobody):
    """What is given as a store but is none, or cannot be written."""

    def test_no_database(self):
        (self.folder / "heze.db").write_bytes(b"person,household\n" * 1000)
        (self.folder / "empty.db").write_bytes(b"")
        for command in (("measure", "heze.db"), ("log", "heze.db", "--verify"), ("import", "heze.db", "."), ("measure", "empty.db")):
            r = run(*command, cwd=self.folder)
            self.assertIn(r.code, (1, 3), r)
            self.assertIn(command[1], r.err)
        self.assertEqual((self.folder / "heze.db").read_bytes(), b"person,household\n" * 1000)
        self.assertEqual((self.folder / "empty.db").read_bytes(), b"")

    def test_damaged_database(self):
        db = self.take(2000)
        data = bytearray(db.read_bytes())
        for page in range(40, len(data) // 8192, 3):
            data[page * 8192:page * 8192 + 512] = bytes(512)
        db.write_bytes(data)
        for command in (("measure", "heze.db"), ("log", "heze.db", "--verify"), ("backup", "heze.db", "b.db")):
            r = self.run_fails(1, *command)
            self.assertTrue(r.err.strip())
        self.assertFalse((self.folder / "b.db").exists())

    def test_keys(self):
        self.take(2000)
        before = self.head()
        key = self.folder / "heze.db.key"
        key.write_text("not a key\n")
        self.run_fails(3, "measure", "heze.db")
        key.write_text("77" * 32 + "\n")
        r = run("import", "heze.db", "heze/persons.csv", "--apply", cwd=self.folder)
        self.assertIn(r.code, (1, 3, 4, 5), r)
        self.assertRegex(r.err, "key")
        key.unlink()
        self.run_ok("measure", "heze.db")
        r = run("import", "heze.db", "heze/persons.csv", "--apply", cwd=self.folder)
        self.assertNotEqual(r.code, 0, r)
        self.assertRegex(r.err, "key")
        key.write_text(KEY)
        self.assertEqual(self.head(), before)
        self.run_ok("log", "heze.db", "--verify")

    def test_read_only_folder(self):
        self.take(2000)
        user = self.as_nobody()
        self.folder.chmod(0o500)
        try:
            for words in (("init", "new.db", "--pack", "cn-2016"), ("backup", "heze.db", "copy.db")):
                r = run(*words, cwd=self.folder, user=user)
                self.assertIn(r.code, (1, 4), r)
                self.assertRegex(r.err, words[1])
        finally:
            self.folder.chmod(0o700)
        self.assertFalse((self.folder / "new.db").exists() or (self.folder / "copy.db").exists())

    def test_file_too_large(self):
        self.empty_store()
        tables = office(2000) / "heze"
        self.run_ok("import", "heze.db", tables / "areas.csv", "--apply")
        before = self.head()
        for size in (2 * MIB, 3 * MIB):
            r = self.run_fails(1, "import", "heze.db", tables, "--apply", limits={"FSIZE": size})
            self.assertRegex(r.err, "heze.db|full|disk|write|I/O|large")
            self.assertEqual(self.head(), before)
            self.run_ok("log", "heze.db", "--verify")
        self.run_ok("import", "heze.db", tables, "--apply", "--valid-from", DAY)

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("no small disk can be mounted here: " + mounted.stderr.decode().strip())
        try:
            (disk / "heze.db.key").write_text(KEY)
            self.run_ok("init", "heze.db", "--pack", "cn-2016", cwd=disk)
            r = self.run_fails(1, "import", "heze.db", office(2000) / "heze", "--apply", cwd=disk)
            self.assertRegex(r.err, "full|space|disk|I/O")
            self.assertEqual(self.run_ok("log", "heze.db", "--json", cwd=disk).numbers["transactions"], [])
            self.run_ok("log", "heze.db", "--verify", cwd=disk)
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_output_that_cannot_be_written(self):
        self.take(2000)
        with open("/dev/full", "wb") as full:
            p = subprocess.run([os.path.abspath(PROGRAM), "measure", "heze.db", "--json"], cwd=self.folder, env=environment(), stdout=full,
                               stderr=subprocess.PIPE)
        self.assertEqual(p.returncode, 1)
        self.assertIn(b"cannot write", p.stderr)

    def test_two_writers(self):
        self.take(2000)
        before = self.head()
        import sqlite3
        c = sqlite3.connect(self.folder / "heze.db", isolation_level=None)
        c.execute("BEGIN IMMEDIATE")
        try:
            r = self.run_fails(5, "import", "heze.db", office(2000) / "heze", "--apply")
            self.assertTrue(r.err.strip())
            self.run_ok("measure", "heze.db")
        finally:
            c.execute("ROLLBACK")
            c.close()
        self.assertEqual(self.head(), before)


@needs_program
class Kill(Case):
    """Killed at any moment the store is as before or as after, and the same command brings it there."""

    def start(self, *args, **how):
        return subprocess.Popen([os.path.abspath(PROGRAM), *map(str, args)], cwd=self.folder, env=environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **how)

    def test_import_killed(self):
        shared = office(20000)
        after_rows = sql(shared / "heze.db", "SELECT count(*) FROM k_person")
        base = self.empty_store("base.db")
        self.run_ok("import", "base.db", shared / "heze" / "areas.csv", "--apply", "--valid-from", DAY)
        before = self.head("base.db")
        words = ("import", "heze.db", shared / "heze", "--apply", "--valid-from", DAY)
        copy_store(base, self.folder / "heze.db")
        whole = self.run_ok(*words).seconds
        after = self.head()
        self.assertNotEqual(before, after)
        dice = random.Random(20161231)
        killed = 0
        for i in range(10):
            # Five anywhere, five in the last quarter, where the transaction is written and committed.
            share = dice.random() if i % 2 else 0.75 + 0.27 * dice.random()
            for tail in ("", "-wal", "-shm", ".key"):
                (self.folder / f"heze.db{tail}").unlink(missing_ok=True)
            copy_store(base, self.folder / "heze.db")
            p = self.start(*words)
            time.sleep(share * whole)
            p.kill()
            killed += p.wait() == -signal.SIGKILL
            p.stdout.close()
            self.assertIn(self.head(), (before, after), f"killed at {share:.2f} of {whole:.2f} s")
            self.run_ok("log", "heze.db", "--verify")
            self.assertIn(sql(self.folder / "heze.db", "SELECT count(*) FROM k_person"), ([(0,)], after_rows))
        self.assertGreaterEqual(killed, 5)
        self.run_ok(*words)
        self.assertEqual(self.head(), after)

    def test_plan_interrupted(self):
        db = self.take(2000)
        words = ("plan", "heze.db", "--threads", "1", "--passes", "60", "--json")
        whole = self.run_ok(*words, "--dry-run").seconds
        head = self.head()
        codes = []
        for i in range(5):
            for tail in ("-wal", "-shm"):
                Path(f"{db}{tail}").unlink(missing_ok=True)
            copy_store(office(2000) / "heze.db", db)
            p = self.start(*words)
            time.sleep(whole * (0.15 + 0.17 * i))
            p.send_signal(signal.SIGINT)
            p.communicate(timeout=120)
            codes.append(p.returncode)
            self.assertIn(p.returncode, (0, 130, -signal.SIGINT))
            plans = sql(db, "SELECT _key, partial FROM k_plan WHERE _tx_to IS NULL")
            self.assertLessEqual(len(plans), 1)
            if plans:
                self.assertEqual(plans[0][1], int(p.returncode == 130))
                self.run_ok("plan", "heze.db", "--verify")
            else:
                self.assertEqual(self.head(), head)
                self.assertEqual(sql(db, "SELECT count(*) FROM k_choice"), [(0,)])
            self.run_ok("log", "heze.db", "--verify")
        self.assertIn(130, codes)


if __name__ == "__main__":
    unittest.main()
