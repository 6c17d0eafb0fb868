"""A whole config: defaults, references and what they lead to."""

import copy
import json
import re
from pathlib import Path

import pytest
import yaml

from yt8m.config.ensembles import WeightLearning
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.errors import ConfigError

ROOT = Path(__file__).parents[2]
DEMO = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())


def changed(**words):
    """The demo with some settings changed; keys are dotted paths with __ for the dot."""
    config = copy.deepcopy(DEMO)
    for path, value in words.items():
        *above, last = path.split("__")
        at = config
        for word in above:
            at = at[word]
        if value is None:
            del at[last]
        else:
            at[last] = value
    return config


def given(files):
    """A dataset whose records are there."""
    return {"classes": 5, "source": {"kind": "records", "files": files}}


def test_the_demo_reads():
    experiment = read_experiment(DEMO)
    assert experiment.teachers() == ["teacher"]
    assert set(experiment.made_ensembles()) == {"teacher", "final"}


def test_a_models_words_win_over_the_defaults():
    config = changed(models__vlad__training={"epochs": 3})
    models = read_experiment(config).models
    assert models["vlad"].training.epochs == 3
    assert models["vlad"].training.batch_size == DEMO["training"]["batch_size"]
    assert models["light"].training.epochs == DEMO["training"]["epochs"]


def test_a_model_may_do_without_the_validation_of_the_others():
    models = read_experiment(changed(models__vlad__training={"validate": None})).models
    assert models["vlad"].training.validate is None
    assert models["light"].training.validate.videos == 200
    assert "validate" not in models["vlad"].entry()["training"]


def test_another_kind_does_not_inherit_the_settings_of_the_first():
    config = changed(
        quantise={"quantiser": {"kind": "uniform"}},
        models__vlad__quantise={"quantiser": {"kind": "float16"}},
    )
    assert "float16" in type(read_experiment(config).models["vlad"].quantise.quantiser).__module__


def test_only_what_the_final_ensemble_needs_is_made():
    config = changed(models__spare={"kind": "logistic"})
    assert "spare" not in read_experiment(config).made_models()
    config["run"]["models"] = ["spare"]
    assert "spare" in read_experiment(config).made_models()


def test_with_an_imported_teacher_only_students_are_trained():
    config = changed(ensembles__teacher={"folder": "elsewhere"}, run__models=[])
    experiment = read_experiment(config)
    assert set(experiment.made_models()) == {"vlad_student", "light_student"}
    assert experiment.teachers() == ["teacher"]


def test_an_entry_keeps_the_order_of_the_features():
    config = changed(dataset__features={"rgb": 4, "audio": 2})
    entry = read_experiment(config).models["vlad"].entry()
    assert entry["schema"]["features"] == [["rgb", 4], ["audio", 2]]


def test_the_settings_that_results_depend_on_are_json_with_every_default():
    config = changed(dataset__features={"rgb": 4, "audio": 2})
    entry = json.loads(json.dumps(whole_entry(read_experiment(config)), sort_keys=True))
    assert entry["dataset"]["features"] == [["rgb", 4], ["audio", 2]]
    assert entry["models"]["vlad"]["recipe"]["clusters"] == 16
    assert entry["models"]["bag"]["training"]["clip_norm"] == 1.0
    assert entry["ensembles"]["teacher"]["stage"] == "quantised"
    assert not {"shards", "resources", "title"} & set(entry)


