import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.reference import metrics as reference
from yt8m import row_groups
from yt8m.errors import ArtefactError
from yt8m.outputs.prediction_files import (
    PredictedVideo,
    PredictionWriter,
    check_predictions,
    read_predictions,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "predictions" / "validate.parquet"


def videos(count=50, classes=30, seed=0):
    rng = np.random.default_rng(seed)
    ids = [f"vid{i:03d}" for i in range(count)]
    predictions = np.round(rng.random((count, classes), np.float32), 1)  # with ties
    return ids, predictions, rng.random((count, classes)) < 0.1


def write(path, ids, predictions, labels, top_k=5, batch=1000):
    with PredictionWriter(path, top_k, predictions.shape[1]) as writer:
        for start in range(0, len(ids), batch):
            part = slice(start, start + batch)
            writer.write(ids[part], predictions[part], None if labels is None else labels[part])


def test_videos_are_read_back_with_their_best_classes(path):
    ids, predictions, labels = videos()
    write(path, ids, predictions, labels, batch=7)
    read = list(read_predictions(path))
    assert [video.id for video in read] == ids
    for video, scores, true in zip(read, predictions.tolist(), labels, strict=True):
        assert video.classes == reference.best(scores, 5)
        assert video.scores == [scores[c] for c in video.classes]
        assert video.labels == np.flatnonzero(true).tolist()


def test_the_example_by_hand(path):
    scores = np.array([[0.25, 0.5, 0.25, 1.0]], np.float32)
    write(path, ["a"], scores, np.array([[True, False, False, True]]), top_k=3)
    assert list(read_predictions(path)) == [
        PredictedVideo("a", [0, 3], [3, 1, 0], [1.0, 0.5, 0.25])
    ]


def test_unknown_labels_are_distinguished_from_no_labels(path):
    scores = np.zeros((1, 4), np.float32)
    with PredictionWriter(path, 2, 4) as writer:
        writer.write(["unknown"], scores)
        writer.write(["none"], scores, np.zeros((1, 4), bool))
    assert [video.labels for video in read_predictions(path)] == [None, []]


def test_the_columns_are_compact(path):
    write(path, *videos())
    schema = pq.read_schema(path)
    assert schema.field("labels").type == pa.list_(pa.uint16())
    assert schema.field("classes").type == pa.list_(pa.uint16())
    assert schema.field("scores").type == pa.list_(pa.float32())
    assert schema.metadata == {b"top_k": b"5", b"classes": b"30"}


@pytest.mark.parametrize("rows", [1, 16, 50, 64])
def test_the_batch_size_does_not_change_the_file(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(row_groups, "ROW_GROUP", rows)
    for batch in (1, 7, 1000):
        write(tmp_path / f"{batch}.parquet", *videos(), batch=batch)
    contents = [(tmp_path / f"{batch}.parquet").read_bytes() for batch in (1, 7, 1000)]
    assert contents[0] == contents[1] == contents[2]
    assert pq.ParquetFile(tmp_path / "1.parquet").num_row_groups == -(-50 // rows)
    assert [video.id for video in read_predictions(tmp_path / "7.parquet")] == videos()[0]


def test_a_top_k_beyond_the_number_of_classes_keeps_all(path):
    write(path, *videos(classes=4), top_k=20)
    assert all(len(video.classes) == 4 for video in read_predictions(path))


def test_a_file_without_videos_is_valid(path):
    write(path, [], np.zeros((0, 4), np.float32), None)
    assert list(read_predictions(path)) == []


def test_the_highest_class_number_fits(path):
    scores = np.zeros((1, 2**16), np.float32)
    scores[0, -1] = 1
    write(path, ["a"], scores, scores > 0, top_k=1)
    assert next(read_predictions(path)).classes == next(read_predictions(path)).labels == [65535]


def test_a_failure_leaves_nothing_behind(path):
    ids, predictions, labels = videos()
    with pytest.raises(ZeroDivisionError), PredictionWriter(path, 5, 30) as writer:
        writer.write(ids, predictions, labels)
        raise ZeroDivisionError
    assert list(path.parent.iterdir()) == []


def test_a_failure_keeps_the_previous_file(path):
    write(path, *videos())
    before = path.read_bytes()
    with pytest.raises(ArtefactError), PredictionWriter(path, 5, 30) as writer:
        writer.write(["a"], np.full((1, 30), np.nan, np.float32))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_of_the_last_write_leaves_nothing_behind(path, monkeypatch):
    writer = PredictionWriter(path, 5, 30)
    monkeypatch.setattr(row_groups.StreamedTable, "_write", lambda table: 1 / 0)
    with pytest.raises(ZeroDivisionError), writer:
        pass
    assert list(path.parent.iterdir()) == []


def test_a_prediction_that_is_not_finite_is_refused(path):
    ids, predictions, labels = videos()
    predictions[12, 3] = np.nan
    with pytest.raises(
        ArtefactError, match=r"video 12 \(counted from 0\), 'vid012'.*class 3 is nan"
    ):
        write(path, ids, predictions, labels, batch=10)


@pytest.mark.parametrize(
    ("predictions", "labels", "message"),
    [
        (
            np.zeros((1, 4), "f4"),
            None,
            r"predictions are float32 \(1, 4\); expected float32 \(1, 3\)",
        ),
        (np.zeros((2, 3), "f4"), None, r"expected float32 \(1, 3\)"),
        (np.zeros((1, 3), "f8"), None, "predictions are float64"),
        (np.zeros((1, 3), "f4"), np.zeros((1, 3), "u1"), "labels are uint8"),
        (np.zeros((1, 3), "f4"), np.zeros((2, 3), bool), r"expected bool \(1, 3\)"),
    ],
)
def test_batches_of_wrong_shapes_are_refused(path, predictions, labels, message):
    with pytest.raises(ArtefactError, match=message), PredictionWriter(path, 2, 3) as writer:
        writer.write(["a"], predictions, labels)


@pytest.mark.parametrize(("top_k", "classes"), [(0, 5), (5, 0), (5, 2**16 + 1)])
def test_sizes_out_of_range_are_refused(path, top_k, classes):
    with pytest.raises(ArtefactError, match=r"validate\.parquet"):
        PredictionWriter(path, top_k, classes)


def test_other_files_are_refused(tmp_path):
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "other.parquet")
    with pytest.raises(ArtefactError, match="is not a file of predictions"):
        next(read_predictions(tmp_path / "other.parquet"))
    (tmp_path / "text.parquet").write_text("VideoId")
    for name in ("text.parquet", "missing.parquet"):
        with pytest.raises(ArtefactError, match="cannot be read as predictions"):
            next(read_predictions(tmp_path / name))


def test_damaged_rows_are_detected(path):
    write(path, *videos())
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    with pytest.raises(ArtefactError, match="row group 0 is damaged"):
        list(read_predictions(path))


def test_a_file_of_the_same_kind_can_be_appended(path, tmp_path):
    ids, predictions, labels = videos()
    write(path, ids, predictions, labels)
    with PredictionWriter(tmp_path / "twice.parquet", 5, 30) as writer:
        writer.copy(path)
        writer.copy(path)
    assert [v.id for v in read_predictions(tmp_path / "twice.parquet")] == ids + ids
    with (
        pytest.raises(
            ArtefactError,
            match=r"validate\.parquet: its classes, top_k or origin differ from those",
        ),
        PredictionWriter(tmp_path / "other.parquet", 4, 30) as writer,
    ):
        writer.copy(path)


ORIGIN = {"graph": "a1", "records": "b2"}
OTHERS = {"graph": "of another graph than this one", "records": "for other records than these"}


@pytest.mark.parametrize("other", OTHERS)
def test_predictions_of_another_origin_are_refused(tmp_path, other):
    path = tmp_path / "predictions.parquet"
    with PredictionWriter(path, 2, 3, ORIGIN) as writer:
        writer.write(["a"], np.full((1, 3), 0.5, np.float32))
    check_predictions(path, **ORIGIN)
    check_predictions(path, graph=None, records=None)
    message = rf"predictions\.parquet: holds predictions {OTHERS[other]}; delete it and predict"
    with pytest.raises(ArtefactError, match=message):
        check_predictions(path, **ORIGIN | {other: "c3"})
    with PredictionWriter(path, 2, 3) as writer:
        writer.write(["a"], np.full((1, 3), 0.5, np.float32))
    check_predictions(path, **ORIGIN)  # what is not known is not checked
