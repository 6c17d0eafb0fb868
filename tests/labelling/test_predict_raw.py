"""`yt8m predict` for an extractor's values: projected as for records, with names."""

import re

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.labelling.made import NAMES, projections
from yt8m.cli import main
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.outputs.prediction_files import read_predictions


@pytest.fixture(scope="module")
def raw():
    """Two videos: float32 [T, 1280] and [T, 128]."""
    rng = np.random.default_rng(0)
    return {
        name: {
            feature: rng.normal(0.4, 1, (frames, width)).astype("f4")
            for feature, width in (("rgb", 1280), ("audio", 128))
        }
        for name, frames in (("one", 4), ("two", 9))
    }


@pytest.fixture(scope="module")
def expected(graph, raw, tmp_path_factory):
    """The predictions of the bytes that records would hold."""
    folder = tmp_path_factory.mktemp("bytes")
    found = {}
    for id, arrays in raw.items():
        parts = [each.to_bytes(arrays[name]) for name, each in projections().items()]
        found[id] = np.concatenate(parts, axis=1)
        np.save(folder / f"{id}.npy", found[id])
    return scores(predict(graph, folder, folder / "out.parquet")), found


def predict(graph, source, out, *options):
    arguments = ["predict", str(graph), str(source), "--out", str(out), *options]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return out


def scores(path):
    found = {}
    for video in read_predictions(path):
        found[video.id] = np.zeros(len(NAMES), "f4")
        found[video.id][video.classes] = video.scores
    return found


def written(way, raw, bytes, folder):
    if way == "features in one file":
        for id, arrays in raw.items():
            np.savez(folder / f"{id}.npz", **arrays)
    elif way == "a file per feature":
        for id, arrays in raw.items():
            for name, array in arrays.items():
                (folder / id).mkdir(exist_ok=True)
                np.save(folder / id / f"{name}.npy", array.astype("f8"))
        return f"{folder}/*/{{feature}}.npy"
    elif way == "bytes by feature":
        for id, frames in bytes.items():
            np.savez(folder / f"{id}.npz", rgb=frames[:, :24], audio=frames[:, 24:])
    elif way == "dequantised":
        for id, frames in bytes.items():
            floats = frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)
            np.save(folder / f"{id}.npy", floats)
    else:
        for id, arrays in raw.items():
            np.save(folder / f"{id}.npy", np.concatenate([arrays["rgb"], arrays["audio"]], axis=1))
    return folder


@pytest.mark.parametrize(
    "way",
    [
        "features in one file",
        "a file per feature",
        "side by side",
        "bytes by feature",
        "dequantised",
    ],
)
def test_values_of_an_extractor_are_predicted_as_the_records_made_of_them(
    graph, raw, expected, tmp_path, way
):
    predictions, bytes = expected
    source = written(way, raw, bytes, tmp_path)
    more = ["--features", "records"] if way == "dequantised" else []
    found = scores(predict(graph, source, tmp_path / "out.parquet", *more))
    assert found.keys() == predictions.keys() == raw.keys()
    for id, values in found.items():
        np.testing.assert_allclose(values, predictions[id], atol=1e-5)


def test_names_stand_beside_the_probabilities(graph, raw, expected, tmp_path):
    source = written("side by side", raw, {}, tmp_path)
    out = predict(graph, source, tmp_path / "out.parquet", "--top-k", "3")
    table = pq.read_table(out).to_pydict()
    assert table["names"] == [[NAMES[i] for i in row] for row in table["classes"]]
    assert [len(row) for row in table["names"]] == [3, 3]
    csv = predict(graph, source, tmp_path / "out.csv")
    assert csv.read_text().startswith("VideoId,LabelConfidencePairs\none,")


REFUSED = {
    "another width": (
        {"rgb": np.zeros((2, 7), "f4")},
        r"rgb: is float32 \[2, 7\]; expected .*1280",
    ),
    "bytes and floats": (
        {"rgb": np.zeros((2, 1280), "f4"), "audio": np.zeros((2, 8), "u1")},
        "bytes of some features and floats of others",
    ),
    "other lengths": (
        {"rgb": np.zeros((2, 1280), "f4"), "audio": np.zeros((5, 128), "f4")},
        "audio has 5 frames, rgb 2",
    ),
    "not finite": ({"rgb": np.full((2, 1280), np.inf, "f4")}, "rgb: frame 0, value 0 is inf"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_features_that_do_not_fit_are_refused_by_name(graph, tmp_path, kind):
    arrays, said = REFUSED[kind]
    np.savez(tmp_path / "x.npz", **arrays)
    out = tmp_path / "out.parquet"
    done = CliRunner().invoke(
        main, ["predict", str(graph), str(tmp_path / "x.npz"), "--out", str(out)]
    )
    assert done.exit_code == 1 and not out.exists()
    assert re.search(said, done.output) and len(done.output.splitlines()) == 1
