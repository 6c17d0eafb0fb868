"""Predictions on request: of shards, a manifest or arrays, by a folder or an archive alone."""

import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from tests.serving.stages import write_stage
from tests.small import SCHEMA, write_dataset
from yt8m.cli import main
from yt8m.data.records import Records
from yt8m.data.schema import DEQUANTISED_MIN, DEQUANTISED_STEP
from yt8m.outputs.predictions import read_predictions
from yt8m.serving.archive import write_archive
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph
from yt8m.weights import load_weights, save_weights


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """`it` (an ensemble), `it.tar.gz`, `stage`, and `data` with the shards of two splits."""
    folder = tmp_path_factory.mktemp("requests")
    stage = write_stage(folder / "models", "vlad")
    shutil.copytree(stage, folder / "stage")
    export_ensemble("it", {stage: 1.0}, folder / "it")
    write_archive(folder / "it", folder / "it.tar.gz")
    write_dataset(folder / "data")
    return folder


@pytest.fixture(scope="module")
def batch(place):
    from yt8m.data.manifest import read_manifest

    return Records(read_manifest(place / "data/validate.json")).batch(np.arange(30))


@pytest.fixture(scope="module")
def expected(place, batch):
    return load_graph(place / "it").predict(batch)


def predict(*arguments):
    return CliRunner().invoke(main, ["predict", *(str(a) for a in arguments)])


def scores(path):
    """float32 [N, C] of a file that keeps all classes."""
    rows = list(read_predictions(path))
    found = np.zeros((len(rows), SCHEMA.classes), "f4")
    for row, video in zip(found, rows, strict=True):
        row[video.classes] = video.scores
    return [video.id for video in rows], found


def check(result, out, expected, batch):
    assert result.exit_code == 0, result.output
    ids, found = scores(out)
    assert ids == batch.ids
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_archive_alone_predicts_the_same_at_any_batch_size(
    place, batch, expected, tmp_path, size
):
    alone = tmp_path / "elsewhere.tar.gz"
    shutil.copy(place / "it.tar.gz", alone)
    out = tmp_path / "out.parquet"
    done = predict(alone, place / "data/validate", "--batch-size", size, "--out", out)
    check(done, out, expected, batch)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere.tar.gz", "out.parquet"]


@pytest.mark.parametrize("graph", ["it", "stage"])
@pytest.mark.parametrize("videos", ["data/validate.json", "data/validate/*.tfrecord"])
def test_folders_predict_manifests_and_patterns(place, batch, expected, tmp_path, graph, videos):
    out = tmp_path / "out.parquet"
    check(predict(place / graph, place / videos, "--out", out), out, expected, batch)


@pytest.mark.parametrize("dtype", ["u1", "f4"])
@pytest.mark.parametrize("size", [1, 7, 64])
def test_arrays_of_bytes_and_of_floats_predict_the_same(
    place, batch, expected, tmp_path, dtype, size
):
    frames = batch.frames
    if dtype == "f4":
        frames = (frames * np.float32(DEQUANTISED_STEP) + np.float32(DEQUANTISED_MIN)).astype("f4")
    frames = np.pad(frames, ((0, 0), (0, 3), (0, 0)), constant_values=9)
    file, out = tmp_path / "in.npz", tmp_path / "out.parquet"
    np.savez(file, frames=frames, num_frames=batch.num_frames, ids=np.array(batch.ids))
    check(predict(place / "it", file, "--batch-size", size, "--out", out), out, expected, batch)


