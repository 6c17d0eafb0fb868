"""A model's settings by dotted path."""

from tests.config.test_experiment import DEMO, changed
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.config.flat import flat_entry, flat_settings, settings_that_differ

MODELS = read_experiment(DEMO).models


def test_settings_have_the_paths_with_which_a_config_sets_them():
    found = flat_settings(MODELS["vlad"])
    assert (found["kind"], found["clusters"]) == ("netvlad", 16)
    assert (found["training.frames.count"], found["quantise.quantiser.kind"]) == (16, "uniform")
    assert not {"name", "teacher", "teacher_weight"} & set(found)
    assert flat_settings(MODELS["vlad_student"])["teacher_weight"] == 0.5


def test_a_finished_run_tells_the_same_settings_as_its_config():
    entries = whole_entry(read_experiment(DEMO))["models"]
    assert {name: flat_entry(entry) for name, entry in entries.items()} == {
        name: flat_settings(model) for name, model in MODELS.items()
    }


def test_settings_that_differ_are_columns_and_empty_where_a_model_has_none():
    settings = {name: flat_settings(MODELS[name]) for name in ("vlad", "vlad_student", "bag")}
    found = settings_that_differ(settings)
    assert found["kind"] == ["netvlad", "netvlad", "gated_dbof"]
    assert found["teacher"] == [None, "teacher", None]
    assert found["training.epochs"] == [5, 10, 7]
    assert "training.batch_size" not in found
    assert settings_that_differ({"vlad": settings["vlad"]}) == settings_that_differ({}) == {}


def test_a_list_is_one_value():
    config = changed(models__vlad={"kind": "netvlad", "training": {"decay": 0.5}})
    found = flat_settings(read_experiment(config).models["vlad"])
    assert found["training.decay"] == 0.5
    assert flat_entry({"recipe": {"kind": "x", "sizes": [1, 2], "of": {}}}) == {
        "kind": "x",
        "sizes": [1, 2],
        "of": {},
    }
