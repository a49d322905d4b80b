#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make check: every check of the project, one after the other, ending in «N passed, N failed, N skipped».

A test that is skipped must say why; one that neither ran nor gave a reason counts as failed.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
JOBS = str(min(os.cpu_count() or 1, 8))
COUNTS = {"passed": 0, "failed": 0, "skipped": 0}
FAILURES = []


def note(kind, name, text=""):
    COUNTS[kind] += 1
    mark = {"passed": "●", "failed": "■", "skipped": "○"}[kind]
    print(f"{mark} {name}{': ' + text if text else ''}", flush=True)
    if kind == "failed":
        FAILURES.append(name)


def run(args, env=None, timeout=1500):
    merged = dict(os.environ, **(env or {}))
    try:
        p = subprocess.run(args, cwd=ROOT, env=merged, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           errors="replace", timeout=timeout)
        return p.returncode, p.stdout
    except FileNotFoundError:
        return 127, f"{args[0]}: not found"
    except subprocess.TimeoutExpired as e:
        out = e.stdout or b""
        return 124, (out if isinstance(out, str) else out.decode(errors="replace")) + f"\nno end after {timeout} s"


def tail(text, lines=60):
    return "\n".join(text.rstrip().splitlines()[-lines:])


def step(name, args, env=None, timeout=1500):
    """One command: exit 0 passes, 77 is a skip with its reason, all else fails."""
    start = time.monotonic()
    code, out = run(args, env, timeout)
    took = f"{time.monotonic() - start:.1f} s"
    if code == 0:
        note("passed", name, took)
    elif code == 77 and out.strip():
        note("skipped", name, out.strip().splitlines()[-1])
    else:
        print(tail(out))
        note("failed", name, f"exit {code}, {took}")
    return code == 0


def format_check():
    files = [str(p.relative_to(ROOT)) for d in ("src", "include", "fuzz", "bench")
             for p in sorted((ROOT / d).rglob("*.[ch]"))]
    step("format", ["clang-format", "--dry-run", "-Werror", *files])


def setup(build, options, env=None):
    if not (ROOT / build / "build.ninja").exists():
        code, out = run(["meson", "setup", build, "-Dwerror=true", *options], env)
        if code != 0:
            print(tail(out))
            note("failed", f"{build}: setup")
            return False
    return True


def compile_all(build, env=None):
    start = time.monotonic()
    code, out = run(["ninja", "-C", build, "-j", JOBS], env, timeout=2400)
    if code != 0:
        print(tail(out, 80))
        note("failed", f"{build}: compile", f"exit {code}")
        return False
    note("passed", f"{build}: compiles without warnings", f"{time.monotonic() - start:.0f} s")
    return True


def meson_tests(build, env=None, label=None):
    """Run meson's tests and count each by its own result."""
    log = ROOT / build / "meson-logs" / "testlog.json"
    if log.exists():
        log.unlink()
    code, out = run(["meson", "test", "-C", build, "--no-rebuild", "--num-processes", JOBS, "--timeout-multiplier", "6"], env)
    if not log.exists():
        print(tail(out))
        note("failed", f"{build}: tests did not run", f"exit {code}")
        return
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.strip():
            continue
        t = json.loads(line)
        name = f"{label or build}: {t['name'].split(' / ')[-1].split(':')[-1].strip()}"
        output = ((t.get("stdout") or "") + (t.get("stderr") or "")).strip()
        if t["result"] in ("OK", "EXPECTEDFAIL"):
            COUNTS["passed"] += 1
            for reason in re.findall(r"(?im)^.*\bskip(?:ped|s)?\b.*$", output):
                if "[  SKIPPED" not in reason and "0 skipped" not in reason:
                    print(f"  ○ {name}: {reason.strip()}")
        elif t["result"] == "SKIP" and output:
            note("skipped", name, output.splitlines()[-1])
        else:
            print(tail(output))
            note("failed", name, t["result"])


