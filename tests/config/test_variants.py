"""Models that `variants` and `seeds` make."""

import json

import pytest

from tests.config.test_experiment import DEMO, changed
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.config.flat import flat_settings
from yt8m.config.repeated import repetitions
from yt8m.errors import ConfigError

GRID = {"clusters": [8, 16, 32], "training.learning_rate": [1e-3, "2e-3"]}


def read(variants=(), **words):
    """The demo with variants and some changed settings."""
    config = changed(**words)
    return read_experiment({**config, "variants": variants})


def test_a_grid_with_seeds_makes_plain_models():
    experiment = read({"of": "vlad", "grid": GRID, "seeds": 3})
    made = experiment.variants["vlad"]
    assert len(made) == 3 * 2 * 3 and len(experiment.models) == 7 + 18 - 1
    model = experiment.models["vlad_clusters8_learning_rate0p001_seed3"]
    assert model.name == "vlad_clusters8_learning_rate0p001_seed3"
    assert (model.recipe.clusters, model.recipe.hidden) == (8, 96)
    assert (model.training.learning_rate, model.training.seed) == (1e-3, 3)
    assert set(made) <= set(experiment.made_models())


def test_the_combination_that_the_base_has_is_the_base():
    experiment = read({"of": "vlad", "grid": GRID})
    assert experiment.variants["vlad"][0] == "vlad"
    settings = [
        json.dumps(flat_settings(experiment.models[n])) for n in experiment.variants["vlad"]
    ]
    assert len(set(settings)) == len(settings) == 6
    assert experiment.models["vlad"] == read().models["vlad"]


def test_without_variants_nothing_changes():
    assert read().variants == {}
    assert whole_entry(read()) == whole_entry(read_experiment(DEMO))
    assert "variants" not in whole_entry(read())


def test_neither_the_order_of_keys_nor_how_a_number_is_written_matters():
    one = read({"of": "vlad", "grid": GRID, "seeds": 2})
    other = read({"seeds": 2, "grid": dict(reversed(GRID.items())), "of": "vlad"})
    assert json.dumps(whole_entry(one)) == json.dumps(whole_entry(other))
    assert set(
        read({"of": "vlad", "grid": {"training.learning_rate": [0.001, "2e-3"]}}).models
    ) == (set(read({"of": "vlad", "grid": {"training.learning_rate": ["1e-3", 2.0e-3]}}).models))


def test_another_value_in_a_grid_leaves_the_other_models_as_they_are():
    before = read({"of": "vlad", "grid": GRID}).models
    after = read({"of": "vlad", "grid": {**GRID, "clusters": [4, 8, 16, 32]}}).models
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {
        "vlad_clusters4_learning_rate0p001",
        "vlad_clusters4",
    }


def test_seeds_of_a_model_are_models_beside_it():
    experiment = read(models__vlad__seeds=3)
    assert experiment.variants == {"vlad": ("vlad", "vlad_seed2", "vlad_seed3")}
    assert repetitions(experiment.models) == experiment.variants
    assert experiment.models["vlad"].entry() == read().models["vlad"].entry()


def test_variants_have_as_many_seeds_as_their_base_unless_they_say_otherwise():
    grid = {"of": "vlad", "grid": {"clusters": [8]}}
    assert len(read(grid, models__vlad__seeds=3).variants["vlad"]) == 6
    assert len(read({**grid, "seeds": 1}, models__vlad__seeds=3).variants["vlad"]) == 4


def test_seeds_follow_the_models_own_seed():
    training = {"training": {"seed": 2**32 - 1}}
    experiment = read(models__vlad={**DEMO["models"]["vlad"], **training, "seeds": 2})
    assert experiment.models["vlad_seed0"].training.seed == 0


def test_several_entries_may_have_one_base():
    experiment = read(
        [
            {"of": "vlad", "grid": {"clusters": [8, 32]}},
            {"of": "vlad", "pairs": [{"clusters": 8}, {"hidden": 32, "ema.epochs": 2}]},
            {"of": "bag", "seeds": 2},
        ]
    )
    assert experiment.variants == {
        "vlad": ("vlad_clusters8", "vlad_clusters32", "vlad_hidden32_ema_epochs2"),
        "bag": ("bag", "bag_seed2"),
    }


def test_a_student_may_be_the_base_and_variants_may_be_members():
    experiment = read(
        {"of": "vlad_student", "grid": {"teacher_weight": [0.3, 0.7]}},
        ensembles__final__members={"vlad_student_teacher_weight0p3": 1.0},
    )
    assert experiment.models["vlad_student_teacher_weight0p7"].teacher == "teacher"
    assert experiment.teachers() == ["teacher"]


def test_a_mapping_replaces_a_setting_and_a_path_changes_one_part_of_it():
    experiment = read(
        [
            {"of": "memory", "grid": {"training.frames": [{"kind": "all"}]}},
            {"of": "memory", "grid": {"training.frames.count": [12]}},
            {"of": "memory", "grid": {"quantise.quantiser": [{"kind": "kmeans", "bits": 3}]}},
        ]
    )
    models = [experiment.models[name] for name in experiment.variants["memory"]]
    assert [model.training.frames.kind for model in models] == ["all", "sequence", "sequence"]
    assert [model.training.frames.count for model in models] == [300, 12, 24]
    assert models[2].quantise.quantiser.bits == 3
    assert models[2].quantise.min_elements == DEMO["quantise"]["min_elements"]


