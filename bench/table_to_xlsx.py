#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""table_to_xlsx.py TABLE.csv BOOK.xlsx - the same table as a workbook the way spreadsheet programs write it: texts in the
shared strings, numbers as numbers only where the text is how such a program would print them."""
import csv
import re
import sys
import zipfile
from xml.sax.saxutils import escape

NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def letters(column):
    text = ""
    while column >= 0:
        text = chr(65 + column % 26) + text
        column = column // 26 - 1
    return text


def sheet(rows, strings):
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}"><sheetData>'
    names = []
    for r, row in enumerate(rows, 1):
        names += [letters(i) for i in range(len(names), len(row))]
        parts = [f'<row r="{r}">']
        for name, value in zip(names, row):
            if value == "":
                continue
            if NUMBER.match(value):
                parts.append(f'<c r="{name}{r}"><v>{value}</v></c>')
            else:
                parts.append(f'<c r="{name}{r}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>')
        parts.append("</row>")
        yield "".join(parts)
    yield "</sheetData></worksheet>"


def main(table, book):
    strings = {}
    with open(table, encoding="utf-8-sig", newline="") as f, zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as z:
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            for part in sheet(csv.reader(f), strings):
                out.write(part.encode())
        with z.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
            out.write(f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}" uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                out.write(f"<si><t>{escape(text)}</t></si>".encode())
            out.write(b"</sst>")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        z.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
                   '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
                   f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override '
                   f'PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName='
                   f'"/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                   f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="persons" sheetId="1" '
                   'r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                   f'Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
                   f'Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')


main(*sys.argv[1:])