def test_of_thousands_of_names_the_settings_that_are_noted_name_a_few():
    """They go through a command line."""
    names = [f"{'a long name ' * 20}{number:05d}" for number in range(12000)]
    for count in (20, 21, 12000):
        files = {"train": names[:count], "validate": ["one"], "test": ["two"]}
        config = changed(dataset__source={"kind": "records", "files": files})
        noted = whole_entry(read_experiment(config))["dataset"]["source"]["files"]["train"]
        assert (noted[0], noted[-1]) == (names[0], names[count - 1])
        assert len(json.dumps(noted)) < 10_000
        assert (f"and {count - 20} more" in noted) == (count > 20)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"modles": {}}, "modles: unknown setting"),
        ({"models__vlad__clutsers": 3}, "models.vlad.clutsers: unknown setting, did you mean 'clu"),
        ({"models__vlad__clusters": 1}, "models.vlad.clusters: is 1; 2 or more"),
        ({"models__vlad__training": {"epoch": 3}}, "models.vlad.training.epoch: unknown setting"),
        ({"training__learning_rate": 0}, "^training.learning_rate: is 0; 1e-30 or more"),
        ({"ensembles__teacher__members": {"vlad": 0.4, "ghost": 0.6}}, "ghost: no such model"),
        (
            {"ensembles__teacher__members": {"vlad": 0.4, "bag": 0.5}},
            "weights sum to 0.9; they must sum to 1",
        ),
        ({"ensembles__teacher": {}}, "ensembles.teacher: give either `members`"),
        ({"ensembles__teacher__folder": "x"}, "ensembles.teacher: give either `members`"),
        *(
            (
                {where: {**DEMO["training"], "validate": validate}},
                rf"models.vlad.training.validate.split: {message}",
            )
            for where in ("training", "models__vlad__training")
            for validate, message in (
                ({"split": "train"}, "is 'train', which models are trained on; name another"),
                ({"split": "vali"}, r"split 'vali' has no shards, did you mean 'validate'\?"),
            )
        ),
        ({"training__validate": {"split": "train"}}, r"\(as of 6 other models\)"),
        (
            {"training__validate": {}, "run__evaluate": ["train"]},
            "validate.split: is missing, and run.evaluate has no split besides",
        ),
        (
            {"training__validate": {"every": 3, "every_epochs": 1}},
            "training.validate.every_epochs: is given together with every; give one",
        ),
        (
            {"training__validate": {"every": 0, "patience": 0, "keep": "first", "videos": 0}},
            "4 mistakes",
        ),
        (
            {"ensembles__final__learn": {"split": "train"}},
            "is 'train', which members were trained on",
        ),
        (
            {"ensembles__final__learn": {"split": "vali"}},
            r"split 'vali' has no shards, did you mean 'validate'\?",
        ),
        (
            {"ensembles__final__compress": {"split": "trian"}},
            r"final\.compress\.split: split 'trian' has no shards, did you mean 'train'\?",
        ),
        (
            {"ensembles__final__compress": {"split": "xyz", "recovery": {"epochs": 1}}},
            "compress.split: split 'xyz' has no shards; known: test, train, validate",
        ),
        ({"run__train": "trian"}, r"run\.train: split 'trian' has no shards, did you mean 'train'"),
        ({"ensembles__final__learn": {"folds": 1}}, "final.learn.folds: is 1; 2 or more"),
        ({"ensembles__final__learn": {"videos": 3}}, "learn.videos: is 3; each fold needs a video"),
        ({"ensembles__final__learn": {"pull": -1}}, "final.learn.pull: is -1; 0 or more"),
        ({"ensembles__final__learn": {"objective": "map"}}, "objective: is 'map'; expected one of"),
        (
            {"ensembles__teacher": {"folder": "x", "learn": {}}},
            "learn: applies to `members` only; an imported",
        ),
        ({"models__vlad__ema": {"average": "mean"}}, "ema.average: is 'mean'; expected one of"),
        ({"models__vlad__ema": {"every_steps": 0}}, "vlad.ema.every_steps: is 0; 1 or more"),
        ({"ensembles__final": {"folder": "x"}}, "run.final: 'final' is imported; name an ensemble"),
        ({"models__vlad_student__teacher": "nobody"}, "there is no ensemble 'nobody'"),
        ({"models__vlad__teacher_weight": 0.5}, "teacher_weight: needs a `teacher`"),
        ({"models__vlad_student__teacher_weight": 2}, "teacher_weight: is 2; at most 1"),
        ({"models__vlad__teacher": "teacher"}, "ensembles.teacher: is its own teacher"),
        ({"run__final": "fnial"}, "run.final: there is no ensemble 'fnial'"),
        ({"run__evaluate": ["validation"]}, "run.evaluate: split 'validation' has no shards"),
        ({"dataset__source": None}, "dataset.source: is missing"),
        ({"dataset__classes": 0}, "dataset.classes: is 0"),
        ({"dataset__classes": None}, "dataset.classes: is missing"),
        ({"distillation": {"layout": "soft"}}, "distillation.layout: is 'soft'; expected one of"),
        ({"distillation": {"shards_per_job": 7}}, "expected one of 1, 10 or 100"),
        ({"run__evaluate": []}, "run.evaluate: is empty; name a labelled split"),
        (
            {"run__evaluate": ["train", "test"], "run__decide": {"split": "train"}},
            "run.decide.split: is 'train', which models are trained on; name another",
        ),
        ({"run__decide": {"split": "test"}}, "is 'test'; name one of evaluate: .'validate'"),
        ({"run__decide": {"precision": 0}}, "decide.precision: is 0; more than 0"),
        ({"run__decide": {"min_positives": 0}}, "decide.min_positives: is 0; 1 or more"),
        (
            {"training__regularisation": float("nan")},
            "^training.regularisation: is nan; expected a fin",
        ),
        (
            {"training__learning_rate": float("inf")},
            "^training.learning_rate: is inf; expected a fin",
        ),
        ({"resources": {"train": {"gpu": -1}}}, "resources.train.gpu: is -1; 0 or more"),
        ({"resources": {"infer": {"threads": 0}}}, "resources.infer.threads: is 0; 1 or more"),
        ({"resources": {"train": {"state_seconds": -1}}}, "state_seconds: is -1; 0 "),
        (
            {"resources": {"train": {"gpu": 2, "together": 3}}},
            "together: is 3; must be 1 for jobs with 2 GPUs",
        ),
        (
            {"resources": {"train": {"nodes": 2, "together": 3}}},
            "together: is 3; must be 1 for jobs on 2 nodes",
        ),
        ({"resources": {"train": {"nodes": 0}}}, "resources.train.nodes: is 0; 1 or more"),
        ({"dataset__source__splits": {"train": [1, 5, 6]}}, "splits.train: .* a list of 2"),
        (
            {"dataset__source": {"kind": "generated", "splits": {"a-b": [1, 5]}, "dummies": {}}},
            "dataset.source: split 'a-b' is not a valid name",
        ),
        (
            {"training__batchsize": 5},
            "^training.batchsize: unknown setting, did you mean 'batch_size",
        ),
        ({"training__frames": 5}, "^training.frames: is 5; expected a mapping"),
        ({"quantise": {"quantiser": {"kind": "x"}}}, "^quantise.quantiser.kind: unknown kind 'x'"),
        ({"training__seed": -5}, "^training.seed: is -5; 0 or more"),
        ({"training__seed": 2**32}, "^training.seed: is 4294967296; at most 4,294,967,295"),
        (
            {"dataset__source__seed": 2**64},
            "dataset.source.seed: is 18446744073709551616; at most 4,294,967,295",
        ),
        (
            {"ensembles__teacher__learn": {"seed": -1}},
            "ensembles.teacher.learn.seed: is -1; 0 or",
        ),
        (
            {"ema__memory_steps": float("inf")},
            "^ema.memory_steps: is inf; expected a finite number",
        ),
        ({"ema__memory_steps": "inf"}, "^ema.memory_steps: is 'inf'; expected a number"),
        ({"training__clip_norm": "5"}, "^training.clip_norm: is '5'; expected a number"),
        ({"training__clip_norm": "٥e0"}, "^training.clip_norm: is '٥e0'; expected a number"),
        ({"training__clip_norm": 10**5000}, "^training.clip_norm: is .* thousands of digits"),
        ({"distillation__shards_per_job": True}, "^distillation.shards_per_job: is True; expec"),
        ({"distillation__shards_per_job": 10.0}, "^distillation.shards_per_job: is 10.0; expec"),
        (
            {"models__vlad": {"kind": "logistic", "teacher": None, "teacher_weight": 0.5}},
            "^models.vlad.teacher_weight: needs a `teacher`",
        ),
        (
            {"ema": {"half_life_steps": float("nan")}},
            "^ema.half_life_steps: is nan; expected a finite",
        ),
        (
            {"training__frames": {"kind": "random", "count": 100_000_000}},
            "vlad.training.frames.count: is 100000000; at most dataset.max_frames, 60",
        ),
        ({"training__batch_size": 10**9}, "^training.batch_size: is 1000000000; at most 1,000,000"),
        ({"inference": {"batch_size": 10**9}}, "inference.batch_size: is 1000000000; at most"),
        ({"dataset__max_frames": 10**8}, "dataset.max_frames: is 100000000; at most 1,000,000"),
        ({"dataset__limit": 2.5}, "dataset.limit: is 2.5; give a share below 1, or a whole number"),
        ({"dataset__limit": 0}, "dataset.limit: is 0"),
        ({"dataset__features": {"rgb": 10**8}}, "features.rgb: is 100000000; at most 1,000,000"),
        (
            {"dataset__source__scene_kinds": 10**6},
            "scene_kinds: is 1000000; at most 1,000",
        ),
        (
            {"dataset__source__unlabelled": 1e9},
            "source.unlabelled: is 1000000000.0; at most dataset.classes, 60",
        ),
        ({"dataset__source__splits": {"train": [10**5, 10**6]}}, "100,000 shards; at most 99,999"),
        (
            {"resources": {"train": {"threads": 10**9}}},
            "train.threads: is 1000000000; at most 4,096",
        ),
        (
            {"models__vlad_student__teacher": ["teacher"]},
            r"teacher: is \['teacher'\]; expected a te",
        ),
        (
            {"models": {5: {"kind": "logistic"}}},
            "models: YAML reads one of its keys as 5, which is",
        ),
        (
            {"models": {False: {}}},
            "models: YAML reads one of its keys as False, which is not a text",
        ),
        (
            {"ensembles": {None: {}}},
            "ensembles: YAML reads one of its keys as None, which is not a te",
        ),
        ({"title": "a\0b"}, "title: is 'a.x00b'; must not contain a NUL"),
        ({"dataset__label_names": "gone.csv"}, "dataset.label_names: gone.csv: No such file"),
        ({"dataset__label_names": str(ROOT)}, "label_names: .*: it is a folder; expected a reg"),
        (
            {"dataset__label_names": __file__},
            r"dataset.label_names: .*\.py: needs columns Index and",
        ),
        (
            {"card": {"licence_file": "$NO_SUCH/x"}},
            "card.licence_file: '.NO_SUCH/x' uses a variabl",
        ),
        (
            {"models__a-b": {"kind": "logistic"}},
            "models.a-b: is not a valid name; expected a letter, then",
        ),
        ({"models__2nd": {"kind": "logistic"}}, "models.2nd: is not a valid name"),
        (
            {"ensembles__my best": {"members": {"vlad": 1.0}}},
            "ensembles.my best: is not a valid name",
        ),
        (
            {f"models__{'m' * 101}": {"kind": "logistic"}},
            "models.m+: has 101 characters; at most 100",
        ),
        (
            {f"ensembles__{'e' * 101}": {"members": {"vlad": 1.0}}},
            "ensembles.e+: has 101 characters; at most 100",
        ),
        (
            {"dataset__source__splits": {"s" * 101: [1, 5]}, "dataset__source__dummies": {}},
            "dataset.source: split 's+' has 101 characters; at most 100",
        ),
        *(
            (
                {"dataset__features": {name: 4}},
                f"^dataset.features.{re.escape(name)}: is not a valid name",
            )
            for name in ("", ".", "..", "a/b", "{x}", "-a", "a b", "a\nb", "é")
        ),
        *(
            ({f"{word}__{name}": value}, f"^{word}.{name}: is .*; (at most|.* or more)")
            for word, name, value in (
                ("ema", "memory_steps", 1e308),
                ("ema", "memory_steps", 2**64),
                ("ema", "memory_steps", 0.5),
                ("ema", "half_life_steps", 1e308),
                ("ema", "half_life_steps", 2**64),
                ("ema", "half_life_steps", 0),
                ("ema", "epochs", 10**9),
                ("ema", "epochs", 0),
                ("ema", "learning_rate", 1e30),
                ("training", "epochs", 10**9),
                ("training", "epochs", 0),
                ("training", "learning_rate", 1e30),
                ("training", "learning_rate", 1e-300),
                ("training", "clip_norm", 1e39),
                ("training", "clip_norm", 0),
                ("training", "regularisation", 1e39),
                ("training", "regularisation", -1),
            )
        ),
        *(
            (
                {"ensembles__final__compress": {"recovery": {name: value}}},
                f"{name}: is .*; (at most|.* or more)",
            )
            for name, value in (("epochs", 10**9), ("epochs", -1), ("learning_rate", 1e30))
        ),
        ({"ensembles__final__learn": {"pull": 1e39}}, r"learn.pull: is 1e.39; at most 1e"),
    ],
)
def test_a_mistake_is_refused_before_anything_runs(words, message):
    with pytest.raises(ConfigError, match=message):
        read_experiment(changed(**words))


