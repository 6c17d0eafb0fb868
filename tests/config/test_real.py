"""The configs for real YouTube-8M records, on empty shards."""

from pathlib import Path

import pytest
import yaml

from yt8m.config.experiment import read_experiment
from yt8m.config.repeated import repetitions
from yt8m.describing.reading import merged_files
from yt8m.errors import ConfigError
from yt8m.recipes import kind_of, kinds

FOLDER = Path(__file__).parents[2] / "config"


def read(*names):
    """The experiment of config files, of which later ones override earlier ones."""
    config = {}
    for name in names:
        config = merged_files(config, yaml.safe_load((FOLDER / name).read_text()))
    return read_experiment(config)


@pytest.fixture
def video_level(tmp_path, monkeypatch):
    """A folder of empty shards, named as the downloaded ones are."""
    files = yaml.safe_load((FOLDER / "real.yaml").read_text())["dataset"]["source"]["files"]
    for path in (path for split in files.values() for path in split):
        (tmp_path / Path(path).name).touch()
    monkeypatch.setenv("YT8M_VIDEO_LEVEL", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("names", "layout", "made"),
    [
        (("real.yaml",), "frame", 8),
        (("real_video.yaml",), "video", 4),
        (("real.yaml", "families.yaml"), "frame", 15),
        (("real.yaml", "frontier.yaml"), "frame", 35),
    ],
)
def test_the_config_is_read_and_finds_its_shards(video_level, names, layout, made):
    experiment = read(*names)
    assert experiment.dataset.schema.layout == layout
    assert experiment.dataset.schema.classes == 3862
    source = experiment.dataset.source
    assert source.shards() == {"train": 20, "validate": 6}
    found = [Path(path) for split in source.shards() for path in source.shard_paths(split)]
    assert sorted(found) == sorted(video_level.iterdir())
    assert len(experiment.made_models()) == made


@pytest.mark.parametrize("name", ["real.yaml", "real_video.yaml"])
def test_the_final_ensemble_is_one_of_students(video_level, name):
    experiment = read(name)
    assert experiment.teachers() == ["teacher"]
    members = experiment.ensembles[experiment.run.final].members
    assert all(experiment.models[member].teacher == "teacher" for member in members)
    assert experiment.ensembles[experiment.run.final].budget_bytes <= 40_000_000


def test_families_are_every_kind_of_model_for_the_same_time(video_level):
    experiment = read("real.yaml", "families.yaml")
    assert experiment.teachers() == []
    models = experiment.made_models().values()
    assert {kind_of(model.recipe) for model in models} == set(kinds("yt8m.models"))
    assert {(m.training.epochs, m.training.batch_size, m.ema.epochs) for m in models} == {
        (4, 64, 1)
    }


def test_the_frontier_is_of_students_of_one_teacher_with_three_seeds_each(video_level):
    experiment = read("real.yaml", "frontier.yaml")
    assert experiment.teachers() == ["teacher"]
    compared = experiment.frontier_models()
    assert all(experiment.models[name].teacher == "teacher" for name in compared)
    groups = repetitions({name: experiment.models[name] for name in compared})
    assert len(groups) == 11 and {len(names) for names in groups.values()} == {3}
    kinds_compared = {kind_of(experiment.models[name].recipe) for name in compared}
    assert kinds_compared == {
        *("gated_dbof", "logistic", "mix_nextvlad", "moe", "netvlad", "nextvlad")
    }


def test_the_folder_of_the_records_is_required(monkeypatch):
    monkeypatch.delenv("YT8M_VIDEO_LEVEL", raising=False)
    with pytest.raises(ConfigError, match=r"YT8M_VIDEO_LEVEL.*not set; export it first"):
        read("real.yaml")
