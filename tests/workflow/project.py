"""A run of the real rules on small things, driven through the command line."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import yaml

from tests.small import config

ROOT = Path(__file__).parents[2]
PATIENCE = 1800
"""Seconds after which a run hangs."""

STARTED = re.compile(r"^\s*Finished jobid: \d+ \(Rule: (\w+)\)", re.M)
PLANNED = re.compile(r"^(\w+) +(\d+)$", re.M)


class Project:
    """A working directory with a config of its own and the rules of a checkout.

    stand_in: whether texts take the place of the steps' real outputs (`startup/stand_in.py`).
    """

    def __init__(self, folder: Path, checkout: Path = ROOT):
        self.folder, self.checkout = folder, checkout
        self.stand_in = False
        self.output = ""

    def write_config(self, change=None, comment: str = "") -> None:
        """The small config with three shards to learn from, changed by a function of it.

        State is saved at every step, for the tests that kill.
        """
        settings = copy.deepcopy(config())
        settings["resources"] = {"train": {"state_seconds": 0}}
        settings["dataset"]["generate"]["splits"]["train"] = [3, 60]
        if change is not None:
            settings = change(settings) or settings
        (self.folder / "config.yaml").write_text(
            comment + yaml.safe_dump(settings, sort_keys=False)
        )

    def snakemake(
        self,
        *arguments: str,
        succeeds: bool = True,
        configs: tuple[str, ...] = ("config.yaml",),
        snakefile: Path | None = None,
    ) -> str:
        """Run snakemake; returns (and keeps) what it printed.

        configs, snakefile: in place of `config.yaml` and the checkout's own.
        """
        process = self.start(*arguments, configs=configs, snakefile=snakefile)
        try:
            self.output, _ = process.communicate(timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whatever is left of it
        assert (process.returncode == 0) == succeeds, self.output[-6000:]
        return self.output

    def start(
        self,
        *arguments: str,
        configs: tuple[str, ...] = ("config.yaml",),
        snakefile: Path | None = None,
    ) -> subprocess.Popen:
        """Snakemake in a process group of its own; it notes the modules that its jobs import."""
        programs = Path(sys.executable).parent
        command = [programs / "snakemake", "--snakefile", snakefile or self.checkout / "Snakefile"]
        command += [*arguments, "--cores", "2", "--configfile", *configs]
        environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).with_name("startup")),
            "MODULES_FOLDER": str(self.folder / "modules"),
            **({"STAND_IN": "1"} if self.stand_in else {}),
        }
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **options) -> dict[str, int]:
        """How many jobs of each rule ran; targets are left out. options: of `snakemake`."""
        return _without_targets(Counter(STARTED.findall(self.snakemake(*arguments, **options))))

    def plan(self, *arguments: str, **options) -> dict[str, int]:
        """How many jobs of each rule a dry run lists (up to a checkpoint that has to run)."""
        return planned_jobs(self.snakemake("--dry-run", *arguments, **options))

    def status(self) -> dict[str, str]:
        """Folder -> what `yt8m status` says about it, spaces taken together."""
        command = [sys.executable, "-m", "yt8m", "status", "--snakefile", str(ROOT / "Snakefile")]
        command += ["--configfile", "config.yaml"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.output = subprocess.check_output(command, cwd=self.folder, env=environment, text=True)
        rows = (line.split(maxsplit=1) for line in self.output.splitlines() if line)
        return {folder: " ".join(words.split()) for folder, words in rows}

    def copy_to(self, folder: Path) -> "Project":
        """The same with its dates and Snakemake's records."""
        subprocess.run(["cp", "-a", str(self.folder), str(folder)], check=True)
        return Project(folder, self.checkout)

    def modules(self) -> dict[str, set[str]]:
        """The library's modules that each command imported, by the command's words."""
        found: dict[str, set[str]] = {}
        for file in (self.folder / "modules").iterdir():
            note = json.loads(file.read_text())
            words = note["arguments"][: 2 if note["arguments"][0] == "records" else 1]
            found.setdefault(" ".join(words), set()).update(note["modules"])
        return found

    def path(self, name: str) -> Path:
        """A file below `results/`."""
        return self.folder / "results" / name

    def remove(self, name: str) -> None:
        """A file or folder below `results/`."""
        path = self.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def copy_checkout(folder: Path) -> Path:
    """The workflow and the library as a fresh checkout has them: same content, new dates."""
    folder.mkdir(parents=True)
    for name in ("workflow", "yt8m", "profiles", "envs"):
        shutil.copytree(
            ROOT / name,
            folder / name,
            copy_function=shutil.copyfile,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copyfile(ROOT / "Snakefile", folder / "Snakefile")
    return folder


def planned_jobs(output: str) -> dict[str, int]:
    """How many jobs of each rule the output of a dry run lists; targets are left out."""
    table = output.split("Job stats:")[-1].split("total")[0] if "Job stats:" in output else ""
    return _without_targets({rule: int(n) for rule, n in PLANNED.findall(table)})


TARGETS = {"all", "records", "teachers", "teacher", "distillation", "students", "final"}
TARGETS |= {"submission"}


def _without_targets(jobs: dict[str, int]) -> dict[str, int]:
    return {rule: n for rule, n in jobs.items() if rule.removeprefix("yt8m_") not in TARGETS}
