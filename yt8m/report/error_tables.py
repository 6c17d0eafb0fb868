"""The tables of what the final ensemble gets wrong, each with few rows whatever the run."""

from collections.abc import Iterator, Sequence

import numpy as np

from yt8m.error_analysis.class_gains import ClassGains, ClassStage
from yt8m.error_analysis.confusion_files import Confusions
from yt8m.error_analysis.mistake_files import (
    FALSE_PREDICTION,
    LARGEST_LOSS,
    MISSED_LABEL,
    Mistake,
    Mistakes,
)
from yt8m.error_analysis.videos import Scored
from yt8m.report.classes import positives_needed
from yt8m.report.files import Classes
from yt8m.report.number_format import count, metric, percent, signed
from yt8m.report.tables import Cell, Column, Row, Table, names, numbers, plain, words

VIDEOS = 20
"""Rows of a table of videos."""

PAIRS = 50
"""Rows of the table of confusions."""

ENDS = 5
"""Classes with the largest gain of a stage, and as many with the largest loss."""

LABELS = 5
"""Labels that a cell lists."""


def largest_losses(mistakes: Mistakes) -> Table:
    """The videos with the largest loss."""
    columns = [*names("video"), *numbers("loss"), *_lists("labels", "most probable")]
    rows = [
        [
            mistake.video.id,
            f"{mistake.video.loss:.3f}",
            _listed(mistake.video.labels, mistakes),
            _listed(mistake.video.predictions, mistakes),
        ]
        for mistake in mistakes.found[LARGEST_LOSS][:VIDEOS]
    ]
    return plain(columns, rows)


def false_predictions(mistakes: Mistakes) -> Table:
    """The videos with the most probable class that they do not have."""
    columns = [*names("video"), *words("predicted"), *numbers("probability"), *_lists("labels")]
    rows = [
        [*_wrong(mistake, mistakes, 3), _listed(mistake.video.labels, mistakes)]
        for mistake in mistakes.found[FALSE_PREDICTION][:VIDEOS]
    ]
    return plain(columns, rows)


def missed_labels(mistakes: Mistakes) -> Table:
    """The videos with the least probable label."""
    columns = [*names("video"), *words("label"), *numbers("probability"), *_lists("most probable")]
    rows = [
        [*_wrong(mistake, mistakes, 6), _listed(mistake.video.predictions, mistakes)]
        for mistake in mistakes.found[MISSED_LABEL][:VIDEOS]
    ]
    return plain(columns, rows)


def confused_classes(confusions: Confusions) -> Table:
    """The most frequent pairs of a label and a class that is predicted in its place."""
    columns = [*names("label"), *words("predicted in its place")]
    columns += numbers("labels replaced", "share of the label's videos", "videos with the label")
    shown = min(PAIRS, len(confusions.counts))
    return Table(columns, [_pair(confusions, place) for place in range(shown)])


def _pair(confusions: Confusions, place: int) -> Row:
    share = float(confusions.shares[place])
    return Row(
        [
            Cell(confusions.label_names[place]),
            Cell(confusions.predicted_names[place]),
            Cell(f"{confusions.counts[place]:,.1f}"),
            Cell(percent(share), key=share),
            Cell(count(int(confusions.positives[place]))),
        ]
    )


def gained_classes(gains: ClassGains) -> Table:
    """For each of the `shown_stages` the classes with the largest gains and the largest losses."""
    columns = [*words("step"), *names("class"), *numbers("positives")]
    columns += [Column("AP before"), Column("AP after"), Column("gain")]
    rows = [row for stage in shown_stages(gains) for row in _ends(gains, stage)]
    return plain(columns, rows)


def shown_stages(gains: ClassGains) -> list[ClassStage]:
    """The later stages of the final ensemble's best member, and the ensembles."""
    best = gains.stages[-1].before
    own = (best and best.graph, *(stage.graph for stage in gains.stages if stage.is_ensemble))
    return [stage for stage in gains.stages if stage.before is not None and stage.graph in own]


def step_of(stage: ClassStage) -> str:
    """The step in words: `vlad, trained to ema`, or `final against vlad`."""
    before = stage.before
    if before.graph == stage.graph:
        return f"{stage.graph}, {before.stage} to {stage.stage}"
    return f"{stage.graph} against {before.graph}, {before.stage}"


def _ends(gains: ClassGains, stage: ClassStage) -> Iterator[Sequence[str]]:
    """The classes with enough positives that a stage changes most, the largest gain first."""
    own = Classes(tuple(gains.names), gains.positives, stage.average_precision)
    ranked = np.flatnonzero((gains.positives >= positives_needed(own)) & (stage.gain != 0))
    ordered = ranked[np.argsort(-stage.gain[ranked], kind="stable")]
    ups = [c for c in ordered[:ENDS].tolist() if stage.gain[c] > 0]
    downs = [c for c in ordered[-ENDS:].tolist() if stage.gain[c] < 0]
    for index in [*ups, *downs]:
        yield (
            step_of(stage),
            gains.names[index],
            count(int(gains.positives[index])),
            metric(float(stage.before.average_precision[index])),
            metric(float(stage.average_precision[index])),
            signed(float(stage.gain[index])),
        )


def _lists(*titles: str) -> list[Column]:
    """Columns of cells that `_listed` fills."""
    return [Column(title, number=False, mark="list") for title in titles]


def _wrong(mistake: Mistake, mistakes: Mistakes, digits: int) -> list[str]:
    """Video, class and its probability: one near 0 needs more digits than one near 1."""
    wrong = mistake.wrong
    return [mistake.video.id, mistakes.names[wrong.index], f"{wrong.probability:.{digits}f}"]


def _listed(scored: Sequence[Scored], mistakes: Mistakes) -> str:
    """The first `LABELS` classes with their probabilities, and how many more there are."""
    first = [f"{mistakes.names[s.index]} {s.probability:.3f}" for s in scored[:LABELS]]
    more = len(scored) - len(first)
    return ", ".join(first) + (f" and {count(more)} more" if more else "") if first else "none"