def test_a_dataset_without_a_test_split_is_no_mistake():
    splits = {"train": [2, 40], "validate": [1, 20]}
    source = {"kind": "generated", "splits": splits}
    config = changed(dataset__source=source, run__predict=[])
    settings = read_experiment(config).dataset.source
    assert settings.share_of_dummies("validate") == 0
    assert read_experiment(DEMO).dataset.source.share_of_dummies("test") == 0.5
    config = changed(dataset__source={**source, "dummies": {"test": 0.5}}, run__predict=[])
    with pytest.raises(ConfigError, match=r"source\.dummies\.test: no such split"):
        read_experiment(config)


def test_a_pattern_without_files_and_a_variable_that_is_not_set_are_refused(tmp_path, monkeypatch):
    files = {"train": [f"{tmp_path}/*.tfrecord"], "validate": ["x"], "test": ["x"]}
    config = changed(dataset=given(files))
    with pytest.raises(ConfigError, match=r"dataset\.source\.files\.train: no file matches"):
        read_experiment(config)
    monkeypatch.delenv("YT8M_NOWHERE", raising=False)
    files["train"] = ["$YT8M_NOWHERE/*.tfrecord"]
    with pytest.raises(ConfigError, match="uses a variable that is not set"):
        read_experiment(config)


@pytest.mark.parametrize("word", ["run.train", "ensembles.final.compress.split"])
def test_a_split_without_files_is_none_to_recover_or_to_choose_on(word):
    """Members recover on the split that models learn from."""
    files = {"train": ["a"], "validate": ["b"], "test": ["c"], "spare": []}
    compress = {"split": "spare" if word.endswith("split") else "train", "recovery": {"epochs": 1}}
    words = {"run__train": "spare"} if word == "run.train" else {}
    config = changed(dataset=given(files), ensembles__final__compress=compress, **words)
    with pytest.raises(ConfigError, match=rf"{word}: split 'spare' has no shards; known: test, tr"):
        read_experiment(config)


