"""Links to the run's files, from wherever the page is."""

import os
import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from yt8m.report.content import Content
from yt8m.report.number_format import count
from yt8m.workflow.layout import Layout


@dataclass(frozen=True)
class Link:
    """A file of the run. path: from the page's folder. about: what is in the file."""

    path: str
    about: str = ""

    @property
    def address(self) -> str:
        """The path as a relative URL."""
        return quote(self.path)

    @property
    def name(self) -> str:
        """The file's name."""
        return posixpath.basename(self.path)


def place_of(results: Path, page: Path) -> str:
    """The results folder as seen from the folder of the page."""
    return Path(os.path.relpath(results.absolute(), page.absolute().parent)).as_posix()


def result_links(content: Content, results: Layout) -> list[Link]:
    """What the whole run makes of the final ensemble. results: as seen from the page."""
    final = content.final.name
    found = [
        (results.archive(final), f"{final} in one file, with the names of its classes"),
        (
            results.model_card(final),
            "what it predicts, how well, what it was made from, its licence",
        ),
        *(
            (results.predictions(final, split, ending), f"its predictions for {split}, {what}")
            for split in content.predicted
            for ending, what in (("csv", "as the challenge wants them"), ("parquet", "as a table"))
        ),
    ]
    if content.calibration:
        thresholds = results.thresholds(final)["thresholds"]
        found.append((thresholds, "the probability from which each class is decided"))
    found.append((results.run, "settings, versions and seeds of the run"))
    links = [Link(posixpath.normpath(path), about) for path, about in found]
    return [*links, *filter(None, [left_out_link(content, results)])]


def left_out_link(content: Content, results: Layout) -> Link | None:
    """The table of the videos that could not be used, if there are any."""
    if not (number := content.left_out):
        return None
    what = "video" if number == 1 else f"{count(number)} videos"
    return Link(posixpath.normpath(results.left_out), f"the {what} that could not be used, and why")


def error_links(content: Content, results: Layout, class_gains: str | None) -> list[Link]:
    """The data of the section of errors. class_gains: its file as seen from the page, if any."""
    final, errors = content.final.name, content.errors
    found = [
        (
            errors.mistakes and results.mistakes(final, errors.split),
            "the 100 worst videos of each kind, and the best ones",
        ),
        (
            errors.confusions and results.confusions(final, errors.split),
            "labels, and what is predicted in their place",
        ),
        (class_gains, "average precision of every class at every stage"),
    ]
    return [Link(posixpath.normpath(path), about) for path, about in found if path]


def config_links(content: Content, results: Layout) -> dict[str, Link]:
    """Model -> its settings."""
    return {name: Link(posixpath.normpath(results.config(name))) for name in content.models}


def frontier_link(results: Layout) -> Link:
    """The table of models in all encodings."""
    return Link(posixpath.normpath(results.frontier))
