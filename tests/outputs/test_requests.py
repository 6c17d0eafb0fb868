"""Predictions on request: for shards, a manifest or arrays, from a folder or an archive alone."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.serving.stages import write_stage
from tests.small import SCHEMA, write_dataset
from yt8m.cli import main
from yt8m.data.checks import WARN_ALL
from yt8m.data.examples import encode_video
from yt8m.data.manifest import write_manifest
from yt8m.data.records import Records
from yt8m.data.schema import Video
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import write_records
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.errors import ArtefactError
from yt8m.outputs.prediction_files import read_predictions
from yt8m.outputs.prediction_inputs import find_inputs
from yt8m.outputs.requests import Options, predict_videos
from yt8m.serving.archive import write_archive
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import Graph, load_graph
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
    """Predictions float32 [N, C] in a file that keeps all classes."""
    rows = list(read_predictions(path))
    found = np.zeros((len(rows), SCHEMA.classes), "f4")
    for row, video in zip(found, rows, strict=True):
        row[video.classes] = video.scores
    return [video.id for video in rows], found


def check(result, out, expected, batch):
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{out}: ") and len(result.output.splitlines()) == 1
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
        frames = (frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)).astype("f4")
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


def test_an_output_named_csv_is_written_in_the_format_of_the_challenge(
    place, batch, expected, tmp_path
):
    out = tmp_path / "out.csv"
    done = predict(place / "it.tar.gz", place / "data/validate", "--top-k", 2, "--out", out)
    assert done.exit_code == 0, done.output
    lines = out.read_text().splitlines()
    assert len(lines) == 31
    assert lines[1].split(",")[1].split()[0] == str(expected[0].argmax())


def test_a_manifest_is_predicted_only_with_a_state(place, batch, expected, tmp_path):
    out, state = tmp_path / "out.parquet", tmp_path / "state"
    records = ["--records", place / "data/validate.json"]
    check(predict(place / "it", *records, "--state", state, "--out", out), out, expected, batch)
    assert predict(place / "it", *records, "--out", out).exit_code == 2
    assert predict(place / "it", "--out", out).exit_code == 2


WAYS = ["folder of npy", "files", "npz by id", "whole numbers", "float64"]


def lay_out(way, batch, folder):
    """Writes the batch's videos as arrays; returns the paths to name and the order of videos."""
    frames, order = batch.frames, range(len(batch.ids))
    if way in ("whole numbers", "float64"):
        ids = np.array([id.encode() for id in batch.ids])
        frames = frames.astype("i8")
        if way == "float64":
            frames = frames * YOUTUBE_8M.step + YOUTUBE_8M.first
        np.savez(folder / "a.npz", frames=frames, num_frames=batch.num_frames, ids=ids)
        return [folder], order
    videos = {id: frames[row, : batch.num_frames[row]] for row, id in enumerate(batch.ids)}
    if way == "npz by id":
        np.savez(folder / "all.npz", **videos)
        return [folder / "all.npz"], order
    for id, one in videos.items():
        np.save(folder / f"{id}.npy", one)
    if way == "files":
        return [folder / f"{id}.npy" for id in batch.ids], order
    return [folder], sorted(order, key=lambda row: batch.ids[row])


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("way", WAYS)
def test_arrays_laid_out_in_any_way_predict_the_same(place, batch, expected, tmp_path, way, size):
    (tmp_path / "in").mkdir()
    sources, order = lay_out(way, batch, tmp_path / "in")
    out = tmp_path / "out.parquet"
    done = predict(place / "it", *sources, "--batch-size", size, "--out", out)
    assert done.exit_code == 0 and done.output == f"{out}: 30 videos\n"
    ids, found = scores(out)
    assert ids == [batch.ids[row] for row in order]
    np.testing.assert_allclose(found, expected[list(order)], atol=1e-5)


def test_the_array_of_a_single_video_is_enough(place, batch, expected, tmp_path):
    np.save(tmp_path / "mine.npy", batch.frames[3, : batch.num_frames[3]])
    out = tmp_path / "out.parquet"
    assert predict(place / "it", tmp_path / "mine.npy", "--out", out).exit_code == 0
    ids, found = scores(out)
    assert ids == ["mine"]
    np.testing.assert_allclose(found, expected[3:4], atol=1e-5)


