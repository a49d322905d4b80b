#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""clock.py FIELDS OUTPUT COMMAND… - run COMMAND with its standard output in OUTPUT and print wall seconds, processor
seconds and peak memory in MiB of it, tab-separated; then the named FIELDS (a,b,c or -) of its JSON output."""
import json
import os
import subprocess
import sys
import time

fields, output, command = sys.argv[1], sys.argv[2], sys.argv[3:]
start = time.monotonic()
with open(output, "wb") as out:
    p = subprocess.Popen(command, stdout=out)
    _, status, usage = os.wait4(p.pid, 0)
wall = time.monotonic() - start
if os.waitstatus_to_exitcode(status) != 0:
    sys.exit(f"clock.py: {' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
row = [f"{wall:.2f}", f"{usage.ru_utime + usage.ru_stime:.2f}", f"{usage.ru_maxrss / 1024:.0f}"]
if fields != "-":
    with open(output, encoding="utf-8") as f:
        told = json.load(f)
    row += [str(told[name]) for name in fields.split(",")]
print("\t".join(row))
