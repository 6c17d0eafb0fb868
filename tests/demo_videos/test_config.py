"""config/videos.yaml, the second demo: its settings fit the table that is generated."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from yt8m.config.experiment import read_experiment
from yt8m.demo_videos.clip import LABELS
from yt8m.demo_videos.generation import CLIPS, NEW, SPLITS, TABLE, write_table
from yt8m.demo_videos.random_clips import new_clip, random_clip
from yt8m.workflow.layout import Layout

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """The settings, with a table of 300 videos whose files are empty."""
    folder = tmp_path_factory.mktemp("videos")
    (folder / CLIPS).mkdir()
    paths = [folder / CLIPS / f"{number}.mp4" for number in range(300)]
    for path in paths:
        path.touch()
    rows = [(path, random_clip(0, n), SPLITS[n % 6]) for n, path in enumerate(paths)]
    write_table(folder / TABLE, rows)
    settings = yaml.safe_load((ROOT / "config/videos.yaml").read_text())
    settings["dataset"]["source"]["table"] = str(folder / TABLE)
    return settings


def test_the_table_has_the_labels_and_splits_that_the_settings_expect(config):
    dataset = read_experiment(config).dataset
    assert dataset.source.label_names() == tuple(sorted(LABELS))
    assert dataset.classes == len(LABELS)
    assert Counter(dataset.source.rows.table.splits) == {"train": 200, "validate": 50, "test": 50}
    assert dataset.max_frames >= new_clip(0).seconds


def test_the_commands_of_the_makefile_name_the_files_of_the_settings(config):
    lines = (ROOT / "Makefile").read_text().partition("demo-videos:")[2].partition("\n\n")[0]
    written = yaml.safe_load((ROOT / "config/videos.yaml").read_text())
    layout, folder = Layout(config["results"]), Path(written["dataset"]["source"]["table"]).parent
    assert f"--out {folder}\n" in lines
    assert f"yt8m label {layout.archive(config['run']['final'])} {folder / NEW}\n" in lines
    assert layout.report in lines
