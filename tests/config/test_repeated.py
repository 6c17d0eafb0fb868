"""Which models repeat each other with other seeds."""

from tests.config.test_experiment import changed
from yt8m.config.experiment import read_experiment
from yt8m.config.repeated import repetitions


def groups(**settings):
    """Repetitions among models of the demo; settings: name -> those of its training."""
    config = changed()
    entry = {"kind": "netvlad", "clusters": 16}
    config["models"] |= {name: {**entry, "training": words} for name, words in settings.items()}
    return repetitions(read_experiment(config).models)


def test_models_that_differ_in_the_seed_alone_are_repetitions_in_its_order():
    found = groups(first={"seed": 9}, other={"seed": 1, "epochs": 2}, second={"seed": 3})
    assert found == {"first": ("second", "first")}


def test_equal_seeds_are_no_repetitions():
    assert groups(one={"seed": 4}, same={"seed": 4}) == {}
    assert groups(one={"seed": 4}, same={"seed": 4}, other={"seed": 5}) == {"one": ("one", "other")}


def test_another_setting_makes_another_model():
    assert groups(one={"seed": 4}, other={"seed": 5, "epochs": 6}) == {}
