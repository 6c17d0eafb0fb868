"""The predictions of a split: in one go, and resumed after a kill."""

from dataclasses import replace

import pytest

from tests.outputs.graphs import mean_byte_graph
from tests.small import SCHEMA, write_dataset
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.outputs import split_predictions
from yt8m.outputs.graph_predictions import predict_records
from yt8m.outputs.prediction_files import PredictionWriter, read_predictions
from yt8m.outputs.prediction_parts import merge
from yt8m.outputs.split_predictions import predict
from yt8m.parts import Part


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data"))["train"]


@pytest.fixture
def graph():
    return mean_byte_graph("final")


def in_one_go(graph, source, path):
    origin = {"graph": graph.fingerprint, "records": source.digest}
    with PredictionWriter(path, 3, SCHEMA.classes, origin) as writer:
        for predicted in predict_records(graph, Records(source), 7):
            writer.write(predicted.batch.ids, predicted.predictions, predicted.batch.labels)
    return path.read_bytes()


@pytest.mark.parametrize("videos", [1, 14, 60, 1000])
def test_prediction_in_pieces_gives_the_same_file(graph, source, tmp_path, monkeypatch, videos):
    monkeypatch.setattr(split_predictions, "VIDEOS_A_PIECE", videos)
    predict(graph, source, 7, 3, False, tmp_path / "s", tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == in_one_go(graph, source, tmp_path / "b.parquet")
    assert not (tmp_path / "s").exists()
    assert len(list(read_predictions(tmp_path / "a.parquet"))) == source.records


def test_a_killed_prediction_resumes_after_its_finished_pieces(
    graph, source, tmp_path, monkeypatch
):
    monkeypatch.setattr(split_predictions, "VIDEOS_A_PIECE", 14)
    state, out = tmp_path / "s", tmp_path / "a.parquet"

    class Killed(PredictionWriter):
        def write(self, *arguments):
            if self.path.name.startswith("piece-00002"):
                raise KeyboardInterrupt
            super().write(*arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(split_predictions, "PredictionWriter", Killed)
        predict(graph, source, 7, 3, False, state, out)
    assert sorted(p.name[:11] for p in state.glob("*/*")) == ["piece-00000", "piece-00001"]
    assert not out.exists()

    firsts = []

    def predict_from(*arguments):
        firsts.append(arguments[4])
        return predict_records(*arguments)

    monkeypatch.setattr(split_predictions, "predict_records", predict_from)
    predict(graph, source, 7, 3, False, state, out)
    assert firsts == [28]
    assert out.read_bytes() == in_one_go(graph, source, tmp_path / "b.parquet")


@pytest.mark.parametrize("lost", [[0], [2], [0, 3], [1, 2, 4], [4]])
def test_lost_pieces_are_made_again_wherever_they_were(graph, source, tmp_path, monkeypatch, lost):
    monkeypatch.setattr(split_predictions, "VIDEOS_A_PIECE", 14)
    state, out = tmp_path / "s", tmp_path / "a.parquet"
    with monkeypatch.context() as patch:
        patch.setattr(split_predictions, "remove_states", lambda folder: None)
        predict(graph, source, 7, 3, False, state, out)
    parts = sorted(state.glob("*/*"))
    assert len(parts) == 5
    for number in lost:
        parts[number].unlink()
    predict(graph, source, 7, 3, False, state, out)
    assert out.read_bytes() == in_one_go(graph, source, tmp_path / "b.parquet")


OTHERS = ["graph", "data", "settings"]


@pytest.mark.parametrize("other", OTHERS)
def test_pieces_of_other_inputs_are_discarded(graph, source, tmp_path, monkeypatch, other):
    state = tmp_path / "s"
    monkeypatch.setattr(split_predictions, "VIDEOS_A_PIECE", 14)
    theirs = {
        "graph": (replace(graph, fingerprint="another"), source, 7, 3),
        "data": (graph, replace(source, shards=source.shards[::-1]), 7, 3),
        "settings": (graph, source, 7, 2),
    }
    with monkeypatch.context() as patch:
        patch.setattr(split_predictions, "remove_states", lambda folder: None)
        predict(*theirs[other], False, state, tmp_path / "other.parquet")
    assert len(list(state.iterdir())) == 1
    predict(graph, source, 7, 3, False, state, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == in_one_go(graph, source, tmp_path / "b.parquet")
    assert not state.exists()


def predict_parts(graph, source, folder, of, settings=(7, 3, False)):
    for number in range(of):
        file = folder / f"parts/{number}.parquet"
        predict(graph, source, *settings, folder / "s", file, Part(number, of))
    return sorted((folder / "parts").glob("*.parquet"))


@pytest.mark.parametrize("of", [2, 5, 40])
def test_parts_come_to_the_same_file(graph, source, tmp_path, monkeypatch, of):
    monkeypatch.setattr(split_predictions, "VIDEOS_A_PIECE", 14)
    parts = predict_parts(graph, source, tmp_path, of)
    assert len(parts) == of and not (tmp_path / "s").exists()
    assert merge(parts[::-1], tmp_path / "a.parquet") == source.records
    assert (tmp_path / "a.parquet").read_bytes() == in_one_go(graph, source, tmp_path / "b.parquet")


def test_parts_that_do_not_belong_together_are_refused(graph, source, tmp_path):
    parts = predict_parts(graph, source, tmp_path, 2)
    out = tmp_path / "a.parquet"
    with pytest.raises(ArtefactError, match="part 1 of 2 is missing beside it; predict all parts"):
        merge(parts[:1], out)
    whole = tmp_path / "whole.parquet"
    in_one_go(graph, source, whole)
    with pytest.raises(ArtefactError, match=r"whole\.parquet: does not say which part of a split"):
        merge([parts[0], whole], out)
    for other, settings, word in (
        (replace(graph, fingerprint="another"), (7, 3, False), "graph"),
        (graph, (8, 3, False), "batch_size"),
        (graph, (7, 2, False), "top_k"),
        (graph, (7, 3, True), "skip_dummies"),
    ):
        predict(other, source, *settings, tmp_path / "s", parts[1], Part(1, 2))
        with pytest.raises(ArtefactError, match=f"1.parquet: its {word} is .*predict this part"):
            merge(parts, out)
    assert not out.exists()
