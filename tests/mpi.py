# SPDX-License-Identifier: Apache-2.0
"""yaoshi-planner-mpi: the same bits for any number of ranks, on one machine and between hosts; a lost rank; a restart."""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from tests import PROGRAM, Case, environment, needs_program
from tests.solve import NONE, pab, random_homes

# Meson builds it beside the program: src/cli/yaoshi, src/mpi/yaoshi-planner-mpi.
PLANNER = Path(os.environ.get("YAOSHI_MPI") or Path(PROGRAM or "none").resolve().parent.parent / "mpi" / "yaoshi-planner-mpi")
MPIRUN = shutil.which("mpirun")
needs_mpi = unittest.skipUnless(MPIRUN and os.access(PLANNER, os.X_OK),
                                "mpirun is not installed" if not MPIRUN else f"{PLANNER.name} is not built (no MPI headers)")
SAME = ("value", "bound", "checksum", "passes", "households", "rows", "bytes")


def mpi_environment():
    """Root is allowed here, and idle ranks yield: there are fewer processors than ranks."""
    return environment(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_mpi_yield_when_idle="1",
                       OMPI_MCA_btl_base_warn_component_unused="0")


def local_homes(rng, n, funds, rows, options):
    """Rows belong to neighbours, so that the country falls into zones and ranks have zones of their own."""
    def option(h):
        return (rng.randint(1, 900), rng.randint(1, 400), rng.choice([0, rng.randint(1, 400)]), rng.choice([NONE, h * rows // n]),
                rng.randrange(funds), rng.randrange(funds), rng.randrange(3))
    return [(rng.randint(1, 8), [option(h) for _ in range(rng.randint(0, options))]) for h in range(n)]


def limits_of(homes, funds, rows, share):
    limits = [0] * (funds + rows)
    for _, options in homes:
        for _, a, b, row, fa, fb, _ in options:
            limits[fa] += a
            limits[fb] += b
            if row != NONE:
                limits[funds + row] += 1
    return [int(v * share) for v in limits]


class MpiCase(Case):
    def write(self, name, n, local=True, options=6):
        rng = random.Random(n)
        funds, rows = 4, 60
        homes = local_homes(rng, n, funds, rows, options) if local else random_homes(rng, n, funds, rows, options)
        (self.folder / name).write_bytes(pab(limits_of(homes, funds, rows, 0.4), funds, homes))
        return name

    def start(self, ranks, *how, before=(), mpi=("--oversubscribe",), env=None):
        return subprocess.Popen([*before, MPIRUN, *mpi, "-n", str(ranks), str(PLANNER), *map(str, how)], cwd=self.folder,
                                env=env or mpi_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, start_new_session=True)

    def end(self, p, timeout=240):
        try:
            out, err = p.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out, err = p.communicate()
            self.fail(f"no end after {timeout} s\n{out}\n{err}")
        return p.returncode, out, err

    def plan(self, ranks, *how, **more):
        code, out, err = self.end(self.start(ranks, *how, "--json", **more))
        self.assertEqual(code, 0, out + err)
        return json.loads(out)


@needs_program
@needs_mpi
class SameBits(MpiCase):
    """yaoshi solve, and 1 to 4 ranks of it."""

    def hold(self, name):
        one = self.run_ok("solve", name, "--threads", 1, "--out", "one.txt", "--check", "--json").numbers
        for ranks in (1, 2, 3, 4):
            many = self.plan(ranks, name, "--threads", 1 + ranks % 2, "--plan", f"{ranks}.txt", "--check")
            self.assertEqual({k: many[k] for k in SAME}, {k: one[k] for k in SAME})
            self.assertEqual((many["ranks"], many["checked"]), (ranks, True))
            self.assertEqual((self.folder / f"{ranks}.txt").read_bytes(), (self.folder / "one.txt").read_bytes())
        self.assertEqual(set(one) | {"ranks"}, set(many))

    def test_zones(self):
        self.hold(self.write("zones.pab", 26000))

    def test_one_zone(self):
        self.hold(self.write("one.pab", 20500, local=False, options=2))

    def test_small(self):
        self.hold(self.write("small.pab", 300))

    def test_nobody(self):
        self.hold(self.write("nobody.pab", 0))


@needs_program
@needs_mpi
class Faults(MpiCase):
    def test_bad_file(self):
        """One message, by rank 0, whoever's household it is; in JSON too; the code of bad data."""
        name = self.write("bad.pab", 26000)
        data = bytearray((self.folder / name).read_bytes())
        data[-24 + 4:-24 + 8] = (-5).to_bytes(4, "little", signed=True)  # a cost of the last option
        (self.folder / name).write_bytes(data)
        code, out, err = self.end(self.start(3, name, "--json"))
        self.assertEqual(code, 3, err)
        self.assertEqual(json.loads(out)["error"]["status"], "EDATA")
        self.assertEqual(len(re.findall(r"household \d+, option \d+: a cost is negative", err)), 1, err)

    def test_usage(self):
        for how, said in ((["x.pab", "--bogus"], "no option --bogus"), ([], "usage: yaoshi-planner-mpi FILE.pab"),
                          (["x.pab", "--threads", "0"], "threads"), (["x.pab", "--state", "-"], "--state wants a file"),
                          (["x.pab", "--plan", "-"], "--plan wants a file")):
            code, out, err = self.end(self.start(2, *how))
            self.assertEqual(code, 2, err)
            self.assertEqual(len(re.findall(f"^yaoshi-planner-mpi: .*{said}", err, flags=re.M)), 1, err)

    def test_missing_and_gzip(self):
        code, out, err = self.end(self.start(2, "none.pab"))
        self.assertEqual(code, 1, err)
        self.assertIn("none.pab", err)
        subprocess.run(["gzip", "-k", self.write("small.pab", 30)], cwd=self.folder, check=True)
        code, out, err = self.end(self.start(2, "small.pab.gz"))
        self.assertEqual(code, 3, err)
        self.assertIn("gunzip", err)

    def test_state_that_cannot_be_written(self):
        code, out, err = self.end(self.start(2, self.write("a.pab", 21000), "--state", "no/such/folder"))
        self.assertNotEqual(code, 0)
        self.assertIn("cannot write the state of the prices", err)
        self.assertRegex(err, r"no/such/folder.*No such file or directory")

    def test_plan_that_cannot_be_written(self):
        """What was there under the name stays, and nothing beside it."""
        (self.folder / "plan").mkdir()
        code, out, err = self.end(self.start(2, self.write("a.pab", 400), "--plan", "plan"))
        self.assertEqual(code, 1, err)
        self.assertIn("cannot write", err)
        self.assertTrue((self.folder / "plan").is_dir())
        self.assertFalse((self.folder / "plan.part").exists())

    def test_state_of_another_problem(self):
        a, b = self.write("a.pab", 400), self.write("b.pab", 500)
        self.plan(1, a, "--state", "s")
        kept = (self.folder / "s").read_bytes()
        code, out, err = self.end(self.start(2, b, "--state", "s"))
        self.assertEqual(code, 5, err)
        self.assertIn("prices of another problem (400 households", err)
        (self.folder / "s").write_bytes(kept[:-9] + b"x" + kept[-8:])
        code, out, err = self.end(self.start(2, a, "--state", "s"))
        self.assertEqual(code, 1, err)
        self.assertIn("damaged", err)

    def test_manual_and_help(self):
        env = mpi_environment()
        page = subprocess.run([PLANNER, "--manual"], env=env, capture_output=True, text=True, check=True).stdout
        for lang in ("zh", "en"):
            text = subprocess.run([PLANNER, "--help", "--lang", lang], env=env, capture_output=True, text=True, check=True).stdout
            self.assertEqual(set(re.findall(r"^  --(\S+)", text, flags=re.M)), set(re.findall(r"^\*--(\S+?)\*", page, flags=re.M)))
        if shutil.which("scdoc"):
            subprocess.run(["scdoc"], input=page, text=True, check=True, stdout=subprocess.DEVNULL)


@needs_program
@needs_mpi
class LostRank(MpiCase):
    def ranks_of(self, p):
        """Process ids of the ranks that this mpirun started."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = status.read_text()
                name, rest = text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()
            except (OSError, ValueError):
                continue
            if name == PLANNER.name[:15] and int(rest[1]) == p.pid:
                found.append(int(status.parent.name))
        return sorted(found)

    def test_killed_in_the_middle(self):
        """Whichever rank dies, the job ends, the state is whole, and a restart ends with the bits of one job."""
        name = self.write("zones.pab", 40000, options=7)
        whole = self.run_ok("solve", name, "--out", "whole.txt", "--json").numbers
        for victim in (0, 2):
            state = self.folder / f"state{victim}"
            p = self.start(3, name, "--threads", 1, "--state", state.name)
            while not state.exists() and p.poll() is None:
                time.sleep(0.005)
            ranks = self.ranks_of(p)
            if len(ranks) != 3:
                self.end(p)
                self.skipTest("the job was over before it could be cut off")
            os.kill(ranks[victim], signal.SIGKILL)
            code, out, err = self.end(p, 60)
            self.assertNotEqual(code, 0)
            self.assertIn("signal 9", err)
            self.assertRegex(err, f"rank \\d was ended .*{state.name} is\\s+unharmed")
            self.assertEqual(out, "")
            again = self.plan(2, name, "--state", state.name, "--plan", "again.txt")
            self.assertEqual({k: again[k] for k in SAME}, {k: whole[k] for k in SAME})
            self.assertEqual((self.folder / "again.txt").read_bytes(), (self.folder / "whole.txt").read_bytes())
            self.assertEqual(list(self.folder.glob("*.part")), [])

    def test_goes_on(self):
        """The second job of the same state has no pricing left to do, says so, and tells the same."""
        name = self.write("zones.pab", 21000)
        one = self.plan(2, name, "--state", "s")
        code, out, err = self.end(self.start(3, name, "--state", "s", "--json"))
        self.assertEqual(code, 0, err)
        two = json.loads(out)
        self.assertEqual({k: two[k] for k in SAME}, {k: one[k] for k in SAME})
        self.assertIn("going on from s: 120 pricing passes are done", err)


@needs_program
@needs_mpi
class Hosts(MpiCase):
    """Two network namespaces with names of their own, joined by a cable: two hosts, as far as MPI can see."""

    AGENT = """#!/bin/sh
# mpirun's remote shell: HOST COMMAND...
host=$1
shift
exec ip netns exec {name}b unshare --uts sh -c "hostname {name}b; $*"
"""

    def cable(self):
        name = f"ys{os.getpid()}"
        for line in (f"netns add {name}a", f"netns add {name}b", f"link add va netns {name}a type veth peer name vb netns {name}b",
                     f"-n {name}a addr add 10.213.7.1/24 dev va", f"-n {name}b addr add 10.213.7.2/24 dev vb",
                     *(f"-n {name}{x} link set {d} up" for x in "ab" for d in ("lo", "v" + x))):
            try:
                done = subprocess.run(["ip", *line.split()], capture_output=True, text=True, check=False)
            except FileNotFoundError:
                self.skipTest("ip is not installed (iproute2)")
            if line.startswith("netns add") and done.returncode == 0:
                self.addCleanup(subprocess.run, ["ip", "netns", "del", line.split()[-1]], check=False)
            if done.returncode != 0:
                self.skipTest(f"network namespaces are not permitted here: ip {line}: {done.stderr.strip()}")
        agent = self.folder / "agent.sh"
        agent.write_text(self.AGENT.format(name=name))
        agent.chmod(0o755)
        return name, agent

    def test_two_hosts(self):
        name, agent = self.cable()
        file = self.write("zones.pab", 21000)
        one = self.run_ok("solve", file, "--json").numbers
        net = "10.213.7.0/24"
        env = mpi_environment()
        env["OMPI_MCA_plm_rsh_agent"] = str(agent)
        mpi = ["--host", "10.213.7.1:1,10.213.7.2:1", "--map-by", "node", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", net,
               "--mca", "oob_tcp_if_include", net, "-x", "OMPI_MCA_mpi_yield_when_idle", "-x", "YAOSHI_LANG"]
        two = self.plan(2, file, "--threads", 1, before=["ip", "netns", "exec", f"{name}a"], mpi=mpi, env=env)
        self.assertEqual({k: two[k] for k in SAME}, {k: one[k] for k in SAME})
        self.assertEqual(two["ranks"], 2)
        # The use of all rows went through the cable at every pass.
        sent = json.loads(subprocess.run(["ip", "-n", f"{name}a", "-s", "-j", "link", "show", "va"], capture_output=True, check=True).stdout)
        self.assertGreater(sent[0]["stats64"]["tx"]["bytes"], two["passes"] * two["rows"] * 8 // 2)


if __name__ == "__main__":
    unittest.main()
