"""Keys with an exclamation mark, whose values replace earlier ones instead of being merged."""

import copy
from pathlib import Path

import pytest
import yaml

from yt8m.config.experiment import read_experiment
from yt8m.config.merging import without_marks
from yt8m.describing import reading
from yt8m.errors import ConfigError

DEMO = yaml.safe_load((Path(__file__).parents[2] / "config" / "config.yaml").read_text())


def merged(own):
    """The experiment of the demo with another config over it, as Snakemake merges them."""
    return read_experiment(reading.merged_files(copy.deepcopy(DEMO), own))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"a": {"x": 1}, "a!": {"y": 2}}, {"a": {"y": 2}}),
        ({"a!": {"y": 2}}, {"a": {"y": 2}}),
        ({"t": {"a": {"x": 1}, "a!": {"y": {"z!": 3, "z": 4}}}}, {"t": {"a": {"y": {"z": 3}}}}),
        ({"a": 1, "a!": 2}, {"a": 2}),
        ({"l": [{"a": 1, "a!": {}}]}, {"l": [{"a": {}}]}),
        ({"!": 1}, {"!": 1}),
        ({5: {"a!": 1}}, {5: {"a": 1}}),
    ],
)
def test_a_key_with_an_exclamation_mark_replaces_at_any_depth(config, expected):
    before = copy.deepcopy(config)
    assert without_marks(config) == expected
    assert config == before


def test_models_of_an_earlier_file_are_replaced():
    own = {
        "models!": {"one": {"kind": "logistic"}},
        "ensembles!": {"final": {"members": {"one": 1.0}}},
        "run": {"models": []},
    }
    experiment = merged(own)
    assert set(experiment.models) == {"one"} and set(experiment.ensembles) == {"final"}
    assert experiment.models["one"].training.batch_size == DEMO["training"]["batch_size"]


def test_without_an_exclamation_mark_mappings_are_merged():
    assert set(merged({"models": {"one": {"kind": "logistic"}}}).models) == {*DEMO["models"], "one"}


def test_a_model_can_discard_the_top_level_defaults():
    own = {"training": {"frames!": {"kind": "all"}}}
    training = merged({"models": {"vlad": own}}).models["vlad"].training
    assert (training.frames.kind, training.frames.count) == ("all", 300)  # not the top's 16
    assert training.batch_size == DEMO["training"]["batch_size"]
    whole = merged({"models": {"vlad": {"training!": {"epochs": 3}}}}).models["vlad"].training
    assert (whole.epochs, whole.batch_size, whole.frames.kind) == (3, 128, "all")


def test_an_exclamation_mark_does_not_affect_other_models():
    experiment = merged({"models": {"vlad": {"training!": {"epochs": 3}}}})
    assert experiment.models["light"].training.batch_size == DEMO["training"]["batch_size"]


@pytest.mark.parametrize(
    ("own", "section", "expected"),
    [
        ({"training": {"decay_epochs": 1}}, "training", {"decay_videos": None, "decay_epochs": 1}),
        ({"ema": {"half_life_steps": 9}}, "ema", {"memory_steps": None, "half_life_steps": 9}),
        ({"ema": {"epochs": 3}}, "ema", {"memory_steps": 40, "epochs": 3}),
        ({"ema": {"memory_steps": None}}, "ema", {"memory_steps": None}),
    ],
)
def test_a_models_alternative_discards_the_one_at_the_top(own, section, expected):
    found = getattr(merged({"models": {"vlad": own}}).models["vlad"], section)
    assert {word: getattr(found, word) for word in expected} == expected


def test_a_models_alternative_discards_the_one_at_the_top_inside_batch_norm():
    own = {"training": {"batch_norm": {"memory_share": 0.1}}}
    above = {"training": {"batch_norm": {"decay": 0.9, "warm_up": False}}}
    found = merged({**above, "models": {"vlad": own}}).models
    batch_norm = found["vlad"].training.batch_norm
    assert (batch_norm.decay, batch_norm.memory_share, batch_norm.warm_up) == (None, 0.1, False)
    assert found["light"].training.batch_norm.decay == 0.9


def test_a_models_alternative_discards_the_one_at_the_top_inside_validation():
    above = {"training": {"validate!": {"every": 5, "videos": 7}}}
    own = {"training": {"validate": {"every_epochs": 2}}}
    validate = merged({**above, "models": {"vlad": own}}).models["vlad"].training.validate
    assert (validate.every, validate.every_epochs, validate.videos) == (None, 2, 7)


def test_alternatives_of_two_files_are_a_mistake_unless_one_takes_the_other_back():
    with pytest.raises(
        ConfigError, match=r"^training.decay_epochs: is given together with decay_v"
    ):
        merged({"training": {"decay_epochs": 1}})
    found = merged({"training": {"decay_epochs": 1, "decay_videos": None}}).models["vlad"].training
    assert (found.decay_epochs, found.decay_videos) == (1, None)


def test_both_alternatives_in_a_model_are_a_mistake_of_the_model():
    own = {"ema": {"memory_epochs": 1, "memory_share": 0.5}}
    with pytest.raises(ConfigError, match=r"^models.vlad.ema.memory_share: is given together with"):
        merged({"models": {"vlad": own}})
