"""A real Slurm cluster on the loopback interface, for the time of a test."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 300
"""Seconds for the daemons to start, or to end."""

PORTS = range(6817, 10000)
"""Slurm's own, and those above. The system gives none of them to a program that asks for any."""

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "setpriv")
SITE = Path("/etc/slurm")
FILES = ("slurm.conf", "gres.conf")
TIMES = ("SubmitTime", "StartTime", "EndTime")


def obstacle() -> str | None:
    """Why such a cluster cannot be started here, or None."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        return f"no {missing[0]} (Debian: apt-get install slurm-wlm munge)"
    if os.geteuid() != 0:
        return "slurmd wants to be root"
    if not socket.gethostbyname(socket.gethostname()).startswith("127."):
        return "the host's name does not stand for a loopback address"
    if any((SITE / name).exists() for name in FILES):
        return f"{SITE} has a configuration of its own"
    return None


class Cluster:
    """Nodes with one GPU each, simulated by a file; another cluster waits for the end of this one.

    All nodes are this machine. nodes: how many.
    """

    def __init__(self, nodes: int = 1):
        # All use the same files of the site.
        self.turn = os.open(SITE, os.O_RDONLY)
        fcntl.flock(self.turn, fcntl.LOCK_EX)
        self.folder = Path(tempfile.mkdtemp(prefix="slurm-"))
        self.host = socket.gethostname().split(".")[0]
        self.nodes = [self.host, *(f"{self.host}-{n}" for n in range(2, nodes + 1))]
        self.daemons: list[subprocess.Popen] = []
        self.ports = filter(_is_free, PORTS)

    def __enter__(self) -> "Cluster":
        self.folder.chmod(0o755)  # munged runs as another user
        try:
            self._write_configuration()
            self._start_munge()
            self._start("slurmctld", "-D", "-c")
            for node in self.nodes:
                self._start("slurmd", "-D", "-c", "-N", node)
            self._wait_until(self._are_idle)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        slurm("scancel", "--user=root")
        for daemon in reversed(self.daemons):
            daemon.terminate()
            daemon.wait(timeout=PATIENCE)
        for name in FILES:
            (SITE / name).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)  # the end of a job may be written to it
        os.close(self.turn)

    def jobs(self, rule: str) -> list[dict[str, str]]:
        """Slurm's own records of the jobs of a rule, in the order of their start."""
        found = [j for j in self._records() if re.match(rf"rule_{rule}(_wild|$)", j["Comment"])]
        return sorted(found, key=lambda job: job["StartTime"])

    def record(self) -> str:
        """Slurm's own records of all jobs, a line each, in the order of their start."""
        words = ("JobId", "JobState", "TimeLimit", "NumNodes", "TresPerJob", *TIMES, "Comment")
        jobs = sorted(self._records(), key=lambda job: job["StartTime"])
        rows = [words, *([job.get(word, "-") for word in words] for job in jobs)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, "", slurm("sinfo", "--long", "--Node")])

    def _records(self) -> list[dict[str, str]]:
        lines = slurm("scontrol", "--oneliner", "show", "jobs").splitlines()
        return [dict(re.findall(r"(\S+?)=(\S*)", line)) for line in lines]

    def _write_configuration(self) -> None:
        template = Path(__file__).with_name("slurm.conf").read_text()
        (self.folder / "slurm.conf").write_text(
            template.format(
                folder=self.folder,
                host=self.host,
                controller_port=next(self.ports),
                nodes="\n".join(map(self._node, self.nodes)),
            )
        )
        # Any file passes for a device; without one the node reports no GPU and is not used.
        (self.folder / "gpu0").touch()
        (self.folder / "gres.conf").write_text(
            "".join(
                f"NodeName={n} Name=gpu Type=a100 File={self.folder}/gpu0\n" for n in self.nodes
            )
        )
        # Where Slurm's programs look: jobs do not inherit SLURM_CONF.
        for name in FILES:
            (SITE / name).unlink(missing_ok=True)  # of a test that was killed
            (SITE / name).symlink_to(self.folder / name)

    def _node(self, name: str) -> str:
        place = f"NodeHostname={self.host} NodeAddr=127.0.0.1 Port={next(self.ports)}"
        return f"NodeName={name} {place} CPUs=8 RealMemory=16000 Gres=gpu:a100:1"

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        folder.mkdir()
        (folder / "key").write_bytes(os.urandom(1024))
        (folder / "key").chmod(0o400)
        for path in (folder, folder / "key"):
            shutil.chown(path, "munge", "munge")
        user = ["--reuid=munge", "--regid=munge", "--clear-groups"]
        names = {"socket": "socket", "key-file": "key", "pid-file": "pid", "seed-file": "seed"}
        options = [f"--{option}={folder / name}" for option, name in names.items()]
        self._start("munged", "--foreground", f"--log-file={folder}/log", *options, user=user)
        self._wait_until((folder / "socket").exists)

    def _start(self, *command: str, user: list[str] | None = None) -> None:
        """Start a daemon that ends with this process, however this ends."""
        with (self.folder / f"{command[0]}.out").open("a") as out:
            prefix = ["setpriv", *(user or []), "--pdeathsig=TERM"]
            self.daemons.append(
                subprocess.Popen([*prefix, *command], stdout=out, stderr=subprocess.STDOUT)
            )

    def _are_idle(self) -> bool:
        states = slurm("sinfo", "--noheader", "--Node", "--partition=main", "--format=%T")
        return states.split() == ["idle"] * len(self.nodes)

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            ended = any(daemon.poll() is not None for daemon in self.daemons)
            if ended or time.monotonic() > end:
                logs = [path.read_text()[-2000:] for path in self.folder.glob("*.[lo]*")]
                raise TimeoutError("the cluster does not start:\n" + "\n".join(logs))
            time.sleep(0.2)


def slurm(*command: str) -> str:
    """What a program of Slurm prints; nothing when it fails."""
    return subprocess.run(command, capture_output=True, text=True).stdout


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False
