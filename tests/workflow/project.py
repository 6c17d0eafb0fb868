"""A run of the real rules with small sizes, through the command line."""

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

import pytest
import yaml

from tests.forking import quick_scripts, quick_snakemake, quick_steps
from tests.small import config

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
STARTUP = Path(__file__).with_name("startup")

GROUPS = ("records", "compress", "script")
"""Commands with subcommands; `script` stands for those of workflow/scripts."""

PATIENCE = 1800
"""Seconds after which a run counts as hanging."""

STARTED = re.compile(r"^\s*Finished jobid: \d+ \(Rule: (\w+)\)", re.M)
PLANNED = re.compile(r"^(\w+) +(\d+)$", re.M)


class Project:
    """A working directory with its own config and the rules of a checkout.

    stand_in: whether texts take the place of the steps' real outputs (`startup/stand_in.py`).
    library: where the library is installed, for rules that belong to no checkout.
    real: whether `snakemake` starts every program afresh, as `start` does; else Snakemake and the
        steps are forks of processes that have their imports (`tests/forking`).
    pause: seconds before each batch of a step, to have time to disturb it (`startup/slowly.py`).
    python_path: folders of a user's own modules.
    """

    def __init__(self, folder: Path, checkout: Path = ROOT):
        self.folder, self.checkout = folder, checkout
        self.stand_in = self.real = False
        self.library: Path | None = None
        self.pause = 0.0
        self.python_path: tuple[Path, ...] = ()
        self.output = ""

    def write_config(self, change=None, comment: str = "") -> None:
        """The small config with three shards to learn from, changed by a function of it.

        State is saved at every step, for tests that kill the run.
        """
        settings = copy.deepcopy(config())
        settings["resources"] = {"train": {"state_seconds": 0}}
        settings["dataset"]["source"]["splits"]["train"] = [3, 60]
        if change is not None:
            settings = change(settings) or settings
        (self.folder / "config.yaml").write_text(
            comment + yaml.safe_dump(settings, sort_keys=False)
        )

    def settings(self) -> dict:
        """The content of `config.yaml`."""
        return yaml.safe_load((self.folder / "config.yaml").read_text())

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
        if self.real:
            process = self.start(*arguments, configs=configs, snakefile=snakefile)
        else:
            process = self._fork(self._options(arguments, configs, snakefile))
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
        """A real Snakemake with real steps, to be interrupted, in its own process group."""
        options = self._options(arguments, configs, snakefile)
        return self._popen([str(PROGRAMS / "snakemake"), *options], {})

    def _fork(self, options: list[str]) -> subprocess.Popen:
        steps = {} if self.stand_in else quick_steps()
        return self._popen([*quick_snakemake(), *options], {**quick_scripts(), **steps})

    def _options(self, arguments, configs, snakefile) -> list[str]:
        options = ["--snakefile", str(snakefile or self.checkout / "Snakefile"), *arguments]
        return [*options, "--cores", "2", *(["--configfile", *configs] if configs else [])]

    def _popen(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen:
        """Start it in its own process group; the modules that its steps import are recorded."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**self.environment(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def environment(self) -> dict[str, str]:
        """The variables of `snakemake` and its jobs."""
        paths = filter(None, [STARTUP, self.library, *self.python_path])
        return {
            **os.environ,
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "PYTHONPATH": ":".join(map(str, paths)),
            "MODULES_FOLDER": str(self.folder / "modules"),
            **({"STAND_IN": "1"} if self.stand_in else {}),
            **({"SLOWLY": str(self.pause)} if self.pause else {}),
        }

    def run(self, *arguments: str, **options) -> dict[str, int]:
        """How many jobs of each rule ran; targets are left out. options: of `snakemake`."""
        return _without_targets(Counter(STARTED.findall(self.snakemake(*arguments, **options))))

    def plan(self, *arguments: str, **options) -> dict[str, int]:
        """How many jobs of each rule a dry run lists (up to a checkpoint that has to run)."""
        return planned_jobs(self.snakemake("--dry-run", *arguments, **options))

    def status(self) -> dict[str, str]:
        """Folder -> its line in `yt8m status`, with single spaces."""
        command = [sys.executable, "-m", "yt8m", "status", "--snakefile", str(ROOT / "Snakefile")]
        command += ["--configfile", "config.yaml"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.output = subprocess.check_output(command, cwd=self.folder, env=environment, text=True)
        rows = (line.split(maxsplit=1) for line in self.output.splitlines() if line)
        return {folder: " ".join(words.split()) for folder, words in rows}

    def copy_to(self, folder: Path) -> "Project":
        """A copy, including dates and Snakemake's records."""
        folder.mkdir()
        self.copy_into(folder)
        return Project(folder, self.checkout)

    def copy_into(self, folder: Path) -> None:
        """Copy everything into an empty folder."""
        subprocess.run(["cp", "-a", f"{self.folder}/.", str(folder)], check=True)

    def modules(self) -> dict[str, set[str]]:
        """The library's modules that each command imported, by command."""
        found: dict[str, set[str]] = {}
        for note in self.notes():
            words = note["arguments"][: 2 if note["arguments"][0] in GROUPS else 1]
            found.setdefault(" ".join(words), set()).update(note["modules"])
        return found

    def notes(self) -> list[dict]:
        """Of every command that ran: its `arguments`, and the library's `modules` it imported."""
        return [json.loads(file.read_text()) for file in (self.folder / "modules").iterdir()]

    def path(self, name: str) -> Path:
        """A file below `results/`."""
        return self.folder / "results" / name

    def remove(self, name: str) -> None:
        """A file or folder below `results/`."""
        path = self.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def copy_checkout(folder: Path) -> Path:
    """A fresh clone: tracked files only, with new dates, including uncommitted edits.

    Skips the test if the sources are not in a git repository.
    """
    if subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True
    ).returncode:
        pytest.skip("these sources are in no git repository to clone")
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True
    )
    edits = ["git", "-C", str(ROOT), "diff", "--name-only", "--diff-filter=d", "-z", "HEAD"]
    for name in subprocess.check_output(edits, text=True).split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def planned_jobs(output: str) -> dict[str, int]:
    """How many jobs of each rule the output of a dry run lists; targets are left out."""
    table = output.split("Job stats:")[-1].split("total")[0] if "Job stats:" in output else ""
    return _without_targets({rule: int(n) for rule, n in PLANNED.findall(table)})


TARGETS = {"all", "records", "teachers", "teacher", "distillation", "students", "final"}
TARGETS |= {"submission"}


def _without_targets(jobs: dict[str, int]) -> dict[str, int]:
    return {rule: n for rule, n in jobs.items() if rule.removeprefix("yt8m_") not in TARGETS}
