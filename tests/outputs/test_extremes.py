import numpy as np
import pytest

from yt8m.errors import ArtefactError
from yt8m.metrics.cross_entropy import losses
from yt8m.outputs.extreme_files import Shown, read_extremes
from yt8m.outputs.extremes import ExtremeVideos

VIDEOS, CLASSES = 200, 9


def invented() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ids, predictions and labels; every video's twin has the same ones."""
    rng = np.random.default_rng(0)
    predictions = np.tile(rng.random((VIDEOS // 2, CLASSES), np.float32), (2, 1))
    labels = np.tile(rng.random((VIDEOS // 2, CLASSES)) < 0.2, (2, 1))
    ids = rng.permutation([f"v{number:03d}" for number in range(VIDEOS)])
    return ids, predictions, labels


def collected(ids, predictions, labels, batch: int, kept: int):
    found = ExtremeVideos(kept)
    for first in range(0, len(ids), batch):
        of = slice(first, first + batch)
        lost = losses(predictions[of], labels[of])
        found.add(ids[of].tolist(), lost, predictions[of], labels[of])
    return found.extremes("validate", "g", "r")


@pytest.mark.parametrize("kept", [3, 7])
def test_the_videos_are_the_first_and_last_of_a_slow_sort(kept):
    """Of the same loss, those with the lower id."""
    ids, predictions, labels = invented()
    found = collected(ids, predictions, labels, 32, kept)
    lost = losses(predictions, labels)
    rows = sorted(range(VIDEOS), key=lambda row: (lost[row], ids[row]))
    assert [video.id for video in found.best] == [ids[row] for row in rows[:kept]]
    rows = sorted(range(VIDEOS), key=lambda row: (-lost[row], ids[row]))
    assert [video.id for video in found.worst] == [ids[row] for row in rows[:kept]]
    for row, video in zip(rows, found.worst, strict=False):
        assert video.loss == lost[row]
        assert [each.index for each in video.labels] == np.flatnonzero(labels[row]).tolist()
        best = np.argsort(-predictions[row])[:5]
        assert [(e.index, e.probability) for e in video.predictions] == [
            (index, predictions[row, index]) for index in best
        ]


def test_order_and_size_of_batches_do_not_change_the_file(tmp_path):
    ids, predictions, labels = invented()
    order = np.random.default_rng(1).permutation(VIDEOS)
    collected(ids, predictions, labels, 7, 3).write(tmp_path / "a.json")
    collected(ids[order], predictions[order], labels[order], VIDEOS, 3).write(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_files_survive_the_round_trip_and_others_are_refused(tmp_path):
    path, made = tmp_path / "extremes.json", collected(*invented(), 50, 3)
    made.write(path)
    assert read_extremes(path, "g", "r") == made
    with pytest.raises(ArtefactError, match="is about another graph"):
        read_extremes(path, graph="other")
    with pytest.raises(ArtefactError, match="is about other records"):
        read_extremes(path, records="other")
    with pytest.raises(ArtefactError, match="lacks thumbnails of 'v"):
        read_extremes(path, shown=True)
    ids = [video.id for video in (*made.best, *made.worst)]
    shown = dict.fromkeys(ids, Shown({1: b"\xff\x00"})) | {ids[0]: Shown({}, "is gone")}
    with_shown = type(made)(made.origin, made.best, made.worst, shown)
    with_shown.write(path)
    assert read_extremes(path, shown=True) == with_shown
    path.write_text(path.read_text().replace("/wA=", "/w!="))
    with pytest.raises(ArtefactError, match="a thumbnail is damaged"):
        read_extremes(path, shown=True)