@pytest.mark.parametrize(
    ("own", "path", "left"),
    [
        ({"training": {"decay_videos": 90}}, "training.decay_epochs", "training.decay_videos"),
        ({"ema": {"half_life_steps": 9}}, "ema.memory_share", "ema.half_life_steps"),
        (
            {"training": {"batch_norm": {"decay": 0.9}}},
            "training.batch_norm.memory_share",
            "training.batch_norm.decay",
        ),
        ({"training": {"validate": {"every": 5}}}, "training.validate.every_epochs", "every"),
    ],
)
def test_a_value_takes_the_place_of_an_alternative_that_the_base_gives(own, path, left):
    base = {**DEMO["models"]["vlad"], **own}
    experiment = read({"of": "vlad", "grid": {path: [0.5, 1.0]}}, models__vlad=base)
    settings = [flat_settings(experiment.models[n]) for n in experiment.variants["vlad"]]
    assert [each[path] for each in settings] == [0.5, 1.0]
    assert not any(each[w] for each in settings for w in each if w.endswith(left))


def test_two_alternatives_in_one_combination_are_a_mistake():
    with pytest.raises(ConfigError, match=r"pairs\[0\].training.decay_epochs: is given together"):
        read({"of": "vlad", "pairs": [{"training.decay_epochs": 1, "training.decay_videos": 9}]})


def test_another_kind_may_be_a_variant():
    experiment = read({"of": "vlad", "grid": {"kind": ["netvlad", "gated_dbof"]}})
    assert experiment.variants == {"vlad": ("vlad", "vlad_kind_gated_dbof")}


def test_a_model_with_the_name_and_settings_of_a_variant_is_that_variant():
    entry = {**DEMO["models"]["vlad"], "clusters": 8}
    experiment = read({"of": "vlad", "grid": {"clusters": [8]}}, models__vlad_clusters8=entry)
    assert experiment.variants == {"vlad": ("vlad_clusters8",)}
    assert len(experiment.models) == 8


def test_settings_that_only_repeat_a_default_make_no_other_model():
    pairs = [{"kind": "gated_dbof"}, {"kind": "gated_dbof", "max_pool": False}]
    assert read({"of": "vlad", "pairs": pairs}).variants["vlad"] == ("vlad_kind_gated_dbof",)


def test_equal_draws_are_one_model():
    draws = {"count": 50, "settings": {"clusters": [4, 8]}}
    assert len(read({"of": "vlad", "random": draws}).variants["vlad"]) == 2


def test_a_finished_run_tells_which_models_are_variants():
    noted = whole_entry(read({"of": "vlad", "grid": {"clusters": [8, 16]}}))
    assert json.loads(json.dumps(noted["variants"])) == {"vlad": ["vlad", "vlad_clusters8"]}
    assert "seeds" not in noted["models"]["vlad"]