def test_dummies_in_arrays_are_skipped_on_request(place, batch, tmp_path):
    same = np.full((2, 32), 7, "u1")
    np.savez(tmp_path / "in.npz", a=batch.frames[0, : batch.num_frames[0]], b=same)
    out = tmp_path / "out.parquet"
    assert predict(place / "it", tmp_path / "in.npz", "--out", out).exit_code == 0
    assert scores(out)[0] == ["a", "b"]
    done = predict(place / "it", tmp_path / "in.npz", "--skip-dummies", "--out", out)
    assert done.exit_code == 0 and scores(out)[0] == ["a"]


def test_truncated_videos_are_counted(place, tmp_path):
    np.save(tmp_path / "in.npy", np.random.default_rng(0).integers(0, 256, (2, 11, 32), "u1"))
    out = tmp_path / "out.parquet"
    done = predict(place / "it", tmp_path / "in.npy", "--out", out)
    assert done.output == f"{out}: 2 videos; 2 were cut to 10 frames\n"


def videos_called(tmp_path, kind, *ids):
    """A shard, its manifest or arrays with videos of these ids."""
    rgb, audio = np.ones((2, 24), "u1"), np.ones((2, 8), "u1")
    if kind == "arrays":
        np.savez(tmp_path / "in.npz", frames=[np.hstack([rgb, audio])] * len(ids), ids=ids)
        return tmp_path / "in.npz"
    shard = tmp_path / "in.tfrecord"
    videos = [Video(id, (), {"rgb": rgb, "audio": audio}) for id in ids]
    write_records(shard, [encode_video(video, SCHEMA) for video in videos])
    if kind == "shard":
        return shard
    write_manifest(build_manifest([shard], SCHEMA, "x", checks=WARN_ALL), tmp_path / "m.json")
    return tmp_path / "m.json"


@pytest.mark.parametrize("kind", ["shard", "manifest", "arrays"])
@pytest.mark.parametrize("bad", ["b, part 2", "=1+1", "a\nb"])
def test_unsafe_ids_are_refused_before_anything_is_predicted(
    place, tmp_path, monkeypatch, kind, bad
):
    videos = videos_called(tmp_path, kind, "a", bad)
    before, calls, real = set(tmp_path.iterdir()), [], Graph.predict
    monkeypatch.setattr(Graph, "predict", lambda *given: calls.append(1) or real(*given))
    done = predict(place / "it", videos, "--out", tmp_path / "out.csv")
    assert done.exit_code == 1 and "1 of 2 ids are unsafe in a CSV" in done.output
    assert done.output.splitlines()[-1].startswith("yt8m: error: ")
    assert not calls and set(tmp_path.iterdir()) == before
    assert predict(place / "it", videos, "--out", tmp_path / "out.parquet").exit_code == 0
    assert calls


@pytest.mark.parametrize(
    ("choice", "said", "lines"),
    [
        ("escape", "2 videos, 1 of them with an escaped id", 3),
        ("leave-out", "1 videos; 1 were left out because of unsafe ids", 2),
    ],
)
def test_unsafe_ids_are_escaped_or_left_out_on_request(place, tmp_path, choice, said, lines):
    videos, out = videos_called(tmp_path, "shard", "a", "b,c"), tmp_path / "out.csv"
    done = predict(place / "it", videos, "--unsafe-ids", choice, "--out", out)
    assert done.output.endswith(f"{out}: {said}\n")
    assert len(out.read_text().splitlines()) == lines


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_predictions_are_kept_if_the_output_cannot_be_written(place, tmp_path, ending):
    (tmp_path / "full").touch()
    found, out = find_inputs([str(place / "data/validate")]), tmp_path / f"full/out.{ending}"
    with pytest.raises(ArtefactError, match="the predictions are kept in") as error:
        predict_videos(load_graph(place / "it"), found, Options(64, 3), out)
    assert re.fullmatch(rf"{out}: cannot be written \([\w ]+\); .*", str(error.value))
    kept = Path(re.search(r"kept in (\S+):", str(error.value)).group(1))
    csv = tmp_path / "x.csv"
    done = CliRunner().invoke(main, ["submit", str(kept), "--top-k", "3", "--out", str(csv)])
    shutil.rmtree(kept.parent)
    assert done.output == f"{csv}: 30 videos\n" and len(csv.read_text().splitlines()) == 31


REFUSED_OUTPUTS = {
    "behind a file": ("file/out.csv", "file is not a folder"),
    "a folder": ("data.csv", "is a folder"),
    "another ending": ("out.txt", "must end in .parquet or .csv"),
    "no ending": ("out", "must end in"),
    "a whole split as CSV": ("out.csv", "with --records, OUT is .parquet"),
}


