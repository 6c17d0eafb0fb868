import re
from dataclasses import replace

import numpy as np
import pytest

from yt8m.report.noise import (
    Confidence,
    Difference,
    judging,
    limits,
    look,
    mean_of,
    with_limits,
)
from yt8m.report.page import render

CONFIDENCE = Confidence(0.95, 1000, differences=1, limit=0.05)


def spread(value, deviation, seed=0):
    """A difference whose resamples are normally distributed."""
    normal = np.random.default_rng(seed).normal(size=1000)
    return Difference(value, deviation * (normal - normal.mean()) / normal.std())


@pytest.mark.parametrize("sign", [1, -1])
def test_a_difference_has_a_colour_if_zero_is_outside_its_interval(sign):
    clear, unclear = spread(sign * 0.0030, 0.0010), spread(sign * 0.0015, 0.0010)
    assert look(clear, CONFIDENCE) == ("gain" if sign > 0 else "drop")
    assert look(unclear, CONFIDENCE) == look(spread(0.0, 0.0), CONFIDENCE) == "noise"
    assert "within noise" in with_limits(unclear, CONFIDENCE)
    assert "within noise" not in with_limits(clear, CONFIDENCE)


def test_the_interval_is_beside_the_difference():
    assert with_limits(spread(0.0030, 0.0010), CONFIDENCE) == "+0.0030 [+0.0011, +0.0049]"


def test_a_difference_without_resamples_is_grey_and_has_no_interval():
    unknown = Difference(0.2)
    assert look(unknown, CONFIDENCE) == "noise" and limits(unknown, CONFIDENCE) == ""
    assert with_limits(unknown, CONFIDENCE) == "+0.2000"
    assert mean_of([unknown, spread(0.1, 0.01)]) == Difference(pytest.approx(0.15))


def test_the_mean_of_differences_has_their_mean_in_each_resample():
    one, other = spread(0.1, 0.01), spread(0.3, 0.01, seed=1)
    found = mean_of([one, other])
    assert found.value == pytest.approx(0.2)
    np.testing.assert_allclose(found.resampled, (one.resampled + other.resampled) / 2)


def test_the_more_differences_are_named_the_clearer_each_must_be():
    borderline = spread(0.0023, 0.0010)
    alone = judging([borderline], 0.95, 1000)
    assert look(borderline, alone) == "gain" and alone.differences == 1
    others = [spread(0.0, 0.001, seed) for seed in range(1, 20)]
    among_others = judging([borderline, *others], 0.95, 1000)
    assert look(borderline, among_others) == "noise" and among_others.differences == 20


def test_a_difference_that_is_named_twice_counts_once():
    once = spread(0.0023, 0.0010)
    assert judging([once, once, Difference(0.1)], 0.95, 1000) == judging([once], 0.95, 1000)


def coloured(html):
    cells = re.findall(r'<td class="number  (gain|drop|noise)"[^>]*>([^<]*)(<span[^<]*)?', html)
    return [(mark, text, bool(interval)) for mark, text, interval in cells]


def test_every_difference_on_the_page_has_an_interval(content):
    html = render(content)
    cells = coloured(html)
    assert {mark for mark, _, _ in cells} >= {"gain", "drop"}
    assert all(interval for *_, interval in cells)
    assert f"names {content.confidence.differences} differences" in html


def test_without_resamples_no_difference_is_coloured(content):
    def bare(graph):
        return replace(graph, resampled=None)

    models = {
        name: replace(model, stages={s: bare(graph) for s, graph in model.stages.items()})
        for name, model in content.models.items()
    }
    ensembles = {name: bare(ensemble) for name, ensemble in content.ensembles.items()}
    old = replace(
        content,
        models=models,
        ensembles=ensembles,
        final=ensembles[content.final.name],
        confidence=Confidence(),
    )
    html = render(old)
    cells = coloured(html)
    assert {(mark, interval) for mark, _, interval in cells} == {("noise", False)}
    assert "No difference has an interval" in html
