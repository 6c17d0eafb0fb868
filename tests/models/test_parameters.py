"""The number of weights of the models in the papers, at their sizes and on the full dataset."""

import math
from collections import Counter

import keras
import pytest

from yt8m.data.schema import Schema
from yt8m.models.assemble import build_model
from yt8m.recipes import read_recipe


@pytest.fixture(autouse=True, scope="module")
def _forget_the_unfilled_weights():
    yield
    keras.utils.clear_session()


def trainable(**entry):
    """Trainable weights by the first word of their path, without allocating their values."""
    recipe = read_recipe("yt8m.models", entry, "models.it")
    with keras.StatelessScope(initialize_variables=False):
        model = build_model(recipe, Schema())
    counts = Counter()
    for variable in model.trainable_variables:
        counts[variable.path.split("/")[0]] += math.prod(variable.shape)
    return counts


def test_nextvlad_has_as_many_weights_as_its_equations():
    width, groups, clusters, hidden, narrow = 2048, 8, 128, 2048, 256
    size = width // groups
    found = trainable(kind="nextvlad")
    assert found["rgb_vlad"] == (
        (1024 + 1) * width  # widening
        + (width + 1) * groups  # attention
        + (width + 2) * groups * clusters  # assignment, scale and shift
        + (1 + 2) * size * clusters  # centres; scale and shift
    )
    vlad = size * clusters + 64 * 64  # audio: 4 groups of 64 values, 64 clusters
    assert found["hidden"] == vlad * hidden
    assert found["hidden_normalisation"] == 2 * hidden
    assert found["hidden_gating"] == 2 * hidden * narrow + 2 * narrow
    assert found["classifier"] == (hidden + 1) * 3862


@pytest.mark.parametrize(
    ("clusters", "gating_reduction", "expected"),
    [(128, 8, 88_889_378), (112, 8, 79_167_714), (112, 16, 78_643_170)],
)
def test_nextvlad_has_as_many_weights_as_in_its_paper(clusters, gating_reduction, expected):
    """The authors count 79 million; three of them in float32 stay below the budget of 1 GB."""
    sizes = {"clusters": clusters, "gating_reduction": gating_reduction}
    assert sum(trainable(kind="nextvlad", **sizes).values()) == expected


FINAL = [
    ({"kind": "netvlad", "classifier": {"gating": "probabilities"}}, 1286),
    (
        {
            "kind": "netvlad",
            "clusters": 192,
            "hidden": 992,
            "classifier": {"gating": "probabilities"},
        },
        971,
    ),
    ({"kind": "netfv", "classifier": {"gating": "probabilities"}}, 1476),
    ({"kind": "gated_dbof", "clusters": 3684, "hidden": 920}, 132),
    ({"kind": "gated_dbof", "clusters": 6144, "hidden": 1536}, 237),
    ({"kind": "bilstm"}, 77),
]
"""Models of Skalic & Austin's final ensemble, and the size in MB that they had in float32."""


@pytest.mark.parametrize(("entry", "megabytes"), FINAL)
def test_the_final_models_of_2018_have_the_size_they_had(entry, megabytes):
    found = 4e-6 * sum(trainable(**entry).values())
    assert found == pytest.approx(megabytes, abs=0.01 * megabytes)