def test_a_shard_that_is_both_trained_on_and_evaluated_on_is_refused(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.tfrecord").write_bytes(b"")
    files = {"train": [f"{tmp_path}/[ab].tfrecord"], "validate": [f"{tmp_path}/[bc].tfrecord"]}
    files["test"] = [f"{tmp_path}/c.tfrecord"]
    dataset = given(files)
    with pytest.raises(ConfigError, match=r"source: split 'validate': 1 of its .*b\.tfrecord"):
        read_experiment(changed(dataset=dataset))
    files["validate"] = [f"{tmp_path}/c.tfrecord"]
    read_experiment(changed(dataset=dataset))
    files["validate"] = [f"{tmp_path}/../{tmp_path.name}/./a.tfrecord"]
    with pytest.raises(ConfigError, match=r"dataset\.source: split 'validate': 1 of its"):
        read_experiment(changed(dataset=dataset))
    files["validate"] = [f"{tmp_path}/c.tfrecord"]
    files["held_out"] = [f"{tmp_path}/[bc].tfrecord"]
    read_experiment(changed(dataset=dataset))
    with pytest.raises(ConfigError, match=r"source: split 'held_out': 1 of its .*b\.tfrecord"):
        read_experiment(changed(dataset=dataset, ensembles__final__learn={"split": "held_out"}))


def test_weights_are_learned_if_learn_is_set_and_defaults_suffice():
    found = read_experiment(changed(ensembles__teacher__learn={})).ensembles
    assert found["teacher"].learn == WeightLearning() and found["final"].learn is None
