"""A run of the real rules on small things, driven through the command line."""

import copy
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml

from tests.small import config

ROOT = Path(__file__).parents[2]
STARTED = re.compile(r"^\s*Finished jobid: \d+ \(Rule: (\w+)\)", re.M)
PLANNED = re.compile(r"^(\w+) +(\d+)$", re.M)


class Project:
    """A working directory with a config of its own and the rules of this checkout."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.output = ""

    def write_config(self, change=None, comment: str = "") -> None:
        """The small config, changed by a function of it."""
        settings = copy.deepcopy(config())
        if change is not None:
            settings = change(settings) or settings
        (self.folder / "config.yaml").write_text(
            comment + yaml.safe_dump(settings, sort_keys=False)
        )

    def snakemake(self, *arguments: str, succeeds: bool = True) -> str:
        """Run snakemake; returns (and keeps) what it printed."""
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
        command += [*arguments, "--cores", "2", "--configfile", "config.yaml"]
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = done.stdout
        assert (done.returncode == 0) == succeeds, done.stdout[-6000:]
        return done.stdout

    def run(self, *arguments: str) -> dict[str, int]:
        """How many jobs of each rule ran; targets are left out."""
        return _without_targets(Counter(STARTED.findall(self.snakemake(*arguments))))

    def plan(self, *arguments: str) -> dict[str, int]:
        """How many jobs of each rule a dry run lists (up to a checkpoint that has to run)."""
        output = self.snakemake("--dry-run", *arguments)
        table = output.split("Job stats:")[-1].split("total")[0] if "Job stats:" in output else ""
        return _without_targets({rule: int(n) for rule, n in PLANNED.findall(table)})

    def copy_to(self, folder: Path) -> "Project":
        """The same with its dates and Snakemake's records."""
        subprocess.run(["cp", "-a", str(self.folder), str(folder)], check=True)
        return Project(folder)

    def path(self, name: str) -> Path:
        """A file below `results/`."""
        return self.folder / "results" / name

    def remove(self, name: str) -> None:
        """A file or folder below `results/`."""
        path = self.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


TARGETS = {"all", "records", "teachers", "teacher", "distillation", "students", "final"}
TARGETS |= {"submission"}


def _without_targets(jobs: dict[str, int]) -> dict[str, int]:
    return {rule: n for rule, n in jobs.items() if rule not in TARGETS}
