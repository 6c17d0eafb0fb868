"""Finished runs that the tests of the workflow start from."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.once import made_once
from tests.own_data.features import NAMES, SOURCE, write_features
from tests.video.table import COLOURS, write_videos
from tests.video.table import SIZES as VIDEO_SIZES
from tests.video.table import SOURCE as VIDEOS
from tests.workflow.parsed import parsed_rules
from tests.workflow.project import ROOT, Project
from tests.workflow.promises import FREE, choosing, compressing, learning


@pytest.fixture(scope="session")
def run_once(tmp_path_factory):
    """A function that returns the run of this name, made by `make` of its first caller.

    make: gets a project in an empty folder and returns jobs by rule, which `project.ran` keeps.
    Workers have their own copies; even so, tests must not change them.
    """

    def run(name: str, make: Callable[[Project], dict[str, int]]) -> Project:
        folder, ran = made_once(tmp_path_factory, name, lambda f: make(Project(f)))
        project = Project(folder)
        project.ran = ran
        return project

    return run


@pytest.fixture(scope="session")
def built(run_once):
    """The finished run of the small config."""

    def make(project: Project) -> dict[str, int]:
        project.write_config()
        return project.run()

    return run_once("built", make)


@pytest.fixture
def done(built, tmp_path):
    """A finished run that tests may change."""
    return built.copy_to(tmp_path / "project")


@pytest.fixture(scope="session")
def planned(built, run_once):
    """The finished run with its final ensemble fitted into a budget and fine-tuned members."""

    def make(project: Project) -> dict[str, int]:
        built.copy_into(project.folder)
        project.write_config(compressing(recovery={"batch_norm_videos": 20, "epochs": 1}))
        return project.run()

    return run_once("planned", make)


@pytest.fixture(scope="session")
def learned(built, run_once):
    """The finished run with a teacher whose weights are learned."""

    def make(project: Project) -> dict[str, int]:
        built.copy_into(project.folder)
        project.write_config(learning(**FREE))
        return project.run()

    return run_once("learned", make)


@pytest.fixture(scope="session")
def chosen(run_once):
    """A finished run of stand-ins with two chosen ensembles: bag and memory teach `other`."""

    def make(project: Project) -> dict[str, int]:
        project.stand_in = True
        project.write_config(choosing)
        return project.run()

    return run_once("chosen", make)


@pytest.fixture(scope="session")
def imported(built, run_once):
    """The finished run with an imported teacher, many shards a job, and a student in an ensemble
    whose weights are learned; with stand-ins for the steps."""

    def change(c):
        c["ensembles"]["teacher"] = {"folder": str(built.path("ensembles/teacher"))}
        c["ensembles"]["final"].update(members={"student": 0.5, "vlad": 0.5}, learn={"folds": 3})
        c["distillation"] = {"shards_per_job": 10}

    def make(project: Project) -> dict[str, int]:
        built.copy_into(project.folder)
        project.write_config(change)
        project.stand_in = True
        return project.run()

    return run_once("imported", make)


def many_options(c):
    """Rules that only some settings need: weights learned, members chosen, a budget met, shards
    many a job."""
    learning()(c)
    compressing(sweep=[0.5])(c)
    c["ensembles"]["final"].update(members={}, best={"of": "student", "count": 1})
    c["frontier"] = {"models": ["student"]}
    c["distillation"] = {"shards_per_job": 10}


def many_shards(c):
    """Rules that only a split with many shards needs."""
    source = c["dataset"]["source"]
    c["dataset"]["source"] = {**source, "splits": {"train": [201, 402], "validate": [1, 30]}}


def all_given(built):
    """Rules that only other settings need: a teacher and shards that exist already."""

    def change(c):
        c["ensembles"]["teacher"] = {"folder": str(built.path("ensembles/teacher"))}
        shards = {s: [f"{built.path('data')}/{s}/*.tfrecord"] for s in ("train", "validate")}
        c["dataset"]["source"] = {"kind": "records", "files": shards}
        c["resources"] = {"records": {"shards_per_job": 1}}

    return change


def own_features(c):
    """Rules that only a table of feature files needs."""
    c["dataset"].update(source=SOURCE, classes=len(NAMES))
    c["training"]["batch_size"] = 2


def own_videos(c):
    """Rules that only a table of videos needs."""
    c["dataset"].update(source=VIDEOS, classes=len(COLOURS), features=VIDEO_SIZES)
    c["training"]["batch_size"] = 2


@pytest.fixture(scope="session")
def rules(built, tmp_path_factory):
    """All rules, by settings: those of the small run and those that other settings add."""
    of = {"small": parsed_rules(built)}
    changes = {"options": many_options, "given": all_given(built), "own": own_features}
    changes |= {"parts": many_shards, "videos": own_videos}
    for name, change in changes.items():
        project = Project(tmp_path_factory.mktemp(name))
        write_features(project.folder)
        write_videos(project.folder)
        project.write_config(change)
        of[name] = parsed_rules(project)
    return of


@pytest.fixture(scope="session")
def every_rule(rules):
    """All rules that any of these settings has, by name."""
    return {name: rule for found in rules.values() for name, rule in found.items()}


@pytest.fixture(scope="session")
def command_line():
    """The modules that commands import before they do anything."""
    program = "import sys; from importlib import import_module; from yt8m.cli.main import MODULES; "
    program += "[import_module(f'yt8m.cli.{name}') for name in MODULES]; "
    program += "print(*(m for m in sys.modules if m.startswith('yt8m')))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return set(
        subprocess.check_output([sys.executable, "-c", program], env=environment).decode().split()
    )
