"""The combinations of settings that `variants` gives."""

import math

import pytest

from yt8m.config.combinations import combinations, with_settings
from yt8m.config.merging import Replacement
from yt8m.config.variants import Variants
from yt8m.strict import attempt

BASE = {"clusters": 16, "training.learning_rate": 0.1, "light": False}


def settings_of(**words):
    """The combinations of an entry of `variants`."""
    made, mistakes = attempt(Variants, {"of": "vlad", **words})
    assert not mistakes
    return [combination.settings for combination in combinations(made, BASE)]


def draws(count=200, seed=1, **settings):
    return settings_of(random={"count": count, "seed": seed, "settings": settings})


def test_a_grid_has_all_combinations_in_an_order_that_keys_do_not_change():
    found = settings_of(grid={"clusters": [8, 16], "light": [True, False]})
    assert [tuple(each.values()) for each in found] == [
        *((8, True), (8, False), (16, True), (16, False))
    ]
    assert found == settings_of(grid={"light": [True, False], "clusters": [8, 16]})


def test_pairs_are_as_listed():
    pairs = [{"clusters": 8, "light": True}, {"training.learning_rate": 0.5}]
    assert settings_of(pairs=pairs) == pairs


def test_seeds_alone_change_no_other_setting():
    assert settings_of(seeds=3) == [{}]


def test_draws_do_not_depend_on_the_order_of_settings_or_on_further_ones():
    clusters, light = {"low": 2, "high": 99}, [True, False]
    both = draws(clusters=clusters, light=light)
    assert both == draws(light=light, clusters=clusters)
    alone = draws(clusters=clusters)
    assert [each["clusters"] for each in both] == [each["clusters"] for each in alone]


def test_more_draws_are_the_same_and_some_more():
    few, many = (draws(count, clusters={"low": 2, "high": 99}) for count in (5, 50))
    assert many[:5] == few


def test_another_seed_draws_others():
    one, other = (draws(20, seed, clusters={"low": 2, "high": 10**6}) for seed in (1, 2))
    assert one != other


def test_whole_numbers_are_drawn_for_a_setting_that_is_one_and_its_limits_are_among_them():
    found = {each["clusters"] for each in draws(clusters={"low": 2, "high": 5})}
    assert found == {2, 3, 4, 5} and all(isinstance(number, int) for number in found)


def test_other_numbers_are_drawn_within_the_range_with_three_digits():
    path = "training.learning_rate"
    found = [each[path] for each in draws(**{path: {"low": 1, "high": 3}})]
    assert all(isinstance(number, float) and 1 <= number <= 3 for number in found)
    assert all(number == float(f"{number:.3g}") for number in found)
    assert sum(found) / len(found) == pytest.approx(2, abs=0.15)


def test_a_setting_that_the_base_leaves_out_is_drawn_by_its_type():
    path = "training.decay_share"
    found = [each[path] for each in draws(20, **{path: {"low": 0, "high": 1}})]
    assert all(0 < number < 1 for number in found)
    path = "training.validate.patience"
    found = [each[path] for each in draws(20, **{path: {"low": 1.5, "high": 4}})]
    assert set(found) == {2, 3, 4} and all(isinstance(number, int) for number in found)


def test_no_whole_number_outside_of_the_range_is_drawn():
    found = [each["clusters"] for each in draws(20, clusters={"low": 2.2, "high": 2.8})]
    assert all(2.2 <= number <= 2.8 for number in found)


def test_logarithms_are_drawn_evenly():
    path = "training.learning_rate"
    found = [each[path] for each in draws(**{path: {"low": 1e-4, "high": 1e-2, "log": True}})]
    mean = sum(map(math.log10, found)) / len(found)
    assert mean == pytest.approx(-3, abs=0.15)
    assert sum(number < 1e-3 for number in found) == pytest.approx(100, abs=25)


def test_choices_are_all_drawn():
    found = [each["training.loss"] for each in draws(**{"training.loss": ["a", "b", "c"]})]
    assert {word: found.count(word) for word in "abc"} == pytest.approx(
        dict.fromkeys("abc", 67), abs=25
    )


def test_a_setting_of_an_entry_is_changed_in_a_copy():
    entry = {"kind": "netvlad", "training": {"epochs": 3, "frames": {"count": 5}}}
    found = with_settings(entry, {"clusters": 8, "training.frames.count": 6, "ema.epochs": 2})
    assert found == {
        "kind": "netvlad",
        "clusters": 8,
        "training": {"epochs": 3, "frames": {"count": 6}},
        "ema": {"epochs": 2},
    }
    assert entry["training"]["frames"] == {"count": 5} and "ema" not in entry


def test_a_mapping_replaces_and_a_replacement_stays_one():
    entry = {"training": Replacement(frames={"count": 5})}
    found = with_settings(entry, {"training.frames": {"kind": "all"}})
    assert found == {"training": {"frames": {"kind": "all"}}}
    assert isinstance(found["training"], Replacement)
    assert isinstance(found["training"]["frames"], Replacement)
