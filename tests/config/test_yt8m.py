"""config/yt8m.yaml, the full experiment: 3,844 shards per split, nine models, nine students."""

from pathlib import Path

import pytest
import yaml

from yt8m.config.experiment import read_experiment

CONFIG = Path(__file__).parents[2] / "config" / "yt8m.yaml"
BASE = [
    *("netvlad1", "netvlad2", "fvnet"),
    *("dbof1", "dbof2", "dbof3"),
    *("rnn1", "rnn2", "rnn3"),
]
SHARDS = 3844


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    """The experiment, on empty shards."""
    folder = tmp_path_factory.mktemp("shards")
    for split in ("train", "validate", "test"):
        for number in range(SHARDS):
            (folder / f"{split}{number:04d}.tfrecord").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YT8M_FRAMES", str(folder))
        return read_experiment(yaml.safe_load(CONFIG.read_text()))


def test_eight_hundred_shards_are_reserved_for_evaluation(experiment):
    source = experiment.dataset.source
    sizes = source.shards()
    assert sizes == {"train": SHARDS + SHARDS - 800, "validate": 800, "test": SHARDS}
    assert not set(source.shard_paths("train")) & set(source.shard_paths("validate"))
    assert len(set(source.shard_paths("train"))) == sizes["train"]


def test_nine_models_teach_nine_students(experiment):
    assert experiment.teachers() == ["teacher"]
    assert list(experiment.ensembles["teacher"].members) == BASE
    students = {name for name, model in experiment.made_models().items() if model.teacher}
    assert students == {f"{name}_student" for name in BASE}
    assert set(experiment.made_models()) == students | set(BASE)


@pytest.mark.parametrize("name", [*BASE, "nextvlad"])
def test_a_student_is_its_base_model_with_a_teacher_weight_of_one_half(experiment, name):
    base, student = (experiment.models[n].entry() for n in (name, f"{name}_student"))
    assert (student.pop("teacher"), student.pop("teacher_weight")) == ("teacher", 0.5)
    assert base.pop("teacher") is None
    del base["teacher_weight"], base["name"], student["name"]
    assert student == base


# batch, learning rate, decay, videos a stair, epochs, epochs of averaging
TRAINING = {
    "netvlad1": (160, 2e-4, 0.8, 4_000_000, 10, 2),
    "netvlad2": (160, 2e-4, 0.8, 4_000_000, 10, 2),
    "fvnet": (80, 2e-4, 0.8, 4_000_000, 10, 2),
    "dbof1": (80, 2e-4, 0.8, 4_000_000, 10, 2),
    "dbof2": (80, 2e-4, 0.8, 4_000_000, 10, 2),
    "dbof3": (80, 2e-4, 0.8, 4_000_000, 10, 2),
    "rnn1": (256, 2e-4, 0.95, 4_000_000, 10, 4),
    "rnn2": (256, 2e-4, 0.95, 4_000_000, 20, 2),
    "rnn3": (220, 2e-4, 0.95, 4_000_000, 10, 4),
    "nextvlad": (160, 2e-4, 0.8, 2_000_000, 10, 2),
}


@pytest.mark.parametrize("name", TRAINING)
def test_models_are_trained_with_the_settings_of_the_authors(experiment, name):
    model = experiment.models[name]
    t, ema = model.training, model.ema
    found = (t.batch_size, t.learning_rate, t.decay, t.decay_videos, t.epochs, ema.epochs)
    assert found == TRAINING[name]
    assert (ema.learning_rate, ema.memory_steps) == (8e-5, 2000)
    assert model.quantise.min_elements == 17_000
    sampled = (t.frames.kind, t.frames.count) == ("random", 300)
    assert sampled != name.startswith("rnn")
