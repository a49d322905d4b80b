#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds help, manual pages and documents to the command table of the program given as argument."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def out(*args):
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return p.returncode, p.stdout


def main():
    yaoshi = sys.argv[1]
    faults = []
    code, overview = out(yaoshi, "--help")
    commands = re.findall(r"^  (\S+)\s", overview, flags=re.M)
    if code != 0 or len(commands) < 5:
        faults.append("yaoshi --help does not list the commands")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for c in commands:
        for lang in ("zh", "en"):
            code, text = out(yaoshi, c, "--help", "--lang", lang)
            if code != 0 or f"yaoshi {c}" not in text:
                faults.append(f"yaoshi {c} --help --lang {lang}: exit {code}")
        options = set(re.findall(r"^  --(\S+)", text, flags=re.M))
        code, page = out(yaoshi, "manual", c)
        named = set(re.findall(r"^\*--(\S+?)\*", page, flags=re.M))
        if options != named:
            faults.append(f"manual of {c}: options differ from --help: {sorted(options ^ named)}")
        p = subprocess.run(["scdoc"], input=page, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if p.returncode != 0:
            faults.append(f"manual of {c} is no scdoc: {p.stderr.strip()}")
    for page in sorted((ROOT / "docs" / "man").glob("*.scd")):
        p = subprocess.run(["scdoc"], input=page.read_text(encoding="utf-8"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True, check=False)
        if p.returncode != 0:
            faults.append(f"{page.name}: {p.stderr.strip()}")
    for used in set(re.findall(r"\byaoshi ([a-z]+)\b", readme)):
        if used not in commands and re.search(rf"^\s*(?:\$ )?(?:build/)?yaoshi {used}\b", readme, flags=re.M):
            faults.append(f"README.md shows `yaoshi {used}`, which is no command")
    for doc in list(ROOT.glob("*.md")) + list((ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", doc.read_text(encoding="utf-8")):
            if not (doc.parent / link).exists():
                faults.append(f"{doc.relative_to(ROOT)}: {link} does not exist")
    for f in faults:
        print(f)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
