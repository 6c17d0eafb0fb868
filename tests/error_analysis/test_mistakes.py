import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yt8m.error_analysis.mistake_files import KINDS, read_mistakes
from yt8m.error_analysis.mistakes import MistakenVideos
from yt8m.errors import ArtefactError
from yt8m.metrics.cross_entropy import losses

VIDEOS, CLASSES = 200, 9
NAMES = [f"Entity {c}" for c in range(CLASSES)]


def invented() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ids, predictions and labels; every video's twin has the same ones; some have no labels."""
    rng = np.random.default_rng(0)
    predictions = np.tile(rng.random((VIDEOS // 2, CLASSES), np.float32), (2, 1))
    labels = np.tile(rng.random((VIDEOS // 2, CLASSES)) < 0.2, (2, 1))
    labels[[0, VIDEOS // 2]] = True  # nothing that is predicted for them is false
    ids = rng.permutation([f"v{number:03d}" for number in range(VIDEOS)])
    return ids, predictions, labels


def collected(ids, predictions, labels, batch: int = 32, kept: int = 5) -> MistakenVideos:
    found = MistakenVideos(NAMES, kept)
    for first in range(0, len(ids), batch):
        of = slice(first, first + batch)
        lost = losses(predictions[of], labels[of])
        found.add(ids[of].tolist(), lost, predictions[of], labels[of])
    return found


def slow(kind: str, ids, predictions, labels) -> list[tuple]:
    """Rank, id, and the class that the kind is about, of all videos, sorted."""
    lost, rows = losses(predictions, labels), []
    for row, (scores, true) in enumerate(zip(predictions, labels, strict=True)):
        wrong, value = None, lost[row] if kind == "smallest_loss" else -lost[row]
        if "loss" not in kind:
            wanted = kind == "missed_label"
            sign = 1 if wanted else -1
            classes = [c for c in range(CLASSES) if true[c] == wanted] if true.any() else []
            if not classes:
                continue
            value, wrong = min((sign * scores[c], c) for c in classes)
        rows.append((value, ids[row], wrong, row))
    return sorted(rows, key=lambda each: each[:2])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [3, 150, VIDEOS + 1])
def test_the_videos_are_the_first_of_a_slow_sort(kind, kept):
    """Of the same rank, those with the lower id."""
    ids, predictions, labels = invented()
    found = collected(ids, predictions, labels, kept=kept).mistakes("validate", "g", "r")
    expected = slow(kind, ids, predictions, labels)[:kept]
    assert 0 < len(expected) == len(found.found[kind])
    for (_, id, wrong, row), mistake in zip(expected, found.found[kind], strict=True):
        video = mistake.video
        assert video.id == id and video.loss == losses(predictions, labels)[row]
        assert (mistake.wrong and mistake.wrong.index) == wrong
        assert wrong is None or mistake.wrong.probability == predictions[row, wrong]
        assert [each.index for each in video.labels] == np.flatnonzero(labels[row]).tolist()
        best = np.argsort(-predictions[row])[:5]
        assert [(e.index, e.probability) for e in video.predictions] == [
            (index, predictions[row, index]) for index in best
        ]


def test_order_and_size_of_batches_do_not_change_the_file(tmp_path):
    ids, predictions, labels = invented()
    order = np.random.default_rng(1).permutation(VIDEOS)
    collected(ids, predictions, labels, 7).write(tmp_path / "a", "validate", "g", "r")
    other = collected(ids[order], predictions[order], labels[order], VIDEOS)
    other.write(tmp_path / "b", "validate", "g", "r")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_files_survive_the_round_trip_and_others_are_refused(tmp_path):
    path, made = tmp_path / "mistakes.parquet", collected(*invented(), 50)
    made.write(path, "validate", "g", "r")
    read, expected = read_mistakes(path, "g", "r"), made.mistakes("validate", "g", "r")
    assert read.found == expected.found and read.origin == expected.origin
    assert all(NAMES[index] == name for index, name in read.names.items()) and read.names
    with pytest.raises(ArtefactError, match="is about another graph"):
        read_mistakes(path, graph="other")
    with pytest.raises(ArtefactError, match="is about other records"):
        read_mistakes(path, records="other")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ArtefactError, match=r"mistakes\.parquet: is not a file of `yt8m eva"):
        read_mistakes(path)
    with pytest.raises(ArtefactError, match="no such file; evaluate first"):
        read_mistakes(tmp_path / "other")


@pytest.mark.parametrize(
    ("column", "content"), [("kind", pa.nulls(2)), ("kind", ["new"] * 2), ("labels", pa.nulls(2))]
)
def test_a_file_of_other_content_is_refused(tmp_path, column, content):
    found = MistakenVideos(NAMES)
    found.add(["v"], np.ones(1), np.full((1, 9), 0.5, np.float32), np.zeros((1, 9), bool))
    found.write(tmp_path / "m", "validate", "g", "r")
    table = pq.read_table(tmp_path / "m")
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, pa.array(content)), tmp_path / "m")
    with pytest.raises(ArtefactError, match="is not a file of `yt8m evaluate --mistakes-out`"):
        read_mistakes(tmp_path / "m")


def test_a_split_without_labels_has_losses_only(tmp_path):
    found = MistakenVideos(NAMES)
    found.add(["v"], np.ones(1), np.full((1, 9), 0.5, np.float32), np.zeros((1, 9), bool))
    found.write(tmp_path / "m", "validate", "g", "r")
    numbers = {kind: len(rows) for kind, rows in read_mistakes(tmp_path / "m").found.items()}
    assert numbers == dict.fromkeys(KINDS, 0) | {"largest_loss": 1, "smallest_loss": 1}
