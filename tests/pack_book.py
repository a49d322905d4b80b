# SPDX-License-Identifier: Apache-2.0
"""A policy pack as a workbook and back: nothing is lost, damage is named by sheet, row and column, nothing half is written."""
import re
import shutil
import zipfile
from pathlib import Path

from tests import PACKS, Case, needs_program

SOURCE = Path(PACKS)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def sheet_part(z, name):
    """The part of a sheet, by its name."""
    ids = dict(re.findall(r'<Relationship Id="(\w+)"[^>]*Target="(worksheets/[^"]+)"', z.read("xl/_rels/workbook.xml.rels").decode()))
    book = z.read("xl/workbook.xml").decode()
    return "xl/" + ids[re.search(rf'<sheet name="{name}"[^>]*r:id="(\w+)"', book).group(1)]


def edited(source, target, sheet, change):
    """A copy of a workbook in which the XML of one sheet went through `change`."""
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as b:
        part = sheet_part(a, sheet)
        for item in a.namelist():
            data = a.read(item)
            if item == part:
                after = change(data.decode())
                assert after != data.decode(), f"{sheet}: the edit found nothing"
                data = after.encode()
            b.writestr(item, data)


def put(cell, text, number=False):
    """Puts a text (or a number) into a cell that is there, such as C5."""
    body = f'<c r="{cell}"><v>{text}</v></c>' if number else f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'
    return lambda xml: re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', body, xml, count=1)


