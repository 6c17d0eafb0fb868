import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.calibration.scored import counted, invented
from yt8m.calibration import score_counts
from yt8m.calibration.bins import bins_of
from yt8m.calibration.score_files import read_scores, write_scores
from yt8m.errors import ArtefactError


def test_counts_are_those_of_a_plain_loop(monkeypatch):
    monkeypatch.setattr(score_counts, "COLLECTED", 700)  # counted in several goes,
    monkeypatch.setattr(score_counts, "AT_ONCE", 5 * 1090)  # five classes at a time
    scores, labels = invented(0)
    found = counted(scores, labels, batch=32)
    videos, positives = np.zeros_like(found.videos), np.zeros_like(found.positives)
    for row, true in zip(bins_of(scores), labels, strict=True):
        for of_class in range(len(row)):
            videos[of_class, row[of_class]] += 1
            positives[of_class, row[of_class]] += true[of_class]
    assert (found.videos == videos).all() and (found.positives == positives).all()


def test_order_and_size_of_batches_do_not_change_the_file(tmp_path):
    scores, labels = invented(1)
    order = np.random.default_rng(0).permutation(len(labels))
    write_scores(tmp_path / "a.parquet", counted(scores, labels, 7))
    write_scores(tmp_path / "b.parquet", counted(scores[order], labels[order]))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_scores_survive_the_round_trip_and_others_are_refused(tmp_path):
    path, made = tmp_path / "scores.parquet", counted(*invented(2))
    write_scores(path, made)
    found = read_scores(path, "g", "r")
    assert (found.videos == made.videos).all() and (found.positives == made.positives).all()
    assert found.origin == made.origin
    with pytest.raises(ArtefactError, match="scores of another graph"):
        read_scores(path, graph="other")
    with pytest.raises(ArtefactError, match="scores of other records"):
        read_scores(path, records="other")
    table = pq.read_table(path)
    texts = table.set_column(0, "class", table["class"].cast("string"))
    pq.write_table(texts, path)
    with pytest.raises(ArtefactError, match=r"is not a file of `yt8m evaluate --scores-out`"):
        read_scores(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ArtefactError, match=r"is not a file of `yt8m evaluate --scores-out`"):
        read_scores(path)
    with pytest.raises(ArtefactError, match="no such file"):
        read_scores(tmp_path / "none.parquet")