GOOD = {"of": "vlad", "grid": {"clusters": [8]}}
MISTAKES = [
    (5, "variants: is 5; expected a mapping, or a list of mappings"),
    ([GOOD, 5], r"variants\[1\]: is 5; expected a mapping of settings"),
    ({"of": "vlad"}, "variants: give `grid`, `pairs`, `random` or `seeds`"),
    ({"of": "vlda", "seeds": 2}, "variants.of: there is no model 'vlda', did you mean 'vlad'"),
    ([GOOD, {"of": "vlad_clusters8", "seeds": 2}], r"\[1\].of: is 'vlad_clusters8', itself a var"),
    ({**GOOD, "pairs": [{}]}, "variants.pairs: cannot be combined with `grid`"),
    ({**GOOD, "seeds": 0}, "variants.seeds: is 0; 1 or more"),
    ({**GOOD, "gird": {}}, "variants.gird: unknown setting, did you mean 'grid'"),
    ({"of": "vlad", "grid": {}}, "variants.grid: is empty; name a setting"),
    ({"of": "vlad", "pairs": []}, "variants.pairs: is empty; list at least one"),
    ({"of": "vlad", "grid": {"clusters": []}}, "variants.grid.clusters: is empty; list"),
    ({"of": "vlad", "grid": {"clusters": 8}}, "variants.grid.clusters: is 8; expected a list"),
    ({"of": "vlad", "grid": {"clusters": [8, 8]}}, "grid.clusters: lists 8 2 times; once is"),
    ({"of": "vlad", "pairs": [{"clusters": 8}] * 2}, "pairs: lists {'clusters': 8} 2 times"),
    ({"of": "vlad", "grid": {"seeds": [1, 2]}}, "grid.seeds: is not varied; give `seeds` as"),
    ({"of": "vlad", "grid": {"name": ["a"]}}, "grid.name: unknown setting"),
    ({"of": "vlad", "grid": {"": [1]}}, "variants.grid.: unknown setting"),
    ({"of": "vlad", "grid": {5: [1]}}, "variants.grid: YAML reads one of its keys as 5"),
    ({"of": "vlad", "grid": {"clutsers": [8]}}, "grid.clutsers: unknown setting, did you mean 'c"),
    (
        {"of": "vlad", "grid": {"training": [{"epochs": 2}], "training.seed": [1]}},
        "grid.training.seed: is a part of training, which is also given",
    ),
    (
        {"of": "vlad", "grid": {"training.epochs.first": [1]}},
        r"grid.training.epochs.first: `training.epochs` is {'first': 1}; expected a whole number",
    ),
    (
        {"of": "vlad", "pairs": [{}, {"hidden": "a"}]},
        r"^variants.pairs\[1\].hidden: is 'a'; expected a whole number$",
    ),
    (
        {"of": "vlad", "grid": {"training.micro_batches": [1, 3], "hidden": [3, 4]}},
        "^variants.grid.training.micro_batches: is 3; must divide batch_size, 50$",
    ),
    (
        {"of": "memory", "grid": {"kind": ["logistic"]}},
        "variants.grid: with kind 'logistic': cells: unknown setting",
    ),
    (
        {"of": "vlad", "grid": {"training.frames.count": [16, 100]}},
        "^variants.grid.training.frames.count: is 100; at most dataset.max_frames, 60$",
    ),
    (
        {"of": "vlad", "pairs": [{"kind": "nextvlad", "groups": 7, "clusters": 8}]},
        r"variants.pairs\[0\]",
    ),
    ({"of": "vlad", "grid": {"hidden": [*range(3000)]}}, "grid: makes 3,000 models, more than `l"),
    ({**GOOD, "seeds": 2, "limit": 1}, "grid: makes 2 models, more than `limit`, 1; raise it"),
    ({"of": "vlad", "random": {"count": 2}}, "random.settings: is missing"),
    ({"of": "vlad", "random": {"count": 2, "settings": {}}}, "random.settings: is empty"),
    *(
        ({"of": "vlad", "random": {"count": 2, "settings": {"clusters": values}}}, message)
        for values, message in (
            (5, "settings.clusters: is 5; expected {low: ..., high: ...} or a list of values"),
            ([], "settings.clusters: is empty; list at least one"),
            ({"low": 3, "high": 3}, "clusters.high: is 3; must be more than `low`, 3"),
            ({"low": 0, "high": 3, "log": True}, "clusters.low: is 0; must be more than 0 with"),
            ({"low": 3, "hihg": 4}, "clusters.hihg: unknown setting, did you mean 'high'"),
            ({"low": -5, "high": -3}, "settings.clusters: is -[345]; 2 or more"),
        )
    ),
]


@pytest.mark.parametrize(("variants", "message"), MISTAKES, ids=lambda value: str(value)[:70])
def test_a_mistake_names_its_place_in_variants(variants, message):
    with pytest.raises(ConfigError, match=message):
        read(variants)


def test_a_value_of_the_wrong_type_is_reported_once():
    with pytest.raises(ConfigError) as error:
        read({"of": "vlad", "grid": {**GRID, "hidden": ["x", 5, 6]}, "seeds": 3})
    assert str(error.value) == "variants.grid.hidden: is 'x'; expected a whole number"


def test_of_many_wrong_draws_one_is_reported_for_each_setting():
    wrong = {"clusters": {"low": -50, "high": -10}, "hidden": {"low": -50, "high": -10}}
    with pytest.raises(ConfigError) as error:
        read({"of": "vlad", "random": {"count": 30, "settings": wrong}})
    places = [line.split(": ")[0].strip() for line in str(error.value).splitlines()[1:]]
    assert places == [f"variants.random.settings.{path}" for path in ("clusters", "hidden")]


def test_a_mistake_of_the_base_is_not_repeated():
    with pytest.raises(ConfigError) as error:
        read({"of": "vlad", "grid": GRID}, models__vlad__training={"micro_batches": 3})
    assert str(error.value).startswith("models.vlad.training.micro_batches: is 3; must divide")
    assert "\n" not in str(error.value)


def test_mistakes_in_variants_hide_no_others_and_cause_none():
    with pytest.raises(ConfigError) as error:
        read(
            {"of": "vlad", "grid": {"clusters": [8], "hidden": ["x"]}},
            run__models=["vlad_clusters8"],
            dataset__classes=0,
        )
    assert [line.split(": ")[0].strip() for line in str(error.value).splitlines()[1:]] == [
        "dataset.classes",
        "variants.grid.hidden",
    ]


def test_a_name_that_another_model_has_is_refused():
    other = {"kind": "logistic"}
    with pytest.raises(ConfigError, match=r"variants.grid: would make a model 'vlad_clusters8'"):
        read(GOOD, models__vlad_clusters8=other)


def test_seeds_that_are_no_number_are_refused():
    with pytest.raises(ConfigError, match=r"^models.vlad.seeds: is 'x'; expected a whole number"):
        read(models__vlad__seeds="x")
