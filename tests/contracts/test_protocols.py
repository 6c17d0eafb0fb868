"""Every recipe offers what the protocol of its family says, by the same words."""

import inspect

import pytest

from tests.contracts.test_models import MODELS
from yt8m.compression.storage import Quantiser
from yt8m.data.source import Source
from yt8m.protocols import (
    ClassifierRecipe,
    ImageExtractor,
    ModelRecipe,
    SoundExtractor,
    SuitsSchema,
)
from yt8m.recipes import METHODS, kinds, recipe_class

FAMILIES = {
    "yt8m.models": (ModelRecipe, MODELS),
    "yt8m.classifiers": (ClassifierRecipe, kinds("yt8m.classifiers")),
    "yt8m.compression.quantisers": (Quantiser, kinds("yt8m.compression.quantisers")),
    "yt8m.data.sources": (Source, kinds("yt8m.data.sources")),
    "yt8m.extractors.images": (ImageExtractor, kinds("yt8m.extractors.images")),
    "yt8m.extractors.sounds": (SoundExtractor, kinds("yt8m.extractors.sounds")),
}
RECIPES = [(family, kind) for family, (_, known) in FAMILIES.items() for kind in known]


def offered(protocol: type) -> dict[str, list[str]]:
    """Method -> names of its arguments."""
    methods = {n: m for n, m in vars(protocol).items() if inspect.isfunction(m)}
    return {n: list(inspect.signature(m).parameters) for n, m in methods.items() if n[0] != "_"}


@pytest.mark.parametrize(("family", "kind"), RECIPES)
def test_a_recipe_has_the_methods_of_its_protocol(family, kind):
    protocol, _ = FAMILIES[family]
    recipe = recipe_class(family, kind, kind)
    assert offered(protocol)
    for method, arguments in offered(protocol).items():
        assert list(inspect.signature(getattr(recipe, method)).parameters) == arguments


@pytest.mark.parametrize("family", FAMILIES)
def test_what_tells_the_recipes_of_a_family_is_a_method_of_its_protocol(family):
    method, parameters = METHODS[family]
    assert offered(FAMILIES[family][0])[method] == ["self", *parameters]


@pytest.mark.parametrize("kind", kinds("yt8m.data.sources"))
def test_a_source_says_whether_the_workflow_makes_its_shards(kind):
    recipe = recipe_class("yt8m.data.sources", kind, kind)
    assert isinstance(recipe.makes_shards, bool)


@pytest.mark.parametrize("kind", MODELS)
def test_a_check_of_the_schema_is_called_as_the_protocol_says(kind):
    recipe = recipe_class("yt8m.models", kind, kind)
    if issubclass(recipe, SuitsSchema):
        found = list(inspect.signature(recipe.check_schema).parameters)
        assert found == offered(SuitsSchema)["check_schema"]


@pytest.mark.parametrize(
    "protocol", [ClassifierRecipe, ModelRecipe, SuitsSchema, Quantiser, Source]
)
def test_a_protocol_says_what_each_method_takes_and_returns(protocol):
    assert offered(protocol)
    for method in offered(protocol):
        assert inspect.getdoc(getattr(protocol, method)), method
