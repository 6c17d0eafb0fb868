"""Settings beside a graph are those that it was made with, or it is not compared."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.comparison.fabricated import VLAD, config, fabricate
from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.comparison.comparison import Choice, compare
from yt8m.comparison.resamples import Resampling
from yt8m.config.model import read_model_config
from yt8m.origins import Origin, header_of
from yt8m.weights import read_header, save_weights

STAGES = ("trained", "ema", "quantised")


@pytest.fixture
def run(tmp_path):
    """A run with weights of two models at all stages, all evaluated, and an ensemble."""
    models = {"vlad": VLAD, "light": {**VLAD, "light": True}}
    folder = fabricate(tmp_path / "run", config(models=models, run={"models": ["light"]}))
    for name in models:
        for stage in STAGES:
            _with_weights(folder / "models" / name, stage)
    return folder


def _config(model: Path, stage: str) -> Path:
    return model / CONFIG if stage == "quantised" else model / stage / CONFIG


def _with_weights(model: Path, stage: str) -> None:
    config = read_model_config(_config(model, stage))
    path = model / stage / WEIGHTS
    values = {"kernel": np.full(3, len(model.name) + STAGES.index(stage), np.float32)}
    header = header_of(config.identity, Origin(stage, config.entry(stage)))
    save_weights(path, values, header)
    metrics = json.loads((model / "quantised/metrics.validate.json").read_text())
    (model / stage / "metrics.validate.json").write_text(
        json.dumps(metrics | {"graph": read_header(path)[1]})
    )
    (model / stage / "videos.validate.parquet").unlink(missing_ok=True)


def left_out(*folders: Path, **choice) -> dict[str, str]:
    found = compare(folders, Choice(how=Resampling(resamples=50), **choice))
    return {each.label: each.reason for each in found.left_out}


CHANGES = {
    "recipe": ("recipe", "clusters", 9, "recipe.clusters is 8, but 9", STAGES),
    "training": ("training", "seed", 7, "training.seed is 1, but 7", STAGES),
    "validation": ("training", "validate", {"videos": 9}, "training.validate", STAGES),
    "ema": ("ema", "epochs", 9, "ema.epochs is", ("ema", "quantised")),
    "quantise": ("quantise", "min_elements", 3, "quantise.min_elements is", ("quantised",)),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("change", CHANGES)
def test_weights_that_were_made_with_other_settings_are_not_compared(run, change, stage):
    section, word, value, reason, stages = CHANGES[change]
    for each in STAGES:
        path = _config(run / "models/vlad", each)
        entry = json.loads(path.read_text())
        if section in entry:
            entry[section][word] = value
            path.write_text(json.dumps(entry))
    found = left_out(run, stage=stage)
    assert ("run/vlad" in found) == (stage in stages)
    if stage in stages:
        assert reason in found["run/vlad"] and "run the workflow" in found["run/vlad"]
        assert f"{_config(run / 'models/vlad', stage)}" in found["run/vlad"]


def test_settings_of_another_model_are_not_taken_for_its_own(run):
    shutil.copy(run / "models/light" / CONFIG, run / "models/vlad" / CONFIG)
    assert "has the settings of light, not of vlad" in left_out(run)["run/vlad"]
    (run / "models/vlad/quantised" / WEIGHTS).unlink()
    assert "has the settings of light, not of vlad" in left_out(run)["run/vlad"]


def test_settings_that_did_not_exist_yet_do_not_count(run):
    """Neither ones that are null, nor ones that the weights' header does not have."""
    path = run / "models/vlad" / CONFIG
    entry = json.loads(path.read_text())
    entry["recipe"]["new"] = None
    path.write_text(json.dumps(entry | {"new": {"kind": "x"}}))
    assert not left_out(run)


def test_equal_settings_of_other_weights_are_named_and_not_merged(run, tmp_path):
    again = shutil.copytree(run, tmp_path / "again")
    assert not left_out(run, again)
    model = again / "models/vlad"
    weights, path = model / "quantised" / WEIGHTS, model / "quantised/metrics.validate.json"
    save_weights(weights, {"kernel": np.zeros(3, np.float32)}, read_header(weights)[0])
    digest = read_header(weights)[1]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"graph": digest, "gap": 0.125}))
    found = left_out(run, again)
    assert list(found) == ["again/vlad"]
    assert (
        "the same settings as run/vlad" in found["again/vlad"] and "0.1250" in found["again/vlad"]
    )
    assert list(left_out(run, again, reference="again/vlad")) == ["run/vlad"]
