"""Any value of a setting is read or refused by name; no other error is ever raised."""

import json
import math
import zlib
from functools import reduce
from operator import getitem

import pytest

from tests.config.full import VARIANTS, full_config, places, replaced
from tests.soaking import SOAK
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.errors import ConfigError
from yt8m.projections.files import save_projections
from yt8m.projections.levels import Levels
from yt8m.projections.projection import Projection
from yt8m.recipes import as_entry, kinds, read_recipe

WRONG = [None, True, 5, 1.5, "x", [], ["a"], {}, {"a": 1}, {5: 1}, {"kind": ["a"]}]
NUMBERS = [-1, 2**63, 10**400, math.inf, math.nan, "nan"]
TEXTS = ["", "~nobody/x", "a\0b", "\ud800"]


def wrong_for(value):
    """Replacements for a value; more of its own kind, to keep the test short."""
    if isinstance(value, str):
        return WRONG + TEXTS
    return WRONG + NUMBERS if isinstance(value, (int, float)) else WRONG


def some_wrong_for(place, value):
    """A third of them, others at other places; all of them for `make soak`."""
    found = wrong_for(value)
    return found if SOAK else found[zlib.crc32(str(place).encode()) % 3 :: 3]


FULL = full_config()
ALL = {**FULL, "variants": VARIANTS}


def test_the_full_config_reads():
    assert len(list(places(FULL))) > 250
    read_experiment(FULL)
    assert set(read_experiment(ALL).variants) == {"vlad", "bag"}


@pytest.mark.parametrize("word", sorted(ALL))
def test_any_value_in_any_place_is_refused_or_can_be_written_as_json(word):
    config = {**FULL, word: ALL[word]}
    for place in places({word: config[word]}):
        for value in some_wrong_for(place, reduce(getitem, place, config)):
            try:
                experiment = read_experiment(replaced(config, place, value))
            except ConfigError as error:
                assert str(error) and "pydantic" not in str(error), (place, value)
                continue
            json.dumps([whole_entry(experiment)], allow_nan=False, sort_keys=True)
            for name in experiment.models:
                json.dumps(experiment.models[name].entry(), allow_nan=False)


PACKAGES = [
    "yt8m.models",
    "yt8m.classifiers",
    "yt8m.compression.quantisers",
    "yt8m.data.sources",
    "yt8m.projections",
]
FILES = {"files": {"train": ["a.tfrecord", "b.tfrecord"]}}
ARRAYS = {"mean": "mean.npy", "eigenvectors": "vectors.npy"}
NETWORK = {"model": "network.onnx", "size": 8, "resolution": [8, 8]}
NEEDED = {
    "records": FILES,
    "expanded": FILES,
    "object_store": {"files": {"train": ["s3://bucket/a*", "gs://bucket/b.tfrecord"]}},
    "features": {"table": "mine.csv", "projections": {"rgb": {"kind": "pca_whiten"}}},
    "videos": {"table": "mine.csv", "images": {"kind": "onnx", **NETWORK}},
    "fitted": {"file": "fitted", "feature": "rgb"},
    "pca_whiten": {"size": 8},
    "given": ARRAYS,
    "none": {"low": 0.0, "high": 1.0},
}


@pytest.mark.parametrize("package", PACKAGES)
def test_any_value_in_any_recipe_is_refused_or_read(package, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_projections("fitted", {"rgb": Projection("none", 3, Levels())})
    for kind in kinds(package):
        entry = as_entry(read_recipe(package, {"kind": kind, **NEEDED.get(kind, {})}, "x"))
        for place in places(entry):
            for value in some_wrong_for(place, reduce(getitem, place, entry)):
                try:
                    recipe = read_recipe(package, replaced(entry, place, value), "x")
                except ConfigError as error:
                    assert str(error).startswith("x"), (kind, place, value)
                    continue
                json.dumps(as_entry(recipe), allow_nan=False)