@needs_program
class PackBook(Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE / "cn-2016", self.folder / "p")
        self.run_ok("pack", "export", "p", "--xlsx", "p.xlsx")
        self.before = contents(self.folder / "p")

    def place(self, file, column, text):
        """(row, letter) of the first cell of a column that holds the text."""
        header, *rows = [line.split(",") for line in self.before[file].decode().splitlines()]
        col = header.index(column)
        row = next(i for i, r in enumerate(rows, 2) if r[col] == text)
        return row, chr(65 + col)

    def refused(self, book, *places, code=3):
        r = self.run_fails(code, "pack", "import", book, "p", "--json")
        faults = [e for e in r.numbers["events"] if e["what"] == "fault"]
        for sheet, row, column in places:
            found = [f for f in faults if (f.get("sheet"), f.get("row", 0), f.get("column", "")) == (sheet, row, column)]
            self.assertTrue(found, f"{(sheet, row, column)} is not in {faults[:5]}")
            self.assertTrue(found[0]["zh"] and found[0]["en"] and found[0]["fix_zh"] and found[0]["fix_en"])
            self.assertTrue(found[0]["file"].endswith(book))
        self.assertFalse(r.numbers["written"])
        self.assertEqual(contents(self.folder / "p"), self.before)
        self.assertEqual([p.name for p in self.folder.glob("p.new-*")], [])
        return faults

    def test_round_trip_keeps_every_byte(self):
        for pack in ("cn-2016", "at-eusilc", "bf-hillebrecht"):
            self.run_ok("pack", "export", pack, "--xlsx", pack + ".xlsx")
            self.run_ok("pack", "import", pack + ".xlsx", "new-" + pack)
            self.assertEqual(contents(self.folder / ("new-" + pack)), contents(SOURCE / pack))
        r = self.run_ok("pack", "import", "p.xlsx", "p", "--json").numbers
        self.assertEqual((r["changed"], r["written"], r["changed_since_export"]), (0, False, False))

    def test_cells_are_text(self):
        with zipfile.ZipFile(self.folder / "p.xlsx") as z:
            for item in z.namelist():
                if item.startswith("xl/worksheets/"):
                    xml = z.read(item).decode()
                    self.assertNotIn("<f>", xml)
                    kinds = set(re.findall(r'<c r="[A-Z]+\d+"[^>]*?t="(\w+)"', xml))
                    self.assertLessEqual(kinds, {"inlineStr", "s"}, item)
                    self.assertIsNone(re.search(r'<c r="[A-Z]+\d+"(?![^>]*t=)[^>]*><v>', xml), item)

    def test_one_cell_changes_one_cell(self):
        row, letter = self.place("cause_measures.csv", "strength", "3")
        (self.folder / "p" / ".notes").write_text("mine")
        edited(self.folder / "p.xlsx", self.folder / "e.xlsx", "cause_measures", put(f"{letter}{row}", "2"))
        look = self.run_ok("pack", "import", "e.xlsx", "p", "--dry-run", "--json").numbers
        self.assertEqual([e["file"] for e in look["events"]], ["cause_measures.csv"])
        self.assertEqual(contents(self.folder / "p"), {**self.before, ".notes": b"mine"})
        self.run_ok("pack", "import", "e.xlsx", "p")
        after = contents(self.folder / "p")
        self.assertEqual(after.pop(".notes"), b"mine")
        lines, was = after.pop("cause_measures.csv").decode().splitlines(), self.before.pop("cause_measures.csv").decode().splitlines()
        self.assertEqual(after, self.before)
        self.assertEqual(lines.pop(row - 1), was.pop(row - 1).replace(",3,", ",2,", 1))
        self.assertEqual(lines, was)
        self.run_ok("pack", "check", "p")
        # The workbook is older than the pack now: said, and not refused.
        self.assertIn("changed since the workbook", self.run_ok("pack", "import", "p.xlsx", "p").err)

    def test_damaged_codes_are_named(self):
        row, letter = self.place("codes.csv", "code", "01")
        edited(self.folder / "p.xlsx", self.folder / "zero.xlsx", "codes", put(f"{letter}{row}", "1", number=True))
        fault = self.refused("zero.xlsx", ("codes", row, "code"))[0]
        self.assertRegex(fault["en"], "leading zeros.* 01")
        # All codes of a list at once: only the pack before knows of the zeros.
        rows = [i for i, line in enumerate(self.before["codes.csv"].decode().splitlines(), 1) if re.match("nation(ality)?,|ethnicity,", line)]
        self.assertGreater(len(rows), 9)

        def eat(xml):
            for i in rows:
                xml = re.sub(rf'(<c r="B{i}"[^>]*><is><t[^>]*>)0+(\d)', r"\1\2", xml)
            return xml
        edited(self.folder / "p.xlsx", self.folder / "all.xlsx", "codes", eat)
        self.assertGreaterEqual(len(self.refused("all.xlsx")), 5)
        area, letter = self.place("areas/areas.csv", "area", "371702000000")
        edited(self.folder / "p.xlsx", self.folder / "exp.xlsx", "areas_areas", put(f"{letter}{area}", "3.71702E+11"))
        self.refused("exp.xlsx", ("areas_areas", area, "area"))
        edited(self.folder / "p.xlsx", self.folder / "ref.xlsx", "areas_areas", put(f"{letter}{area}", "#REF!"))
        self.refused("ref.xlsx", ("areas_areas", area, "area"))

    def test_what_pack_check_finds_is_named_in_the_workbook(self):
        row, letter = self.place("measures.csv", "family", "project")
        edited(self.folder / "p.xlsx", self.folder / "e.xlsx", "measures", put(f"{letter}{row}", "nothing"))
        self.refused("e.xlsx", ("measures", row, "family"))

    def test_sheets_and_index_agree(self):
        edited(self.folder / "p.xlsx", self.folder / "e.xlsx", "pack", lambda xml: xml.replace("<t>lines</t>", "<t>lignes</t>"))
        self.refused("e.xlsx", ("lines", 0, ""), ("lignes", 0, ""))
        edited(self.folder / "p.xlsx", self.folder / "e.xlsx", "pack", lambda xml: xml.replace("<t>lines.csv</t>", "<t>../lines.csv</t>"))
        self.assertIn("../lines.csv", [f.get("value") for f in self.refused("e.xlsx")])
        self.run_fails(3, "pack", "import", "p.xlsx", "p", "--base", "nowhere")
        self.run_fails(3, "pack", "import", "no.xlsx", "p")
        self.run_fails(2, "pack", "import", "p.xlsx")
        self.run_fails(2, "pack", "export", "p")

    def test_a_full_disk_leaves_the_old_pack(self):
        row, letter = self.place("cause_measures.csv", "strength", "3")
        edited(self.folder / "p.xlsx", self.folder / "e.xlsx", "cause_measures", put(f"{letter}{row}", "2"))
        self.run_fails(1, "pack", "import", "e.xlsx", "p", limits={"FSIZE": 50000})
        self.assertEqual(contents(self.folder / "p"), self.before)
        self.assertEqual([p.name for p in self.folder.glob("p.new-*")], [])
