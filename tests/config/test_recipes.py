"""Reading settings out of a config mapping."""

from collections.abc import Mapping
from typing import Literal

import pytest
from pydantic import Field

from yt8m.errors import ConfigError
from yt8m.protocols import ProjectionRecipe
from yt8m.recipes import (
    as_entry,
    by_name,
    kind_of,
    kinds,
    read_recipe,
    read_settings,
    recipe_modules,
)
from yt8m.strict import attempt, settings


@settings
class Inner:
    rate: float = Field(0.5, ge=0)
    most: float = 1.0

    def problems(self):
        if self.rate > self.most:
            yield "rate", f"is {self.rate}; at most `most`, {self.most}"


@settings
class Several:
    recipes: Mapping[str, ProjectionRecipe] = by_name("yt8m.projections", "scale")


@settings
class Outer:
    count: int
    inner: Inner = Field(default_factory=Inner)
    word: Literal["a", "b"] = "a"
    names: tuple[str, ...] = ()
    sizes: Mapping[str, int] = Field(default_factory=dict)
    limit: int | None = None


def test_every_type_of_setting_is_read():
    found = read_settings(
        Outer,
        {
            "count": 3,
            "inner": {"rate": 1},
            "word": "b",
            "names": ["x", "y"],
            "sizes": {"z": 4},
            "limit": 7,
        },
        "top",
    )
    assert found == Outer(3, Inner(1.0), "b", ("x", "y"), {"z": 4}, 7)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({}, "top.count: is missing"),
        ({"count": 1, "cuont": 2}, "top.cuont: unknown setting, did you mean 'count'"),
        ({"count": 1, "zebra": 2}, "top.zebra: unknown setting; known: count, inner"),
        ({"count": "many"}, "top.count: is 'many'; expected a whole number"),
        ({"count": True}, "top.count: is True; expected a whole number"),
        ({"count": 1.5}, "top.count: is 1.5; expected a whole number"),
        ({"count": 1, "inner": {"rate": -1}}, "top.inner.rate: is -1; 0 or more"),
        ({"count": 1, "inner": {"rate": 3}}, "top.inner.rate: is 3.0; at most `most`, 1.0"),
        ({"count": 1, "inner": {"rate": "x"}}, "top.inner.rate: is 'x'; expected a number"),
        ({"count": 1, "inner": 5}, "top.inner: is 5; expected a mapping"),
        ({"count": 1, "word": "c"}, "top.word: is 'c'; expected one of 'a' or 'b'"),
        ({"count": 1, "names": "x"}, "top.names: is 'x'; expected a list"),
        ({"count": 1, "names": [3]}, r"top.names\[0\]: is 3; expected a text"),
        ({"count": 1, "sizes": {"z": "big"}}, "top.sizes.z: is 'big'; expected a whole number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(entry, message):
    with pytest.raises(ConfigError, match=message):
        read_settings(Outer, entry, "top")


def test_a_number_that_yaml_takes_for_a_text_is_a_number():
    assert read_settings(Inner, {"rate": "1e-6"}, "top").rate == 1e-6


def test_the_kind_is_the_name_of_the_file():
    recipe = read_recipe("yt8m.models", {"kind": "netvlad", "clusters": 64}, "models.a")
    assert (type(recipe).__module__, recipe.clusters) == ("yt8m.models.netvlad", 64)
    assert kind_of(recipe) == "netvlad"


def test_an_unknown_kind_is_refused_with_a_suggestion():
    with pytest.raises(ConfigError, match=r"models\.a\.kind: unknown kind 'netvald', did you mean"):
        read_recipe("yt8m.models", {"kind": "netvald"}, "models.a")
    with pytest.raises(ConfigError, match=r"models\.a\.kind: is missing; one of .*bilstm"):
        read_recipe("yt8m.models", {}, "models.a")


PACKAGES = ["yt8m.models", "yt8m.classifiers", "yt8m.compression.quantisers"]


@pytest.mark.parametrize("package", PACKAGES)
def test_an_entry_written_from_a_recipe_reads_back_equal(package):
    for kind in kinds(package):
        recipe = read_recipe(package, {"kind": kind}, "x")
        assert read_recipe(package, as_entry(recipe), "x") == recipe


def test_a_recipe_knows_its_own_file_and_its_classifiers():
    recipe = read_recipe("yt8m.models", {"kind": "netvlad"}, "x")
    assert recipe_modules(recipe) == ["yt8m.models.netvlad", "yt8m.classifiers.moe"]


def test_recipes_by_name_are_read_written_and_counted():
    entry = {"recipes": {"a": {"kind": "pca_whiten", "size": 3}, "b": {"low": -1}}}
    found = read_settings(Several, entry, "top")
    assert {name: kind_of(each) for name, each in found.recipes.items()} == {
        "a": "pca_whiten",
        "b": "scale",
    }
    assert found.recipes["b"].low == -1 and read_settings(Several, {}, "top").recipes == {}
    assert read_settings(Several, as_entry(found), "top") == found
    modules = {"yt8m.projections.pca_whiten", "yt8m.projections.scale"}
    assert modules < {*recipe_modules(found)}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["scale"], "top.recipes: is .'scale'.; expected a mapping"),
        ({"a": 5}, "top.recipes.a: is 5; expected a mapping of settings"),
        (
            {"a": {"kind": "scael"}},
            "top.recipes.a.kind: unknown kind 'scael', did you mean 'scale'",
        ),
        ({"a": {"lo": 1}, "b": {"high": -9}}, "(?s)recipes.a.lo: unknown.*recipes.b.high: is -9"),
    ],
)
def test_mistakes_in_recipes_by_name_are_found_at_their_places(value, message):
    with pytest.raises(ConfigError, match=message):
        read_settings(Several, {"recipes": value}, "top")


def test_recipes_by_name_can_be_read_as_far_as_they_are_valid():
    made, mistakes = attempt(Several, {"recipes": {"a": {"high": 3, "low": "x"}}, "other": 1})
    assert len(mistakes) == 2 and made.recipes["a"].high == 3
