"""The section of what the final ensemble gets wrong: its tables, sentences and links."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from yt8m.errors import ArtefactError
from yt8m.report.charts.reliability import reliability_figure
from yt8m.report.content import Content
from yt8m.report.error_tables import (
    confused_classes,
    false_predictions,
    gained_classes,
    largest_losses,
    missed_labels,
    shown_stages,
    step_of,
)
from yt8m.report.errors import Errors
from yt8m.report.links import Link, error_links
from yt8m.report.number_format import count, listed, percent, several
from yt8m.report.tables import Table
from yt8m.workflow.layout import Layout


@dataclass(frozen=True)
class Fold:
    """A table that the reader unfolds, and what to know of it."""

    title: str
    table: Table
    about: str


@dataclass(frozen=True)
class Section:
    """split: None if the run evaluates no split besides the training split. missing: what could not
    be shown. calibration: a figure, unless the page has one of the same split elsewhere.
    """

    split: str | None
    summary: str
    folds: list[Fold]
    calibration: Markup | None
    calibration_elsewhere: bool
    missing: str
    links: list[Link]


def error_section(content: Content, results: Layout, class_gains: str | None) -> Section:
    """results, class_gains: the folder and the file as seen from the page."""
    errors = content.errors
    if errors is None:
        return Section(None, "", [], None, False, "", [])
    elsewhere = content.calibration is not None and content.calibration["split"] == errors.split
    return Section(
        errors.split,
        _summary(errors),
        [*_video_folds(errors), *_class_folds(errors)],
        reliability_figure(errors.reliability) if errors.reliability and not elsewhere else None,
        elsewhere,
        _missing(errors, elsewhere),
        error_links(content, results, class_gains),
    )


def write_class_gains(content: Content, path: Path) -> None:
    """Write what each stage changed for each class. Raises ArtefactError if it is not known."""
    if content.errors is None or content.errors.gains is None:
        raise ArtefactError(
            f"{path}: the run has not evaluated all stages on a split besides the training split"
        )
    content.errors.gains.write(path)


def _summary(errors: Errors) -> str:
    """How many predictions are false, and what is confused most often."""
    found = errors.confusions
    if found is None:
        return ""
    first = (
        f"Of the most probable classes of each video, as many as it has labels, "
        f"{count(found.false_predictions)} are false"
    )
    if not len(found.counts):
        return f"{first}."
    label, other = found.label_names[0], found.predicted_names[0]
    return (
        f"{first}. What is confused most often: {other} is predicted in place of {label}, for "
        f"{percent(float(found.shares[0]))} of its videos."
    )


def _video_folds(errors: Errors) -> list[Fold]:
    if (found := errors.mistakes) is None:
        return []
    return [
        Fold(
            "Videos with the largest loss",
            largest_losses(found),
            "A number behind a class is its probability. The loss is cross-entropy, summed over "
            "classes.",
        ),
        Fold(
            "Most confident false predictions",
            false_predictions(found),
            "Of each video with labels the most probable class that is not among them. A label may "
            "be missing in the data.",
        ),
        Fold(
            "Labels with the lowest probability",
            missed_labels(found),
            "Of each video its least probable label, and what is predicted instead.",
        ),
    ]


def _class_folds(errors: Errors) -> list[Fold]:
    folds = []
    if found := errors.confusions:
        about = (
            "Of a video with n labels its n most probable classes count. Each false one takes the "
            "place of the labels that are not among them, in equal shares: of two such labels, "
            f"each by half. There are {several(found.pairs, 'pair')} in all."
        )
        title = "Labels, and what is predicted in their place"
        folds.append(Fold(title, confused_classes(found), about))
    if (gains := errors.gains) and (stages := shown_stages(gains)):
        about = (
            f"Steps: {listed([step_of(stage) for stage in stages])}. Of each step the classes with "
            "the largest gains and losses of average precision (AP), among those with enough "
            "positives; chance moves the AP of single classes much."
        )
        folds.append(Fold("What each step changed, class by class", gained_classes(gains), about))
    return folds


def _missing(errors: Errors, calibration_elsewhere: bool) -> str:
    """What is left out, in a sentence."""
    found = {
        "its worst videos": errors.mistakes,
        "its confusions": errors.confusions,
        "its calibration": calibration_elsewhere or errors.reliability,
        "the gains of classes": errors.gains,
    }
    words = [word for word, value in found.items() if value is None]
    return f"Not shown, since the run has no files of them: {listed(words)}." if words else ""
