"""The main table: what its means are taken over, and which values are marked."""

from dataclasses import replace

import numpy as np

from yt8m.report.headline import headline, taken_over
from yt8m.report.page import render


def with_measures(content, **changed):
    measures = {"validate": {**content.final.measures["validate"], **changed}}
    final = replace(content.final, measures=measures, resampled=spread_out(0.0))
    return replace(content, final=final)


def test_classes_without_positives_and_videos_without_labels_are_mentioned(content):
    seen = with_measures(
        content, classes=50, classes_with_positives=5, map_present=0.19797,
        videos=20, videos_without_labels=3,
    )  # fmt: skip
    said = taken_over(seen, "validate")
    assert said == (
        "45 of 50 classes have no positive in validate and count as 0 in MAP; over the other 5, "
        "MAP of final is 0.1980. 3 of 20 videos have no label, a miss in PERR and Hit@1."
    )
    assert said in render(seen)


def test_nothing_is_mentioned_if_all_classes_and_videos_have_labels(content):
    whole = with_measures(content, classes_with_positives=40, classes=40, videos_without_labels=0)
    assert taken_over(whole, "validate") == ""


def test_every_value_that_chance_can_tell_from_the_best_is_marked_but_no_loss(content):
    best = content.gap(content.final) + 0.2
    models = {
        name: replace(model, stages={s: with_gap(g, best, s) for s, g in model.stages.items()})
        for name, model in content.models.items()
    }
    leading = with_measures(content, gap=best, map=None, loss=0.0)
    table = headline(replace(leading, models=models), "validate")
    assert [c.title for c in table.columns][:4] == ["graph", "stage", "GAP", "bytes"]
    gaps = [row.cells[2] for row in table.rows]
    assert [c.mark for c in gaps] == ["best", "", *["", "best", ""] * len(models)]
    assert_unmarked(table, "loss")


def test_a_column_whose_differences_are_all_noise_has_no_mark(content):
    models = {
        name: replace(model, stages={s: with_gap(g, 0.9, "ema") for s, g in model.stages.items()})
        for name, model in content.models.items()
    }
    alike = replace(with_measures(content, gap=0.9), models=models)
    assert_unmarked(headline(replace(alike, ensembles={}), "validate"), "GAP")


def assert_unmarked(table, title):
    place = next(place for place, column in enumerate(table.columns) if column.title == title)
    assert {row.cells[place].mark for row in table.rows} == {""}


def with_gap(graph, best, stage):
    """A stage whose GAP is just within noise of the best if it is "ema", else just not.

    With the resamples of `spread_out(0.01)`, the interval of a difference reaches .0095 to both
    sides.
    """
    below = 0.0094 if stage == "ema" else 0.0096
    measures = {**graph.measures["validate"], "gap": best - below}
    return replace(graph, measures={"validate": measures}, resampled=spread_out(0.01))


def spread_out(most):
    """The metrics of resamples that are evenly spread, up to `most` from those of all videos."""
    return dict.fromkeys(("gap", "perr", "hit_at_one"), most * np.linspace(-1, 1, 200))
