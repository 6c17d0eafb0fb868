"""An invented run that has every figure, with texts that could break one."""

from dataclasses import replace

import pytest

from tests.report.fabricated import CONFIG_ENTRIES, fabricate
from yt8m.calibration.summary_files import reliability_in
from yt8m.frontier.points import Point
from yt8m.frontier.rows import Row
from yt8m.report.charts.budget import budget_figure
from yt8m.report.charts.chain import chain
from yt8m.report.charts.frontier import frontier_figure
from yt8m.report.charts.gap_by_stage import gap_by_stage
from yt8m.report.charts.learning_curves import learning_curves
from yt8m.report.charts.member_bytes import bytes_bars
from yt8m.report.charts.precision import precision_by_positives
from yt8m.report.charts.reliability import reliability_figure
from yt8m.report.charts.size_and_gap import size_against_gap
from yt8m.report.content import Content, Trial
from yt8m.report.reading import read_content

ODD = [
    '"',
    "'a', \"b\"",
    "</script><b>",
    "<!--",
    "🎬 ☃",
    "a\nb,c",
    "a\rb",
    "x" * 200,
    "{{ it }}",
    "\\u003c",
]
LONG = "m" * 100
INHERITED = "constructor"
"""Every object of JavaScript has a property of this name."""
TRIALS = [
    Trial("float32", None, 400_000, 0.83),
    Trial("uniform", 1.0, 100_000, 0.82),
    Trial("uniform", 0.5, 50_000, 0.7),
    Trial("planned", 0.5, 50_123, 0.81),
]


def sized(model: str, encoding: str, size_bytes: int, gap: float, deviation=None) -> Row:
    """Three seeds of a model in one encoding."""
    point = Point(encoding, None, None, size_bytes, gap, 9.0)
    scores = (3, size_bytes, gap, 9.0, deviation)
    return Row(model, "netvlad", encoding, *scores, (model, "two", "three"), (model, point))


SIZES = [
    sized(ODD[0], "kmeans bits=2", 40_000, 0.7, 0.01),
    sized(ODD[2], "planned 50,000", 49_000, 0.65),
    sized(INHERITED, "float32", 400_000, 0.83, 0.002),
]


@pytest.fixture(scope="package")
def full(tmp_path_factory) -> Content:
    """With odd names of classes and models, trials of other budgets, and validation of two models,
    one of which keeps its best weights and stops early.
    """
    names = [*ODD, *(f"Entity {c}" for c in range(40 - len(ODD)))]
    words = CONFIG_ENTRIES["models"]["words"]
    models = {**CONFIG_ENTRIES["models"], LONG: words, INHERITED: words}
    best = {"validate": {"keep": "best", "patience": 2, "split": "validate"}}
    models["vlad"] = {**models["vlad"], "training": best}
    models["words"] = {**words, "training": {"validate": {"split": "validate"}}}
    members = {"vlad": 0.25, "words": 0.25, LONG: 0.25, INHERITED: 0.25}
    ensembles = {**CONFIG_ENTRIES["ensembles"], "teacher": {"members": members}}
    config = {**CONFIG_ENTRIES, "models": models, "ensembles": ensembles}
    folder = tmp_path_factory.mktemp("full")
    content = read_content(folder, **fabricate(folder, config, names=names))
    final = replace(content.final, trials=TRIALS)
    ensembles = {**content.ensembles, "final": final}
    return replace(content, final=final, ensembles=ensembles, frontier=SIZES)


def figures_of(content: Content) -> dict[str, str]:
    """Every figure of the page by name."""
    loss, gap, validation_loss, validation_gap = learning_curves(content)
    return {
        "size_and_gap": size_against_gap(content),
        "gap_by_stage": gap_by_stage(content),
        "loss": loss,
        "gap": gap,
        "validation_loss": validation_loss,
        "validation_gap": validation_gap,
        "precision": precision_by_positives(content),
        "reliability": reliability_figure(reliability_in(content.calibration)),
        "member_bytes": bytes_bars(content),
        "budget": budget_figure(content.final, content.split),
        "frontier": frontier_figure(content.frontier, content.split),
        "chain": chain(content),
    }


@pytest.fixture(scope="package")
def figures(full) -> dict[str, str]:
    return figures_of(full)
