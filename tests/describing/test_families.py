"""Variants in words."""

import pytest

from tests.config.test_experiment import DEMO
from yt8m.config.experiment import read_experiment
from yt8m.describing.costs import Costs, StepMemory, Variable
from yt8m.describing.families import format_families
from yt8m.describing.tables import format_models


def read(*variants):
    return read_experiment({**DEMO, "variants": list(variants)})


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            {"grid": {"clusters": [32, 8, 16], "training.learning_rate": [1e-3]}, "seeds": 2},
            "vlad: 6 variants = clusters (8, 16, 32) x training.seed (1, 2)",
        ),
        ({"grid": {"clusters": [8]}}, "vlad: 1 variant"),
        (
            {"pairs": [{"clusters": 8}, {"light": True}, {}]},
            "vlad: 3 variants of clusters (8, 16), light (false, true)",
        ),
        (
            {"grid": {"hidden": [*range(10, 20)], "quantise.quantiser": [{"kind": "float16"}]}},
            "vlad: 10 variants = hidden (10 ... 19, 10 values)",
        ),
    ],
)
def test_a_line_tells_how_many_variants_there_are_of_what(words, line):
    assert format_families(read({"of": "vlad", **words})) == f"{line}\n"


def test_each_entry_with_variants_has_a_line():
    found = format_families(read({"of": "vlad", "seeds": 2}, {"of": "bag", "seeds": 3}))
    assert [line.split(":")[0] for line in found.splitlines()] == ["vlad", "bag"]
    assert format_families(read()) == ""


def costs(elements: int) -> Costs:
    variables = (Variable("kernel", (elements,), "float32"),)
    return Costs(variables, elements, StepMemory(*[10**6] * 6))


def test_variants_with_equal_costs_share_a_row_and_other_models_do_not():
    experiment = read({"of": "vlad", "grid": {"clusters": [8, 16]}, "seeds": 3})
    found = {
        name: costs(100 * m.recipe.clusters)
        for name, m in experiment.models.items()
        if hasattr(m.recipe, "clusters")
    }
    rows = [line.split("  ")[0] for line in format_models(experiment, found).splitlines()]
    assert rows.count("vlad and 2 more") == rows.count("vlad_clusters8 and 2 more") == 2
    assert rows.count("alone") == rows.count("vlad_student") == 2
