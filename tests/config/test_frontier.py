"""The setting `frontier`: mistakes in it, and which models it stands for."""

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.errors import ConfigError


def read(**frontier):
    return read_experiment({**config(), "frontier": {"models": ["vlad"], **frontier}})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"models": ["vald"]}, r"frontier.models: there is no model 'vald', did you mean 'vlad'"),
        ({"models": ["vlad", "vlad"]}, r"frontier.models: contains 'vlad' more than once"),
        ({"budgets": ["1 MB", 1_000_000]}, r"frontier.budgets: contains 1000000 more than once"),
        (
            {"quantisers": [{"kind": "kmeans", "bits": 4}, {"kind": "kmeans", "bits": 4}]},
            r"frontier.quantisers: contains .*kmeans.* more than once",
        ),
        ({"budgets": ["1 XB"]}, r"frontier.budgets\[0\]: is '1 XB'; expected bytes"),
        ({"split": "test"}, r"frontier.split: split 'test' has no shards"),
        ({"split": "train"}, r"frontier.split: is 'train', which models are trained on"),
        ({"compress": {"split": "tain"}}, r"frontier.compress.split: .* did you mean 'train'"),
        ({"compress": {"guide": "label"}}, r"frontier.compress.guide: is 'label'; expected one of"),
        ({"compress": {"recovery": {"epochs": 1}}}, r"frontier.compress.recovery: applies to an"),
        ({"compress": {"sweep": [0.5]}}, r"frontier.compress.sweep: .* set `budgets` instead"),
        ({"quantisers": [{"kind": "kmean"}]}, r"frontier.quantisers.*did you mean 'kmeans'"),
    ],
)
def test_a_mistake_names_its_setting(words, message):
    with pytest.raises(ConfigError, match=message):
        read(**words)


def test_models_of_the_frontier_are_made_and_stand_for_their_seeds():
    entry = config()
    spare = {"kind": "netvlad", "clusters": 4, "hidden": 8, "seeds": 2}
    entry["models"] = {**entry["models"], "spare": spare, "unused": {"kind": "moe"}}
    experiment = read_experiment({**entry, "frontier": {"models": ["spare", "vlad"]}})
    assert experiment.frontier_models() == ["spare", "spare_seed2", "vlad"]
    assert "spare_seed2" in experiment.made_models()
    only = read_experiment({**entry, "frontier": {"models": ["unused"]}})
    assert "unused" in only.made_models()


def test_an_entry_that_is_not_among_its_variants_is_not_made_for_the_frontier():
    entry = config()
    entry["models"] = {**entry["models"], "spare": {"kind": "logistic"}}
    entry["variants"] = {"of": "spare", "grid": {"unit_mean": [True]}}
    made = read_experiment({**entry, "frontier": {"models": ["spare"]}}).made_models()
    assert "spare" not in made and "spare_unit_mean_true" in made


def test_a_run_without_a_frontier_does_not_record_one():
    assert "frontier" not in whole_entry(read_experiment(config()))
    assert whole_entry(read())["frontier"]["models"] == ["vlad"]
