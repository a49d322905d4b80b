# SPDX-License-Identifier: Apache-2.0
"""yaoshi report: one page, in both languages, whose figures are those of measure, diagnose and plan."""
import functools
import re
import unittest
import xml.etree.ElementTree as ET
from decimal import Decimal
from html.parser import HTMLParser

from tests import Case, copy_store, must, needs_program, office, rows_of, run

X = "{http://www.w3.org/1999/xhtml}"
S = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "link", "br", "hr", "img", "input"}
CJK = re.compile("[\u3400-\u9fff]")


@functools.lru_cache(maxsize=None)
def planned():
    """The shared office with roots kept and a plan made, and what the program says of them."""
    folder = office(2000)
    copy_store(folder / "heze.db", folder / "planned.db")
    roots = must("diagnose", "planned.db", "--keep", "--json", cwd=folder).json
    plan = must("plan", "planned.db", "--json", cwd=folder).json
    return folder, roots, plan


@functools.lru_cache(maxsize=None)
def page(lang, *more):
    folder, _, _ = planned()
    return must("report", "planned.db", "-o", "-", "--lang", lang, *more, cwd=folder).out


def text_of(e):
    return "".join(t for t in e.itertext())


def tables(source):
    """caption -> [row], a row being {column number: exact value or text}."""
    found = {}
    for t in ET.fromstring(source).iter(X + "table"):
        rows = []
        for tr in t.find(X + "tbody"):
            cells = []
            for cell in tr:
                data = cell.find(X + "data")
                cells.append(text_of(cell) if data is None else data.get("value"))
            rows.append(cells)
        found.setdefault(text_of(t.find(X + "caption")), rows)
    return found


