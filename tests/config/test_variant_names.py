"""Names of variants: readable, and different for different settings."""

import re

import pytest

from yt8m.config.variant_names import variant_name
from yt8m.names import LONGEST, NAME

OLD = {
    "kind": "netvlad",
    "clusters": 16,
    "sizes": [1, 2],
    "light": False,
    "training.epochs": 5,
    "training.learning_rate": 0.002,
    "training.seed": 1,
    "training.frames.kind": "all",
    "ema.learning_rate": 0.1,
    "ema.half_life_steps": None,
    "teacher": "teacher",
}


def name(base="vlad", **words):
    """The name with other values of some settings; __ for the dot of a path."""
    changed = {path.replace("__", "."): value for path, value in words.items()}
    return variant_name(base, OLD, {**OLD, **changed}, list(changed))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"clusters": 8}, "vlad_clusters8"),
        ({"training__learning_rate": 0.003}, "vlad_learning_rate0p003"),
        ({"training__learning_rate": 1e-05}, "vlad_learning_rate1em05"),
        ({"training__learning_rate": 2.0}, "vlad_learning_rate2"),
        ({"ema__learning_rate": 0.2}, "vlad_ema_learning_rate0p2"),
        ({"training__frames__kind": "random"}, "vlad_frames_kind_random"),
        ({"training__seed": 2, "clusters": 8}, "vlad_clusters8_seed2"),
        ({"ema__half_life_steps": 5.5}, "vlad_half_life_steps5p5"),
        ({"light": True}, "vlad_light_true"),
        ({"sizes": [3, 4]}, "vlad_sizes_3_4"),
        ({"teacher": None}, "vlad_teacher_none"),
    ],
)
def test_a_name_tells_what_differs(words, expected):
    assert name(**words) == expected


def test_settings_that_a_replaced_mapping_no_longer_has_are_in_the_name():
    old = {**OLD, "training.validate.every": 20, "training.validate.videos": 500}
    kept = {**old, "training.epochs": 3}
    none = {path: v for path, v in kept.items() if "validate" not in path}
    less = {path: v for path, v in kept.items() if "every" not in path}
    names = [variant_name("vlad", old, new, ["training"]) for new in (kept, none, less)]
    assert names == ["vlad_epochs3", "vlad_epochs3_validate_none", "vlad_epochs3_every_none"]


def test_without_a_difference_it_is_the_base():
    assert name() == name(clusters=16) == "vlad"


def test_a_setting_that_is_the_bases_is_not_in_the_name():
    assert name(clusters=16, light=True) == "vlad_light_true"


def test_the_order_of_keys_does_not_matter():
    assert name(clusters=8, light=True) == name(light=True, clusters=8)


def test_the_parts_of_a_mapping_are_named():
    new = {**OLD, "training.frames.kind": "random", "training.frames.count": 4}
    assert variant_name("vlad", OLD, new, ["training.frames"]) == "vlad_frames_kind_random_count4"


def test_a_setting_that_is_gone_is_none():
    new = {path: value for path, value in OLD.items() if path != "teacher"}
    assert variant_name("vlad", OLD, new, ["teacher"]) == "vlad_teacher_none"


def test_a_mapping_that_is_gone_is_none():
    new = {path: value for path, value in OLD.items() if not path.startswith("training.frames")}
    assert variant_name("vlad", OLD, new, ["training.frames"]) == "vlad_frames_none"
    assert variant_name("vlad", OLD, {**new, "clusters": 8}, ["clusters"]) == "vlad_clusters8"


VALUES = [
    None,
    1,
    2,
    12,
    1.5,
    15,
    0.15,
    -1,
    1e-9,
    1e22,
    "a",
    "a b",
    "a_b",
    "a-b",
    "é",
    "",
    "x" * 300,
]
VALUES += [[], [1], [1, 2], [12], ["a"], ["a", "b"], ["a_b"], {"a": 1}, {"a": 2}, {}]


def test_different_values_have_different_valid_names():
    names = [name(sizes=value) for value in VALUES]
    assert len(set(names)) == len(VALUES)
    assert all(re.fullmatch(NAME, each) and len(each) <= LONGEST for each in names)


def test_a_number_does_not_run_into_the_name_of_its_setting():
    old = {"hidden": 1, "hidden2": 1}
    found = {
        variant_name("vlad", old, {**old, **new}, list(new))
        for new in ({"hidden": 23}, {"hidden2": 3})
    }
    assert found == {"vlad_hidden23", "vlad_hidden2_3"}


def test_a_long_name_is_cut_and_stays_different():
    base = "v" * 95
    names = {name(base, clusters=clusters) for clusters in range(100, 200)}
    assert len(names) == 100
    assert all(len(each) == LONGEST and re.fullmatch(NAME, each) for each in names)
