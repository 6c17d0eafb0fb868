"""Models that repeat each other with other seeds are one row."""

from statistics import stdev

import pytest

from tests.frontier.made import model, settings, three_seeds
from yt8m.errors import ArtefactError
from yt8m.frontier.rows import family_of, rows_of


def test_seeds_of_a_model_are_one_row_with_mean_deviation_and_the_best():
    rows = {row.encoding: row for row in rows_of(three_seeds())}
    row = rows["kmeans bits=4"]
    assert (row.model, row.seeds, row.size_bytes) == ("vlad", 3, 1_100_000)
    assert row.gap == pytest.approx(0.632)
    assert row.deviation == pytest.approx(stdev([0.630, 0.633, 0.633]))
    assert row.models == ("vlad", "vlad_seed2", "vlad_seed3")
    assert rows["float32"].best[0] == "vlad_seed3"


def test_a_row_takes_the_bytes_of_its_largest_model():
    first, second = model("a", (640,), settings(1)), model("b", (640,), settings(2))
    (point,) = second.points
    larger = point.__class__(**{**vars(point), "size_bytes": 9_000_000})
    second = second.__class__(**{**vars(second), "points": (larger,)})
    assert [row.size_bytes for row in rows_of([first, second])] == [9_000_000]


def test_the_same_run_under_two_names_is_not_two_seeds():
    rows = rows_of([model("a", (640,), settings(1)), model("b", (640,), settings(1))])
    assert [(row.model, row.seeds, row.deviation) for row in rows] == [("a", 1, None)]


def test_a_model_that_is_not_finished_leaves_the_others_seeds():
    assert {row.seeds for row in rows_of(three_seeds()[:2])} == {2}


def test_rows_are_the_same_whatever_the_order_of_files():
    assert rows_of(three_seeds()[::-1]) == rows_of(three_seeds())


def test_models_that_differ_in_more_than_the_seed_are_rows_of_their_own():
    rows = rows_of([model("a", (640,), settings(1)), model("b", (641,), settings(2, clusters=16))])
    assert [(row.model, row.seeds) for row in rows] == [("b", 1), ("a", 1)]


@pytest.mark.parametrize(("word", "value"), [("records", "other"), ("top_k", 10)])
def test_models_that_were_evaluated_differently_are_not_compared(word, value):
    others = [model("a", (640,)), model("b", (640,), settings(2), **{word: value})]
    with pytest.raises(ArtefactError, match="a and b were evaluated"):
        rows_of(others)


def test_nothing_measured_is_no_row():
    assert rows_of([]) == []


def test_a_light_netvlad_is_a_family_of_its_own():
    assert family_of(settings(light=True)) == "light netvlad"
    assert family_of(settings()) == family_of({"recipe": {"kind": "netvlad"}}) == "netvlad"
