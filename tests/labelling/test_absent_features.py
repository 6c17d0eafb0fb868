"""Videos that lack a feature are labelled and predicted as in training, however they are named."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from tests.labelling.made import NAMES, WIDTHS, projections
from yt8m.cli import main
from yt8m.outputs.prediction_files import read_predictions

HAVE = {"both": ("rgb", "audio"), "mute": ("rgb",), "dark": ("audio",)}
FRAMES = 4


@pytest.fixture(scope="module")
def arrays():
    rng = np.random.default_rng(1)
    return {
        id: {name: rng.normal(0.4, 1, (FRAMES, WIDTHS[name])).astype("f4") for name in names}
        for id, names in HAVE.items()
    }


@pytest.fixture(scope="module")
def folder(arrays, tmp_path_factory):
    """`rgb/both.npy` and so on, and a table of them."""
    folder = tmp_path_factory.mktemp("features")
    for id, features in arrays.items():
        for name, values in features.items():
            (folder / name).mkdir(exist_ok=True)
            np.save(folder / name / f"{id}.npy", values)
    lines = ["id,rgb,audio", "both,rgb/both.npy,audio/both.npy", "mute,rgb/mute.npy,"]
    (folder / "new.csv").write_text("\n".join([*lines, "dark,,audio/dark.npy"]))
    return folder


@pytest.fixture(scope="module")
def expected(graph, arrays, tmp_path_factory):
    """The predictions of such videos' records."""
    folder = tmp_path_factory.mktemp("records")
    for id, features in arrays.items():
        parts = [
            each.to_bytes(features[name]) if name in features else each.absent(FRAMES)
            for name, each in projections().items()
        ]
        np.save(folder / f"{id}.npy", np.concatenate(parts, axis=1))
    return predictions(graph, folder, folder)[0]


def run(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments])


def predictions(graph, source, folder):
    """By id, float32 [C]; and what was said."""
    done = run("predict", graph, source, "--out", folder / "out.parquet")
    assert done.exit_code == 0, done.output
    found = {}
    for video in read_predictions(folder / "out.parquet"):
        found[video.id] = np.zeros(len(NAMES), "f4")
        found[video.id][video.classes] = video.scores
    return found, done.output


WAYS = ("{}", "{}/{{feature}}/*.npy", "{}/new.csv")


@pytest.mark.parametrize("way", WAYS)
def test_a_missing_file_is_an_absent_feature(graph, folder, expected, tmp_path, way):
    source = way.format(folder)
    found, said = predictions(graph, source, tmp_path)
    assert "3 videos; 1 without rgb; 1 without audio" in said
    done = run("label", graph, source, "--top-k", len(NAMES), "--out", tmp_path / "o.jsonl")
    assert done.exit_code == 0, done.output
    for said in ("both (0:04)", "mute (0:04, without audio)", "dark (0:04, without rgb)"):
        assert said in done.output
    labelled = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
    assert {video["id"] for video in labelled} == found.keys() == HAVE.keys()
    for video in labelled:
        assert set(HAVE[video["id"]]) | set(video["absent"]) == {"rgb", "audio"}
        given = {label["index"]: label["probability"] for label in video["labels"]}
        for scores in (found[video["id"]], [given[index] for index in range(len(NAMES))]):
            np.testing.assert_allclose(scores, expected[video["id"]], atol=1e-5)


def test_bytes_of_records_need_all_features_of_each_video(graph, tmp_path):
    for name, size in (("rgb", 24), ("audio", 8)):
        (tmp_path / "in" / name).mkdir(parents=True)
        np.save(tmp_path / "in" / name / "both.npy", np.ones((3, size), "u1"))
    np.save(tmp_path / "in/rgb/mute.npy", np.ones((3, 24), "u1"))
    done = run("label", graph, tmp_path / "in")
    assert done.exit_code == 0 and "both (0:03)" in done.stdout
    assert "{feature}/mute.npy" in done.stderr and "lacks audio; records have all" in done.stderr
    done = run("predict", graph, tmp_path / "in", "--out", tmp_path / "out.csv")
    assert done.exit_code == 1 and "mute.npy: lacks audio" in done.output


@pytest.mark.parametrize(("dtype", "width"), [("f4", 1280), ("u1", 24)])
def test_one_feature_alone_is_refused_with_ways_to_give_it(graph, tmp_path, dtype, width):
    np.save(tmp_path / "v.npy", np.zeros((3, width), dtype))
    for command in (["label"], ["predict", "--out", tmp_path / "out.csv"]):
        done = run(*command, graph, tmp_path)
        said = " ".join(done.output.split())
        assert done.exit_code == 1 and "--features" not in said
        assert (
            "looks like the feature rgb alone; give '{feature}/*.npy', a folder with subfolders "
            "rgb and audio, or an .npz with arrays rgb, audio"
        ) in said