def process_tests(binary):
    """Python unittests that drive the program; their own counts are added."""
    for path in sorted((ROOT / "tests").glob("[a-z]*.py")):
        env = {"YAOSHI": str(binary), "YAOSHI_SHARED": os.environ.get("YAOSHI_SHARED", str(ROOT.parent / "shared")),
               "YAOSHI_PACKS": str(ROOT / "packs")}
        code, out = run([PYTHON, "-m", "unittest", "-v", f"tests.{path.stem}"], env)
        ran = re.search(r"Ran (\d+) tests?", out)
        if not ran:
            print(tail(out))
            note("failed", f"tests/{path.name}", "no test ran")
            continue
        skipped = re.findall(r"^(\S+).*\.\.\. skipped (.*)$", out, flags=re.M)
        bad = re.findall(r"^(?:FAIL|ERROR): (\S+)", out, flags=re.M)
        missed = re.findall(r"^(\S+).*\.\.\. expected failure$", out, flags=re.M)
        COUNTS["passed"] += int(ran.group(1)) - len(skipped) - len(bad) - len(missed)
        for name in missed:
            note("skipped", f"{path.stem}.{name}", "a known miss: it ran and still falls short, as its comment says")
        for name, reason in skipped:
            if reason.strip(" '\""):
                note("skipped", f"{path.stem}.{name}", reason)
            else:
                note("failed", f"{path.stem}.{name}", "skipped without a reason")
        if bad or code != 0:
            print(tail(out, 100))
        for name in bad:
            note("failed", f"{path.stem}.{name}")
        if code != 0 and not bad:
            note("failed", f"tests/{path.name}", f"exit {code}")
        print(f"● tests/{path.name}: {ran.group(1)} run", flush=True)


def node_modules():
    """The CEL conformance test wants npm's @bufbuild/cel; without npm it says so and is skipped."""
    folder = ROOT / "tests" / "cel"
    if shutil.which("npm") and not (folder / "node_modules").exists():
        run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)], timeout=300)
    return {"NODE_MODULES": str(folder / "node_modules")}


def main():
    start = time.monotonic()
    shared = {"YAOSHI_SHARED": os.environ.get("YAOSHI_SHARED", str(ROOT.parent / "shared"))}
    sanitized = {**shared, "ASAN_OPTIONS": "abort_on_error=0:detect_leaks=1", "LSAN_OPTIONS": f"suppressions={ROOT / 'tools' / 'lsan.supp'}:print_suppressions=0",
                 "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1", **node_modules()}
    step("layers, SQL and clock in their places", [PYTHON, "tools/check_layers.py"])
    format_check()
    if setup("build-check", ["-Dbuildtype=debugoptimized", "-Db_sanitize=address,undefined", "-Db_lundef=false"]) and \
            compile_all("build-check"):
        meson_tests("build-check", sanitized, "gcc, ASan+UBSan")
    if setup("build-clang", ["-Dbuildtype=debugoptimized"], {"CC": "clang"}):
        compile_all("build-clang", {"CC": "clang"})
    if setup("build-release", ["-Dbuildtype=release"]) and compile_all("build-release"):
        binary = ROOT / "build-release" / "src" / "cli" / "yaoshi"
        step("policy pack cn-2016", [str(binary), "pack", "check", "packs/cn-2016"])
        step("policy pack at-eusilc", [str(binary), "pack", "check", "packs/at-eusilc"])
        step("policy pack bf-hillebrecht", [str(binary), "pack", "check", "packs/bf-hillebrecht"])
        step("manual pages say what --help says", [PYTHON, "tools/check_docs.py", str(binary)])
        process_tests(binary)
    print(f"\nmake check took {time.monotonic() - start:.0f} s")
    for name in FAILURES:
        print(f"failed: {name}")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**COUNTS))
    return 1 if COUNTS["failed"] or not COUNTS["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