def test_an_array_without_lengths_or_ids_counts_all_its_frames(place, batch, tmp_path):
    one = batch.frames[:1, : batch.num_frames[0]]
    np.save(tmp_path / "in.npy", one)
    done = predict(place / "it.tar.gz", tmp_path / "in.npy", "--out", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    head, row = (tmp_path / "out.csv").read_text().splitlines()
    assert head == "VideoId,LabelConfidencePairs" and row.startswith("0,")


def test_a_name_that_ends_in_csv_is_written_as_the_challenges_csv(place, batch, expected, tmp_path):
    out = tmp_path / "out.csv"
    done = predict(place / "it.tar.gz", place / "data/validate", "--top-k", 2, "--out", out)
    assert done.exit_code == 0, done.output
    lines = out.read_text().splitlines()
    assert len(lines) == 31
    assert lines[1].split(",")[1].split()[0] == str(expected[0].argmax())


def test_the_workflow_names_a_manifest_and_a_state(place, batch, expected, tmp_path):
    out, state = tmp_path / "out.parquet", tmp_path / "state"
    records = ["--records", place / "data/validate.json"]
    check(predict(place / "it", *records, "--state", state, "--out", out), out, expected, batch)
    assert predict(place / "it", *records, "--out", out).exit_code == 2
    assert predict(place / "it", "--out", out).exit_code == 2


def broken(place, tmp_path, kind):
    """What to predict with and of, where something is wrong."""
    graph, videos = place / "it.tar.gz", place / "data/validate"
    if kind == "truncated archive":
        graph = tmp_path / "cut.tar.gz"
        graph.write_bytes((place / "it.tar.gz").read_bytes()[:-100])
    elif kind == "weights with NaN":
        graph = tmp_path / "stage"
        weights, header = load_weights(place / "stage/weights.safetensors")
        header["model"]["schema"]["classes"] = 6
        values = next(v for v in weights.values() if v.dtype == np.float32)
        shutil.copytree(place / "stage", graph)
        raw = bytearray((graph / "weights.safetensors").read_bytes())
        at = raw.find(values.tobytes())
        raw[at : at + 4] = np.float32(np.nan).tobytes()
        (graph / "weights.safetensors").write_bytes(raw)
    elif kind == "other classes":
        import json

        graph = tmp_path / "it"
        shutil.copytree(place / "it", graph)
        described = json.loads((graph / "ensemble.json").read_text())
        described["schema"]["classes"] = 7
        (graph / "ensemble.json").write_text(json.dumps(described))
    elif kind == "other features":
        videos = tmp_path / "in.npy"
        np.save(videos, np.zeros((1, 2, 5), "u1"))
    elif kind == "other type":
        videos = tmp_path / "in.npy"
        np.save(videos, np.zeros((1, 2, 32), "f8"))
    elif kind == "too many frames":
        videos = tmp_path / "in.npz"
        np.savez(videos, frames=np.zeros((1, 2, 32), "u1"), num_frames=[3])
    elif kind == "damaged shard":
        videos = tmp_path / "bad.tfrecord"
        videos.write_bytes(next((place / "data/validate").glob("*.tfrecord")).read_bytes()[:-9])
    elif kind == "pickles":
        videos = tmp_path / "in.npy"
        np.save(videos, np.array([{}], dtype=object), allow_pickle=True)
    return graph, videos


MESSAGES = {
    "truncated archive": "cut.tar.gz: is cut off, damaged or no .tar.gz",
    "weights with NaN": "weights.safetensors: is damaged",
    "other classes": "predicts 6 classes from 32 values a frame, but ensemble.json says 7",
    "other features": "in.npy: frames are uint8 [1, 2, 5]; it reads uint8 or float32 [videos, fram",
    "other type": "in.npy: frames are float64",
    "too many frames": "in.npz: video 0 has 3 frames; from 0 to 2",
    "damaged shard": "bad.tfrecord, record 29",
    "pickles": "in.npy: cannot be read as arrays",
}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
@pytest.mark.parametrize("kind", MESSAGES)
def test_what_is_wrong_is_told_in_a_line_and_nothing_is_written(place, tmp_path, kind, ending):
    graph, videos = broken(place, tmp_path, kind)
    before = set(tmp_path.iterdir())
    done = predict(graph, videos, "--out", tmp_path / f"out.{ending}")
    assert done.exit_code == 1
    assert MESSAGES[kind] in done.output and done.output.startswith("yt8m: error: ")
    assert len(done.output.splitlines()) == 1
    assert set(tmp_path.iterdir()) == before


def test_a_graph_whose_weights_are_not_finite_is_refused(place, tmp_path):
    """Saved by somebody who did not look: TensorFlow itself keeps NaN."""
    import tensorflow as tf

    from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble, write_json
    from yt8m.serving.contents import file_digests

    shutil.copytree(place / "it", tmp_path / "it")
    loaded = tf.saved_model.load(str(place / "it" / GRAPH))
    variable = loaded.stored[0]._arrays[0]["values"]
    variable.assign(variable * np.nan)
    tf.train.Checkpoint(loaded).write(str(tmp_path / "it" / GRAPH / "variables/variables"))
    files = file_digests(tmp_path / "it" / GRAPH)
    write_json(tmp_path / "it" / ENSEMBLE, {**read_ensemble(tmp_path / "it"), "files": files})
    done = predict(tmp_path / "it", place / "data/validate", "--out", tmp_path / "out.parquet")
    assert done.exit_code == 1 and "the weights of vlad are not all finite" in done.output


def test_weights_that_are_not_finite_cannot_be_saved(place, tmp_path):
    from yt8m.errors import ArtefactError

    weights, header = load_weights(place / "stage/weights.safetensors")
    name = next(iter(weights))
    with pytest.raises(ArtefactError, match="is nan"):
        save_weights(tmp_path / "x", {name: weights[name] * np.float32(np.nan)}, header)
