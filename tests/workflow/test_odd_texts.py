"""Odd texts and file names pass through the whole run unchanged."""

import json
from pathlib import Path
from typing import get_type_hints

import pytest
import yaml

from tests.serving.stages import write_kind
from tests.small import generate_split
from tests.workflow.project import Project, copy_checkout
from yt8m.config.sections import sections
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.recipes import read_recipe
from yt8m.serving.ensemble import export_ensemble

TEXT = "-{a} {0} {} {{b}} <results> <c> $HOME ${UNSET} *?[d] 'e' \"f\" `g` \\ %s # é\n\t;&|"
NAME = "-$HOME $UNSET *?[d] 'e' \"f\" `g` \\ {h <1> é ;&|"
LINES = f"{NAME}\nand more"

SET = {"(top).title", "(top).results", "dataset.label_names", "ensembles.<name>.folder"}
SET |= {f"card.{word}" for word in ("licence_file", "author", "description", "training_data")}
REFERENCES = {"models.<name>.teacher", "ensembles.<name>.compress.split", "card.licence"}
REFERENCES |= {"ensembles.<name>.learn.split", "run.final", "run.train", "run.decide.split"}
REFERENCES |= {"ensembles.<name>.best.split", "training.validate.split", "variants.of"}
REFERENCES |= {"frontier.split", "frontier.compress.split"}
"""Names of something that is checked to be there."""


def texts():
    """Every setting that is a text of the user's own."""
    for section in sections():
        hints = get_type_hints(section.cls)
        for word in section.fields():
            if hints[word] in (str, str | None):
                yield f"{section.word}.{word}"


def test_every_text_setting_of_a_config_is_covered_here():
    """Sources of own data have tests of their own, with odd names of files."""
    of_recipes = {name for name in texts() if name.startswith("dataset.source.")}
    assert set(texts()) - of_recipes == SET | REFERENCES


def write_teacher(folder: Path, schema: Schema) -> None:
    recipe = read_recipe("yt8m.models", {"kind": "logistic"}, "")
    stage = write_kind(folder.parent / "stage", "logistic", recipe, schema)
    export_ensemble("theirs", {stage: 1.0}, folder)


def odd_config(folder: Path) -> dict:
    """A config with odd texts and names everywhere, whose files are written."""
    features = {"rgb": 8, "audio": 4}
    schema = Schema(features, classes=5, max_frames=6)
    splits = {"train": (2, 40), "validate": (1, 20)}
    generate = Generated(splits=splits, frames_min=3, frames_max=6)
    for split in splits:
        generate_split(generate, schema, split, folder / LINES / split)
    (folder / f"{NAME}.csv").write_text("\ufeffIndex,Name\n0,{x} <results>\n", encoding="utf-8")
    (folder / f"{NAME}.txt").write_text("\ufeffDo as you like: é {x}", encoding="utf-8")
    write_teacher(folder / f"{NAME} teacher", schema)
    light = {"gpu": 0, "threads": 1, "mem_mb": 500}
    return {
        "title": TEXT,
        "results": f"{NAME} results",
        "dataset": {
            "classes": 5,
            "max_frames": 6,
            "features": features,
            "label_names": f"{NAME}.csv",
            "source": {
                "kind": "records",
                "files": {s: [f"{LINES}/{s}/*.tfrecord"] for s in splits},
            },
        },
        "training": {"batch_size": 10, "epochs": 1},
        "ema": {"epochs": 1},
        "quantise": {"min_elements": 10},
        "models": {"m": {"kind": "logistic", "teacher": "teacher"}},
        "ensembles": {
            "teacher": {"folder": f"{NAME} teacher"},
            "final": {"members": {"m": 1.0}, "budget_bytes": 10_000_000, "compress": {}},
        },
        "run": {"predict": ["validate"]},
        "card": {
            "licence": "mine-1.0",
            "licence_file": f"{NAME}.txt",
            "author": TEXT,
            "description": TEXT,
            "training_data": TEXT,
        },
        "resources": {"train": light, "infer": light, "distil": light},
    }


def test_a_run_succeeds_with_odd_texts_and_odd_names_of_files_folders_and_checkout(tmp_path):
    folder = tmp_path / f"{NAME} run"
    (folder / f"{NAME} results").mkdir(parents=True)
    project = Project(folder, copy_checkout(tmp_path / NAME.replace("{", "")))
    project.write_config(lambda _: odd_config(folder))
    written = yaml.safe_load((folder / "config.yaml").read_text())
    assert [written["title"], written["card"]["author"]] == [TEXT, TEXT]
    project.run()
    results = folder / f"{NAME} results"
    run = json.loads((results / "run.json").read_text())
    assert run["settings"]["dataset"]["features"] == [["rgb", 8], ["audio", 4]]
    assert (results / "report.html").exists()
    assert (results / "predictions/final/validate.csv").exists()
    assert (results / "ensembles/final/final.tar.gz").exists()
    assert not (folder / "results").exists()
    assert project.plan() == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"results": "run{1}"},
            "results: 'run{1}' contains '{1}', which Snakemake reads",
        ),
        ({"results": "$UNSET_HERE/x"}, "results: '$UNSET_HERE/x' uses a variable that is not set"),
        (
            {"results": "config.yaml"},
            "results: config.yaml exists but is not a folder; choose another",
        ),
        ({"card": {"licence_file": "config.yaml", "licence": "../x"}}, "card.licence: is '../x'"),
        ({"card": {"licence_file": "gone"}}, "card.licence_file: there is no file 'gone'"),
        ({"card": {"licence_file": "latin"}}, "card.licence_file: latin, line 1: byte 0xe9 is no"),
    ],
)
def test_invalid_names_are_refused_before_anything_runs(tmp_path, change, message):
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    project = Project(tmp_path)
    project.write_config(lambda c: {**c, **change})
    output = project.snakemake("--dry-run", succeeds=False)
    assert message in output and "Traceback" not in output
    assert {p.name for p in tmp_path.iterdir()} <= {"config.yaml", "latin", ".snakemake"}