@pytest.mark.parametrize("kind", REFUSED_OUTPUTS)
def test_an_invalid_output_is_refused_before_the_graph_is_read(tmp_path, kind):
    name, said = REFUSED_OUTPUTS[kind]
    (tmp_path / "file").touch()
    (tmp_path / "data.csv").mkdir()
    (tmp_path / "no graph").mkdir()
    before = sorted(tmp_path.rglob("*"))
    split = ["--records", tmp_path / "file", "--state", tmp_path / "s"]
    videos = split if "split" in kind else ["x"]
    done = predict(tmp_path / "no graph", *videos, "--out", tmp_path / name)
    assert done.exit_code == 2 and said in done.output
    assert sorted(tmp_path.rglob("*")) == before


def broken(place, tmp_path, kind):
    """Wrong requests: what to predict with, and for which videos."""
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
        np.save(videos, np.zeros((1, 2, 32), "c16"))
    elif kind == "bytes as floats":
        videos = tmp_path / "in.npy"
        np.save(videos, np.arange(64, dtype="f4").reshape(1, 2, 32))
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
    "truncated archive": "cut.tar.gz: is truncated, damaged or not a .tar.gz",
    "weights with NaN": "weights.safetensors: is damaged",
    "other classes": "predicts 6 classes from 32 values per frame, but ensemble.json has 7",
    "other features": "in.npy: frames are uint8 [1, 2, 5]; expected [videos, frames, 32]",
    "other type": "in.npy, video 0 ('0'): frames are complex128",
    "bytes as floats": "they look like bytes stored as floats",
    "too many frames": "in.npz: video 0 has 3 frames; expected 1 to 2",
    "damaged shard": "bad.tfrecord, record 29",
    "pickles": "in.npy: contains Python objects",
}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_wrong_request_is_refused_in_one_line_and_nothing_is_written(
    place, tmp_path, kind, ending
):
    graph, videos = broken(place, tmp_path, kind)
    before = set(tmp_path.iterdir())
    done = predict(graph, videos, "--out", tmp_path / f"out.{ending}")
    assert done.exit_code == 1
    assert MESSAGES[kind] in done.output and done.output.startswith("yt8m: error: ")
    assert len(done.output.splitlines()) == 1
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("decode", ["at_load", "per_call"])
def test_a_graph_whose_weights_are_not_finite_is_refused(place, tmp_path, decode):
    """Such a graph can be saved with TensorFlow itself, which accepts NaN."""
    import tensorflow as tf

    from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble
    from yt8m.json_files import write_json
    from yt8m.serving.contents import file_digests

    export_ensemble("it", {place / "stage": 1.0}, tmp_path / "it", decode)
    variables = str(tmp_path / "it" / GRAPH / "variables/variables")
    reader = tf.train.load_checkpoint(variables)
    found = {name: reader.get_tensor(name) for name in reader.get_variable_to_dtype_map()}
    spoilt = [v * np.nan if getattr(v, "dtype", None) == np.float32 else v for v in found.values()]
    tf.raw_ops.SaveV2(
        prefix=variables,
        tensor_names=list(found),
        shape_and_slices=[""] * len(found),
        tensors=[tf.constant(value) for value in spoilt],
    )
    files = file_digests(tmp_path / "it" / GRAPH)
    write_json(tmp_path / "it" / ENSEMBLE, {**read_ensemble(tmp_path / "it"), "files": files})
    done = predict(tmp_path / "it", place / "data/validate", "--out", tmp_path / "out.parquet")
    assert done.exit_code == 1 and "the weights of vlad are not all finite" in done.output


def test_weights_that_are_not_finite_cannot_be_saved(place, tmp_path):
    weights, header = load_weights(place / "stage/weights.safetensors")
    name = next(iter(weights))
    with pytest.raises(ArtefactError, match="is nan"):
        save_weights(tmp_path / "x", {name: weights[name] * np.float32(np.nan)}, header)


def test_a_duplicate_video_is_warned_about_and_predicted_twice(place, tmp_path):
    [shard] = (place / "data/validate").glob("*.tfrecord")
    copy = shutil.copy(shard, tmp_path / "copy.tfrecord")
    result = predict(place / "it", shard, copy, "--out", tmp_path / "o.csv")
    assert result.exit_code == 0
    assert "yt8m: warning: split videos: 30 of its 60 videos are duplicates" in result.output
    assert "copy.tfrecord is a copy of" in result.output
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 61
