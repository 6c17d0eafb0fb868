"""Schedules before training: warnings about them, and their charts."""

import copy
import json
from pathlib import Path

import pytest

from tests.small import config, write_dataset
from yt8m.config.experiment import read_experiment
from yt8m.data.manifest import write_manifest
from yt8m.describing.lengths import lengths_of, training_videos
from yt8m.describing.schedule_chart import UNKNOWN, WIDTH, format_schedules
from yt8m.describing.schedule_check import schedule_warnings


def experiment(**words):
    """That of the small config, with other settings at the top."""
    content = copy.deepcopy(json.loads(json.dumps(config())))
    for word, value in words.items():
        content[word] = {**content.get(word, {}), **value} if isinstance(value, dict) else value
    return read_experiment(content)


def given(folder, **words):
    """The same with given shards instead of generated ones."""
    files = {split: [str(folder / f"{split}.tfrecord")] for split in ("train", "validate")}
    for (name,) in files.values():
        Path(name).touch()
    source = {"kind": "records", "files": files}
    words["dataset"] = {"source": source}
    return experiment(results=str(folder / "results"), **words)


def test_the_number_of_videos_is_that_of_the_source_or_else_of_the_manifest(tmp_path):
    assert training_videos(experiment()) == 60
    found = given(tmp_path)
    assert training_videos(found) is None
    path = tmp_path / "results/data/train.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert training_videos(found) is None
    write_manifest(write_dataset(tmp_path / "made")["train"], path)
    assert training_videos(found) == 60


def test_several_gpus_of_a_job_share_the_videos():
    found = experiment(resources={"train": {"gpu": 2}})
    lengths = lengths_of(found, found.models["vlad"], 60)
    assert (lengths.training.steps, lengths.averaging.steps) == (6, 3)


def test_a_warning_is_said_once_with_the_models_that_it_is_about(tmp_path):
    assert schedule_warnings(experiment()) == []
    (text,) = schedule_warnings(experiment(ema={"memory_steps": 7}))
    assert text.startswith("vlad, bag, memory, student: ema.memory_steps 7: the average remembers")
    models = config()["models"]
    models = {**models, "bag": {**models["bag"], "ema": {"memory_steps": None, "epochs": 2}}}
    (text,) = schedule_warnings(experiment(ema={"memory_steps": 7}, models=models))
    assert text.startswith("vlad, memory, student: ema.memory_steps")
    assert schedule_warnings(given(tmp_path, ema={"memory_steps": 7})) == []
    assert schedule_warnings(experiment(training={"batch_size": 61})) == []


def test_a_warning_about_many_models_names_a_few():
    bag = config()["models"]["bag"]
    models = {**config()["models"], **{f"bag{i}": bag for i in range(20)}}
    found = experiment(
        models=models, ema={"memory_steps": 7}, run={"models": [f"bag{i}" for i in range(20)]}
    )
    (text,) = schedule_warnings(found)
    assert ": ema.memory_steps" in text and text.partition(":")[0].endswith(" and 19 more models")


def chart(text):
    """The lines of the first chart, without their titles."""
    return [line[11 : 11 + WIDTH] for line in text.splitlines()[1:5]]


def test_a_chart_shows_the_rates_and_the_memory_and_equal_ones_are_drawn_once():
    models = {**config()["models"], "bag": {"kind": "logistic", "training": {"epochs": 4}}}
    halves = {"decay": 0.5, "decay_share": 0.25, "epochs": 20}
    text = format_schedules(experiment(training=halves, models=models), videos=100)
    names = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert names[:2] == ["vlad, memory, student", "bag"]
    train, axis, average, memory = chart(text)
    assert train == "█" * 13 + "▄" * 12 + "▂" * 13 + "▁" * 12
    assert axis.split() == ["0", "10", "20"] and len(axis) == WIDTH
    assert average == "█" * 15 + "▄" * 10 + "▂" * 15 + "▁" * 10  # 3, 2, 3 and 2 of 10 steps
    assert memory == " " * 25 + "█" * 25
    assert "0.01 to 0.0013 in 20 epochs, 200 steps" in text
    assert "5 of 10 steps, 50%" in text


@pytest.mark.parametrize("videos", [10, 11, 60, 10**6])
def test_every_chart_is_as_wide(videos):
    lines = format_schedules(experiment(), videos=videos).splitlines()
    ends = [line[11 + WIDTH :] for line in lines if line.startswith("  ")]
    assert ends and all(end.startswith("  ") and not end.startswith("   ") for end in ends)


def test_what_cannot_be_drawn_is_said(tmp_path):
    assert format_schedules(given(tmp_path)) == UNKNOWN
    assert "less than one batch of 10 videos" in format_schedules(experiment(), videos=9)
    equal = format_schedules(experiment(ema={"average": "equal", "every_steps": 3}))
    assert "one in 3 steps" in equal


def test_of_many_variants_a_few_schedules_are_drawn_and_the_others_counted():
    rates = [0.01 * n for n in range(1, 31)]
    grid = {"clusters": [2, 3], "training.learning_rate": rates}
    text = format_schedules(experiment(variants={"of": "vlad", "grid": grid}), videos=100)
    names = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert "vlad_clusters2_learning_rate0p02 and 1 more" in names
    assert "vlad: 25 more schedules of its variants; --model NAME draws that of one." in names
    assert text.count("train    ") < 10
