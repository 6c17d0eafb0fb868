"""Every recipe has the methods of its family's protocol, with the same argument names."""

import inspect

import pytest

from tests.contracts.test_models import MODELS
from yt8m.protocols import ArraySource, SuitsSchema
from yt8m.recipes import PROTOCOLS, kinds, methods, recipe_class

RECIPES = [
    (family, kind)
    for family in PROTOCOLS
    for kind in (MODELS if family == "yt8m.models" else kinds(family))
]


@pytest.mark.parametrize(("family", "kind"), RECIPES)
def test_a_recipe_has_the_methods_of_its_protocol(family, kind):
    expected = methods(PROTOCOLS[family])
    offered = methods(recipe_class(family, kind, kind))
    assert expected and expected == {name: offered.get(name) for name in expected}


@pytest.mark.parametrize("kind", kinds("yt8m.data.sources"))
def test_a_source_says_whether_the_workflow_makes_its_shards(kind):
    recipe = recipe_class("yt8m.data.sources", kind, kind)
    assert isinstance(recipe.makes_shards, bool)


def test_a_source_of_arrays_has_the_methods_of_its_protocol():
    recipe = recipe_class("yt8m.data.sources", "features", "features")
    expected = methods(ArraySource)
    assert {"fit", "project_shard", "shards"} < expected.keys()
    assert expected == {name: methods(recipe).get(name) for name in expected}


@pytest.mark.parametrize("kind", MODELS)
def test_a_check_of_the_schema_is_called_as_the_protocol_says(kind):
    recipe = recipe_class("yt8m.models", kind, kind)
    if issubclass(recipe, SuitsSchema):
        found = list(inspect.signature(recipe.check_schema).parameters)
        assert found == ["self", *methods(SuitsSchema)["check_schema"]]


@pytest.mark.parametrize("protocol", [*PROTOCOLS.values(), SuitsSchema, ArraySource])
def test_a_protocol_says_what_each_method_takes_and_returns(protocol):
    assert methods(protocol)
    for method in methods(protocol):
        assert inspect.getdoc(getattr(protocol, method)), method
