import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.errors import ConfigError
from yt8m.recipes import read_recipe

WRONG = [
    ({"kind": "netvlad", "clusters": 1}, "models.it.clusters: is 1"),
    ({"kind": "netvlad", "hidden": 0}, "models.it.hidden: is 0"),
    (
        {"kind": "netvlad", "gating": False, "gating_remove_diagonal": True},
        "models.it.gating_remove_diagonal",
    ),
    ({"kind": "netfv", "clusters": 1}, "models.it.clusters: is 1"),
    ({"kind": "netfv", "hidden": 0}, "models.it.hidden: is 0"),
    ({"kind": "netfv", "coupling_factor": 0.0}, "models.it.coupling_factor: is 0"),
    (
        {"kind": "netfv", "gating": False, "gating_remove_diagonal": True},
        "models.it.gating_remove_diagonal",
    ),
    ({"kind": "netfv", "classifier": {"mixtures": 0}}, "models.it.classifier.mixtures: is 0"),
    ({"kind": "nextvlad", "clusters": 3}, "models.it.clusters: is 3"),
    ({"kind": "nextvlad", "expansion": 0}, "models.it.expansion: is 0"),
    ({"kind": "nextvlad", "groups": 0}, "models.it.groups: is 0"),
    ({"kind": "nextvlad", "hidden": 0}, "models.it.hidden: is 0"),
    ({"kind": "nextvlad", "gating_reduction": 0}, "models.it.gating_reduction: is 0"),
    ({"kind": "nextvlad", "hidden": 7}, "models.it.gating_reduction: is 8; at most `hidden`, 7"),
    ({"kind": "nextvlad", "dropout": 1.0}, "models.it.dropout: is 1"),
    ({"kind": "nextvlad", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "dbof", "clusters": 0}, "models.it.clusters: is 0"),
    ({"kind": "dbof", "hidden": 0}, "models.it.hidden: is 0"),
    (
        {"kind": "dbof", "pooling": "attention"},
        "models.it.pooling: is 'attention'; .*'max' or 'average'",
    ),
    ({"kind": "dbof", "pooling": "none"}, "models.it.pooling: is 'none'"),
    ({"kind": "dbof", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "soft_dbof", "clusters": 8}, "models.it.clusters: is 8"),
    ({"kind": "soft_dbof", "hidden": 0}, "models.it.hidden: is 0"),
    ({"kind": "soft_dbof", "project": False, "relu": True}, "models.it.relu: is true"),
    ({"kind": "soft_dbof", "classifier": {"mixtures": 0}}, "models.it.classifier.mixtures: is 0"),
    ({"kind": "gated_dbof", "clusters": 8}, "models.it.clusters: is 8"),
    ({"kind": "gated_dbof", "hidden": -1}, "models.it.hidden: is -1"),
    ({"kind": "gated_dbof", "project": False, "relu": True}, "models.it.relu: is true"),
    ({"kind": "gated_dbof", "classifier": {"mixtures": 0}}, "models.it.classifier.mixtures: is 0"),
    ({"kind": "attention", "expansion": 0}, "models.it.expansion: is 0"),
    ({"kind": "attention", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "bigru", "cells": 1}, "models.it.cells: is 1"),
    ({"kind": "bigru", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "bilstm", "cells": 1}, "models.it.cells: is 1"),
    ({"kind": "branched_gru", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "branched_gru", "gating": True}, "models.it.gating: unknown setting"),
    ({"kind": "lstm", "cells": 0}, "models.it.cells: is 0"),
    ({"kind": "lstm", "layers": 0}, "models.it.layers: is 0"),
    ({"kind": "lstm", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
    ({"kind": "logistic", "l2": -1.0}, "models.it.l2: is -1"),
    ({"kind": "moe", "mixtures": 0}, "models.it.mixtures: is 0"),
    ({"kind": "netvlad", "classifier": {"mixtures": 0}}, "models.it.classifier.mixtures: is 0"),
    ({"kind": "bilstm", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1"),
]


@pytest.mark.parametrize(("entry", "message"), WRONG)
def test_a_setting_out_of_range_is_named_by_its_path(entry, message):
    with pytest.raises(ConfigError, match=message):
        read_recipe("yt8m.models", entry, "models.it")


def test_a_classifier_is_chosen_by_its_kind():
    recipe = read_recipe(
        "yt8m.models", {"kind": "netvlad", "classifier": {"kind": "logistic", "l2": 0.5}}, "m"
    )
    assert recipe.classifier.l2 == 0.5
    assert type(recipe.classifier).__module__ == "yt8m.classifiers.logistic"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"groups": 5},
            "is 5; must divide the 48 values of the expanded 'rgb' into 5 equal groups",
        ),
        ({"groups": 6, "expansion": 1}, "the 8 values of the expanded 'audio' into 3 equal groups"),
        ({"groups": 48}, "the 48 values of the expanded 'rgb' into 48 equal groups of 2 or more"),
    ],
)
def test_groups_that_do_not_divide_the_features_are_reported_with_the_whole_config(
    settings, message
):
    entry = config()
    entry["models"] = {**entry["models"], "spare": {"kind": "nextvlad", **settings}}
    with pytest.raises(ConfigError, match=f"models.spare.groups: .*{message}"):
        read_experiment(entry)


def test_a_feature_too_small_for_two_directions_is_reported_with_the_whole_config():
    entry = config()
    entry["dataset"] = {**entry["dataset"], "features": {"rgb": 24, "audio": 1}}
    entry["models"] = {**entry["models"], "spare": {"kind": "branched_gru"}}
    with pytest.raises(
        ConfigError, match=r"models\.spare: feature 'audio' has 1 value; .*2 or more"
    ):
        read_experiment(entry)
