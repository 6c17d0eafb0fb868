"""Which single model the summary compares the final ensemble with."""

from dataclasses import replace

import pytest

from yt8m.report.content import Graph
from yt8m.report.page import render
from yt8m.report.summary import best_single, chance


def with_metrics(content, scores):
    """The models `one`, `two`, ... with graphs of these (GAP, bytes) by stage."""
    some = next(iter(content.models.values()))
    models = {
        name: replace(
            some,
            config=replace(some.config, name=name),
            stages={s: Graph({"validate": {"gap": g}}, n) for s, (g, n) in stages.items()},
        )
        for name, stages in scores.items()
    }
    return replace(content, models=models)


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ({"one": {"trained": (0.6, 9)}, "two": {"trained": (0.7, 99)}}, "two, trained"),
        ({"one": {"trained": (0.7, 99)}, "two": {"trained": (0.6, 9)}}, "one, trained"),
        ({"one": {"trained": (0.6, 9), "ema": (0.8, 9)}, "two": {"ema": (0.7, 9)}}, "one, ema"),
        ({"one": {"ema": (0.8, 99), "quantised": (0.8, 25)}}, "one, quantised"),
        ({"one": {"quantised": (0.8, 25), "ema": (0.8, 99)}}, "one, quantised"),
    ],
    ids=["the last", "the first", "a stage", "the smaller of equals", "in any order"],
)
def test_the_best_single_model_has_the_highest_gap_and_among_equals_the_fewest_bytes(
    content, scores, best
):
    name, graph = best_single(with_metrics(content, scores))
    model, stage = best.split(", ")
    assert name == best
    assert (graph.measures["validate"]["gap"], graph.size_bytes) == scores[model][stage]


def test_measures_on_few_videos_are_called_chance_below_the_headline(content):
    measures = content.final.measures["validate"] | {"videos": 9, "videos_without_labels": 8}
    few = replace(content, final=replace(content.final, measures={"validate": measures}))
    said = (
        "validate has only 1 labelled video: measures there, and their differences, are mostly "
        "chance."
    )
    assert chance(few) == said and f'<p class="chance">{said}</p>' in render(few)
    assert chance(content) == "" and 'class="chance"' not in render(content)
