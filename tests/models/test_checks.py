import pytest

from yt8m.errors import ConfigError
from yt8m.recipes import read_recipe

WRONG = [
    ({"kind": "netvlad", "clusters": 1}, "models.it.clusters: is 1"),
    ({"kind": "netvlad", "hidden": 0}, "models.it.hidden: is 0"),
    (
        {"kind": "netvlad", "gating": False, "gating_remove_diagonal": True},
        "models.it.gating_remove_diagonal",
    ),
    ({"kind": "dbof", "clusters": 8}, "models.it.clusters: is 8"),
    ({"kind": "dbof", "hidden": -1}, "models.it.hidden: is -1"),
    ({"kind": "bilstm", "cells": 1}, "models.it.cells: is 1"),
    ({"kind": "logistic", "l2": -1.0}, "models.it.l2: is -1.0"),
    ({"kind": "moe", "mixtures": 0}, "models.it.mixtures: is 0"),
    ({"kind": "netvlad", "classifier": {"mixtures": 0}}, "models.it.classifier.mixtures: is 0"),
    ({"kind": "bilstm", "classifier": {"l2": -1.0}}, "models.it.classifier.l2: is -1.0"),
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
