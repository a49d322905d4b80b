# SPDX-License-Identifier: Apache-2.0
"""Lawful erasure: a person's numbers are gone from every version, copy and page of the store, and the chain still verifies."""
import os
import sqlite3
import subprocess

from tests import Case, KEY, ROOT, must, needs_program, rows_of, sql

PERSON = "H000000001-1"
WITH_POSTGRES = ROOT / "tools" / "with_postgres.sh"


@needs_program
class Erasure(Case):
    def setUp(self):
        super().setUp()
        self.take(2000)
        person = next(r for r in rows_of(self.folder / "heze" / "persons.csv") if r["person"] == PERSON)
        self.id, self.phone, self.name = person["id_number"], person["phone"], person["name"]
        # A second version, so that there is a history to erase.
        (self.folder / "new.csv").write_text(f"person,phone\n{PERSON},00099999999\n")
        self.run_ok("import", "heze.db", "new.csv", "--kind", "person", "--apply", "--valid-from", "2017-01-02")

    def secrets(self, db="heze.db"):
        return sql(self.folder / db, "SELECT id_number,id_number__bi,id_number__h,phone,phone__bi,phone__h FROM k_person "
                   "WHERE _key=? ORDER BY _row", PERSON)

    def nothing_shown(self, card):
        fields = next(m["fields"] for m in card["facts"]["members"] if m["fields"]["person"]["value"] == PERSON)
        for name in ("id_number", "phone", "name"):
            self.assertIsNone(fields.get(name, {}).get("value"))
        self.assertIsNotNone(fields["birth_date"]["value"])  # facts stay

    def test_a_look_changes_nothing(self):
        before = self.secrets()
        head = self.head()
        r = self.run_ok("erase", "heze.db", PERSON, "--json").numbers
        self.assertEqual((r["applied"], r["values"]), (False, 2 * len(before)))
        fields = {f["field"]: f for f in r["found"] if f["what"] == "field"}
        self.assertTrue(fields["id_number"]["erased_in_all"] and fields["phone"]["erased_in_all"])
        self.assertFalse(fields["name"]["erased_in_all"])
        self.assertIn(("household", "H000000001", "head_id"),
                      [(f["kind"], f["key"], f["field"]) for f in r["found"] if f["what"] == "elsewhere"])
        self.assertEqual((self.secrets(), self.head()), (before, head))

    def test_erased_in_all_versions_and_the_chain_holds(self):
        old = self.secrets()
        self.assertGreaterEqual(len(old), 2)
        roots = {t["transaction"]: t["root"] for t in self.run_ok("log", "heze.db", "--json").json["transactions"]}
        r = self.run_ok("erase", "heze.db", PERSON, "--reason", "request 2016-114", "--apply", "--json").numbers
        self.assertTrue(r["applied"] and r["scrubbed"])
        now = self.secrets()
        for row in now:
            self.assertEqual((row[0], row[1], row[3], row[4]), (None, None, None, None))
        self.assertEqual([(row[2], row[5]) for row in now[:len(old)]], [(row[2], row[5]) for row in old])  # commitments stay
        self.run_ok("log", "heze.db", "--verify")
        log = self.run_ok("log", "heze.db", "--json").json["transactions"]
        self.assertEqual((log[0]["command"], log[0]["reason"]), ("erase", "request 2016-114"))
        self.assertEqual({t["transaction"]: t["root"] for t in log[1:]}, roots)
        data = (self.folder / "heze.db").read_bytes()
        for row in old:
            for part in row[0], row[1], row[3]:  # the index of the phone stands in the household too
                self.assertFalse(part in data, "the file still holds what was erased")
        self.nothing_shown(self.run_ok("show", "heze.db", "H000000001", "--unmask", "--json").numbers)
        self.run_ok("backup", "heze.db", "copy.db")
        (self.folder / "copy.db.key").write_text(KEY)
        self.run_ok("log", "copy.db", "--verify")
        self.assertEqual(self.secrets("copy.db"), now)
        self.run_ok("restore", "back.db", "copy.db", "--key", "copy.db.key")
        self.assertEqual(self.secrets("back.db"), now)
        # Once more changes no value, and is logged.
        self.assertEqual(self.run_ok("erase", "heze.db", PERSON, "--reason", "again", "--apply", "--json").numbers["values"], 0)
        self.run_ok("log", "heze.db", "--verify")

    def test_household_and_refusals(self):
        before = self.head()
        for code, words in ((2, (PERSON, "--apply")), (3, ("H999999999-9", "--reason", "x", "--apply")),
                            (2, (PERSON, "--kind", "nothing", "--reason", "x", "--apply")),
                            (2, (PERSON, "--reason", f"wants {self.id} gone", "--apply"))):
            r = self.run_fails(code, "erase", "heze.db", *words, "--json")
            self.assertTrue(r.numbers["error"]["zh"] and r.numbers["error"]["en"])
        self.assertEqual(self.head(), before)
        self.run_ok("erase", "heze.db", "H000000001", "--kind", "household", "--reason", "x", "--apply")
        self.assertEqual(sql(self.folder / "heze.db", "SELECT count(head_id)+count(phone) FROM k_household WHERE _key='H000000001'"),
                         [(0,)])
        self.run_ok("log", "heze.db", "--verify")

    def test_a_reader_in_the_way_is_told(self):
        reader = sqlite3.connect(self.folder / "heze.db")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM k_person").fetchall()
        r = self.run_fails(7, "erase", "heze.db", PERSON, "--reason", "x", "--apply", "--json")
        self.assertEqual((r.numbers["applied"], r.numbers["scrubbed"]), (True, False))
        reader.close()
        self.run_ok("erase", "heze.db", PERSON, "--reason", "x", "--apply")
        self.run_ok("log", "heze.db", "--verify")

    def through_a_server(self):
        r = subprocess.run([WITH_POSTGRES, "/usr/bin/python3", "-m", "unittest", "tests.erasure.Erasure.test_on_a_server"], cwd=ROOT,
                           env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if r.returncode == 77:
            self.skipTest(r.stdout.strip().splitlines()[-1])
        self.assertEqual(r.returncode, 0, r.stdout)

    def test_on_a_server(self):
        url = os.environ.get("YAOSHI_TEST_PG")
        if not url:
            self.through_a_server()
            return
        subprocess.run(["psql", "-q", url, "-c", f"CREATE SCHEMA erasure{os.getpid()}"], check=True)
        url += ("&" if "?" in url else "?") + f"options=-csearch_path%3Derasure{os.getpid()}"
        key = ("--key", "heze.db.key")
        must("backup", "heze.db", url, *key, cwd=self.folder)
        self.run_ok("erase", url, PERSON, "--reason", "request 1", "--apply", *key)
        self.run_ok("log", url, "--verify", *key)
        self.nothing_shown(self.run_ok("show", url, "H000000001", "--unmask", "--json", *key).numbers)