def table(source, beginning):
    for caption, rows in tables(source).items():
        if caption.startswith(beginning):
            return rows
    raise AssertionError(f"no table {beginning}: {list(tables(source))}")


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.faults, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.note(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.note(tag, attrs)

    def note(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "xlink:href", "action", "srcset", "background"):
                self.links.append((tag, name, value))
            if name.startswith("on"):
                self.faults.append(f"{tag} has {name}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


@needs_program
class Page(Case):
    """The page itself."""

    def each(self):
        return [(lang, page(lang)) for lang in ("zh", "en")]

    def test_is_balanced_and_well_formed(self):
        for _, source in self.each():
            self.assertTrue(source.startswith("<!DOCTYPE html>"))
            ET.fromstring(source)
            b = Balance()
            b.feed(source)
            b.close()
            self.assertEqual((b.faults, b.open), ([], []))
            self.assertEqual(len(b.ids), len(set(b.ids)))

    def test_needs_nothing_from_outside(self):
        for _, source in self.each():
            b = Balance()
            b.feed(source)
            self.assertTrue(b.links)
            for _tag, name, value in b.links:
                self.assertEqual((name, value[:1]), ("href", "#"))
                self.assertIn(value[1:], b.ids)
            rest = source.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "")
            for word in ("http:", "https:", "<script", "<iframe", "<link", "@import", "url(", "file:", "javascript:"):
                self.assertNotIn(word, rest)

    def test_says_what_every_picture_shows(self):
        for _, source in self.each():
            pictures = list(ET.fromstring(source).iter(S + "svg"))
            self.assertGreaterEqual(len(pictures), 9)
            for svg in pictures:
                title, desc = svg.find(S + "title"), svg.find(S + "desc")
                self.assertTrue(text_of(title) and text_of(desc))
                self.assertEqual(svg.get("role"), "img")
                self.assertEqual(svg.get("aria-labelledby"), f"{title.get('id')} {desc.get('id')}")
                for shape in svg.iter():
                    for name in ("x", "y", "width", "height", "cx", "cy", "r", "x1", "y1"):
                        self.assertNotIn("n", shape.get(name, ""), ET.tostring(shape))  # nan, inf

    def test_tables_have_headings_and_full_rows(self):
        for _, source in self.each():
            for t in ET.fromstring(source).iter(X + "table"):
                heads = t.findall(f"{X}thead/{X}tr/{X}th")
                self.assertTrue(all(h.get("scope") == "col" and text_of(h) for h in heads))
                for tr in t.find(X + "tbody"):
                    self.assertEqual(len(tr), len(heads), text_of(t.find(X + "caption")))
                    self.assertEqual(tr[0].get("scope"), "row")

    def test_speaks_the_language_asked_for(self):
        zh, en = ET.fromstring(page("zh")), ET.fromstring(page("en"))
        self.assertEqual((zh.get("lang"), en.get("lang")), ("zh-Hans", "en"))
        for tag in ("h2", "h3", "th", "figcaption", "caption", "summary"):
            for e in en.iter(X + tag):
                if tag != "th" or e.get("scope") == "col":
                    words = text_of(e)
                    if words in givers():
                        continue
                    self.assertIsNone(CJK.search(words), words)
        self.assertEqual(len(list(zh.iter(X + "h2"))), len(list(en.iter(X + "h2"))))

    def test_is_marked_synthetic(self):
        self.assertIn("合成数据", text_of(ET.fromstring(page("zh"))))
        self.assertIn("Synthetic data", text_of(ET.fromstring(page("en"))))

    def test_holds_nothing_of_any_person(self):
        folder, _, _ = planned()
        people, homes = rows_of(folder / "heze" / "persons.csv"), rows_of(folder / "heze" / "households.csv")
        for _, source in self.each():
            self.assertIsNone(re.search(r"(?<![0-9a-f.])[0-9]{17}[0-9Xx](?![0-9a-f])", source))
            self.assertIsNone(re.search(r"(?<![0-9a-f.])[01][0-9]{10}(?![0-9a-f])", source))
            for secret in ([p["id_number"] for p in people] + [p["phone"] for p in people] +
                           [h["household"] for h in homes] + [p["name"] for p in people if len(p["name"]) > 2]):
                if secret:
                    self.assertNotIn(secret, source)

    def test_is_the_same_every_time(self):
        folder, _, _ = planned()
        for lang, source in self.each():
            self.assertEqual(must("report", "planned.db", "-o", "-", "--lang", lang, cwd=folder).out, source)

    def test_every_definition_is_used_and_found(self):
        b = Balance()
        b.feed(page("en"))
        used = {v[1:] for _, _, v in b.links if v.startswith("#def-")}
        self.assertEqual(used, {i for i in b.ids if i.startswith("def-")})


def givers():
    """Names of those who give money are data, in the language of the data."""
    folder, _, _ = planned()
    return {f["giver"] for f in rows_of(folder / "heze" / "funds.csv")}


@needs_program
class Figures(Case):
    """The figures against the commands that the page names beside them."""

    def test_poverty_by_county_is_that_of_measure(self):
        folder, _, _ = planned()
        m = must("measure", "planned.db", "--by", "county", "--json", cwd=folder).json
        rows = table(page("en", "--by", "county"), "By area")
        self.assertEqual(len(rows), len(m["groups"]) + 1)
        for row, g in zip(rows, m["groups"] + [m]):
            poor = g["register_poor_persons"]
            self.assertEqual(int(row[4]), poor)
            self.assertEqual([Decimal(x) for x in row[6:9]], [Decimal(g[k]) for k in ("fgt0", "fgt1", "fgt2")])
            self.assertEqual(Decimal(row[9]), Decimal(g["register_gap"]))
            self.assertEqual(Decimal(row[10]), Decimal(g["mpi"]["m0"]))
        self.assertEqual([int(x) for x in rows[-1][1:4]],
                         [m["register_households"], m["register_persons"], m["register_poor_households"]])

    def test_roots_are_those_of_diagnose(self):
        _, d, _ = planned()
        all_ = table(page("en"), "Roots by area")[-1]
        money = {k: Decimal(v["money"]) for k, v in d["roots"].items()}
        self.assertEqual(int(all_[1]), d["households"])
        self.assertEqual(Decimal(all_[2]), Decimal(d["gap"]))
        for shown, k in zip(all_[3:9], ("labour", "employment", "earnings", "property", "transfer", "rigid")):
            self.assertAlmostEqual(float(shown), float(money[k] / sum(money.values())), places=12)
        self.assertAlmostEqual(float(all_[9]), d["several"] / d["households"], places=12)

    def test_the_waterfall_adds_up(self):
        rows = table(page("en"), "From the line")
        steps = [Decimal(r[1]) for r in rows]
        self.assertEqual(len(rows), 8)
        self.assertLess(abs(sum(steps[:-1]) - steps[-1]), Decimal("0.05"))  # eight roundings to a hundredth

    def test_declared_and_computed_cover_all_with_a_gap(self):
        _, d, _ = planned()
        rows = table(page("en"), "What the declared cause")
        self.assertEqual(sum(int(r[-1]) for r in rows), d["households"])
        self.assertEqual(sum(int(r[-2]) for r in rows), d["several"])

    def test_tiers_are_those_of_the_plan(self):
        _, _, plan = planned()
        one, two = table(page("en"), "Two tiers")
        self.assertEqual([int(one[2]), int(one[3])], [plan["tiers"][0]["value"], plan["tiers"][0]["bound"]])
        self.assertEqual([int(Decimal(x) * 100) for x in two[2:4]], [plan["value"], plan["bound"]])
        for row, tier in zip((one, two), plan["tiers"]):
            self.assertAlmostEqual(float(row[4]), float(tier["gap"]), places=9)

    def test_money_of_measures_is_the_same_however_it_is_cut(self):
        source = page("en")
        first = sum(Decimal(r[5]) for r in table(source, "All measures"))
        families = sum(Decimal(r[2]) for r in table(source, "Three families"))
        self.assertGreater(first, 0)
        self.assertEqual(first, families)
        payers = sum(Decimal(x) for r in table(source, "Who pays") for x in r[1:] if x != "–")
        self.assertEqual(first, payers)
        rows = table(source, "The plan by area")
        self.assertEqual([sum(int(r[2]) for r in rows[:-1]), sum(int(r[4]) for r in rows[:-1])], [int(rows[-1][2]), int(rows[-1][4])])
        self.assertEqual(sum(Decimal(r[3]) for r in rows[:-1]), Decimal(rows[-1][3]))
        to_homes = sum(Decimal(r[5]) for r in table(source, "All measures") if r[2] == "household")
        self.assertEqual(to_homes, Decimal(rows[-1][3]))
        self.assertEqual(int(rows[-1][4]), int(table(source, "By main root")[-1][1]))

    def test_no_fund_and_no_offering_is_overdrawn(self):
        source = page("en")
        for name in ("Funds with a shadow price", "The other funds"):
            for r in table(source, name):
                self.assertLessEqual(Decimal(r[3]), Decimal(r[2]))
        for r in table(source, "The 20 offerings"):
            self.assertLessEqual(int(r[4]), int(r[3]))

    def test_needs_met_and_unmet_add_up(self):
        rows = table(page("en"), "Statutory needs")
        self.assertTrue(rows)
        for r in rows:
            self.assertEqual(int(r[1]), int(r[2]) + int(r[3]))
            self.assertGreaterEqual(int(r[3]), 0)

    def test_findings_are_those_of_check(self):
        folder, _, _ = planned()
        found = run("check", "planned.db", "--json", cwd=folder).json
        said = {r["rule"]: r["findings"] for r in found["rules"] if r["findings"] > 0}
        rows = table(page("en"), "Rules with findings") if said else []
        self.assertEqual({r[0]: int(r[3]) for r in rows}, said)


@needs_program
class Command(Case):
    def test_scope_is_a_smaller_report(self):
        folder, _, _ = planned()
        code = must("measure", "planned.db", "--by", "town", "--json", cwd=folder).json["groups"][0]["group"]
        m = must("measure", "planned.db", "--scope", code, "--json", cwd=folder).json
        source = must("report", "planned.db", "-o", "-", "--lang", "en", "--scope", code, cwd=folder).out
        self.assertEqual(int(table(source, "By area")[-1][2]), m["register_persons"])

    def test_without_a_plan_it_says_so(self):
        folder = office(2000)
        source = must("report", "heze.db", "-o", "-", "--lang", "en", cwd=folder).out
        ET.fromstring(source)
        self.assertIn("There is no plan in the store", text_of(ET.fromstring(source)))

    def test_wrong_use_is_told_and_writes_nothing(self):
        self.take(2000)
        self.run_fails(2, "report", "heze.db")
        self.run_fails(2, "report", "heze.db", "-o", "r.html", "--lang", "fr")
        self.run_fails(2, "report", "heze.db", "-o", "r.html", "--by", "galaxy")
        self.run_fails(1, "report", "heze.db", "-o", "no/such/folder/r.html")
        self.assertFalse(list(self.folder.glob("*.html*")))

    def test_does_not_overwrite_unasked(self):
        self.take(2000)
        (self.folder / "r.html").write_text("mine")
        self.run_fails(5, "report", "heze.db", "-o", "r.html")
        self.assertEqual((self.folder / "r.html").read_text(), "mine")
        self.run_ok("report", "heze.db", "-o", "r.html", "--force")
        ET.parse(self.folder / "r.html")

    def test_a_full_disk_leaves_no_half_report(self):
        self.take(2000)
        r = run("report", "heze.db", "-o", "r.html", cwd=self.folder, limits={"FSIZE": 40000})
        self.assertNotEqual(r.code, 0)
        self.assertFalse(list(self.folder.glob("r.html*")))


if __name__ == "__main__":
    unittest.main()
