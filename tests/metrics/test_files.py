import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from yt8m.errors import ArtefactError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.files import read_metrics, summary, write_class_table, write_metrics
from yt8m.metrics.origin import Origin
from yt8m.report.files import read_classes


@pytest.fixture
def result():
    rng = np.random.default_rng(0)
    metrics = Metrics(6, top_k=3)
    metrics.add(rng.random((9, 6), np.float32), rng.random((9, 6)) < 0.3, 2.5)
    return metrics.result()


def test_measures_survive_the_round_trip(tmp_path, result):
    write_metrics(tmp_path / "deep" / "metrics.json", result)
    measures = read_metrics(tmp_path / "deep" / "metrics.json")
    assert measures["gap"] == result.gap
    assert (measures["classes"], measures["videos"], measures["loss"]) == (6, 9, 2.5)
    assert list(measures) == sorted(measures)


def test_the_summary_says_what_the_measures_are_taken_over():
    metrics = Metrics(4, top_k=3)
    predictions = np.array([[0.9, 0.1, 0.5, 0.4], [0.2, 0.8, 0.1, 0.3]], np.float32)
    metrics.add(predictions, np.eye(4, dtype=bool)[:1].repeat(2, axis=0) & [[True], [False]], 2.5)
    assert summary(metrics.result()).splitlines() == [
        "GAP 1.0000  MAP 0.2500  PERR 0.5000  Hit@1 0.5000  loss 2.5000",
        "  2 videos, 1 of them without labels; 1 of 4 classes have positives, MAP over these "
        "1.0000",
    ]


def test_files_of_one_result_are_identical(tmp_path, result):
    for name in ("a", "b"):
        write_metrics(tmp_path / f"{name}.json", result)
        write_class_table(tmp_path / f"{name}.parquet", result.classes, None, ABOUT)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert len(list(tmp_path.iterdir())) == 4


ABOUT = Origin("validate", "a1", "b2")
OTHERS = {"graph": "of a different graph", "records": "on different records"}


@pytest.mark.parametrize("other", OTHERS)
def test_metrics_of_something_else_are_refused(tmp_path, result, other):
    path = tmp_path / "metrics.json"
    write_metrics(path, result, graph="a1", records="b2")
    known = {"graph": "a1", "records": "b2"}
    assert read_metrics(path, **known) == read_metrics(path)
    with pytest.raises(ArtefactError, match=rf"metrics\.json: holds metrics {OTHERS[other]}"):
        read_metrics(path, **known | {other: "c3"})
    write_metrics(path, result)
    assert read_metrics(path, **known)["gap"] == result.gap  # what is not known is not checked


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"gap": 1.0})])
def test_a_file_that_is_not_a_metrics_file_is_refused(tmp_path, text):
    (tmp_path / "metrics.json").write_text(text)
    with pytest.raises(ArtefactError, match=r"metrics\.json"):
        read_metrics(tmp_path / "metrics.json")


def test_the_table_of_classes_has_one_row_per_class(tmp_path, result):
    names = [f"Entity {c}" for c in range(6)]
    write_class_table(tmp_path / "classes.parquet", result.classes, names)
    table = pq.read_table(tmp_path / "classes.parquet").to_pydict()
    assert list(table) == ["class", "name", "positives", "average_precision", "retrieved"]
    assert table["class"] == list(range(6))
    assert table["name"] == names
    assert table["average_precision"] == result.classes.average_precision.tolist()
    assert sum(table["retrieved"]) == 9 * 3


def test_a_table_of_classes_says_what_it_is_about(tmp_path, result):
    path = tmp_path / "classes.parquet"
    write_class_table(path, result.classes, None, ABOUT)
    assert len(read_classes(path, "a1", "b2").positives) == 6
    for digests in ({"graph": "c3"}, {"records": "c3"}):
        with pytest.raises(ArtefactError, match=r"classes\.parquet: is about (another|other)"):
            read_classes(path, **digests)
    write_class_table(path, result.classes)  # of an older version
    assert len(read_classes(path, "c3", "c3").positives) == 6


def test_too_few_names_are_refused(tmp_path, result):
    with pytest.raises(ArtefactError, match="2 class names; expected 6"):
        write_class_table(tmp_path / "classes.parquet", result.classes, ["a", "b"])
    assert not list(tmp_path.iterdir())
