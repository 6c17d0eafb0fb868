"""What a finished run says at its end: where the page is, and how good the product."""

from collections.abc import Sequence
from pathlib import Path

from yt8m.artefacts import SIZE, read_json
from yt8m.errors import ArtefactError
from yt8m.metrics.files import read_metrics
from yt8m.report.spelling import count, score

Stamp = tuple[int, int] | None


def stamp(page: Path) -> Stamp:
    """Which file a page is, to tell later whether it was written again; None without one."""
    try:
        found = page.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def closing_words(page: Path, before: Stamp, final: str, splits: Sequence[str]) -> str:
    """Two lines about the run of which `page` is the report; empty if it was not written again.

    before: the page's stamp before the run. Where the results cannot be read, one line: the run has
    succeeded, and the last word is no reason to say otherwise.
    """
    if stamp(page) in (None, before):
        return ""
    try:
        return f"{_headline(page.parent / 'ensembles' / final, final, splits)}\nReport: {page}"
    except (ArtefactError, KeyError, TypeError):
        return f"Report: {page}"


def _headline(folder: Path, final: str, splits: Sequence[str]) -> str:
    gaps = [(split, read_metrics(folder / f"metrics.{split}.json")["gap"]) for split in splits]
    scores = ", ".join(f"GAP {score(gap)} on {split}" for split, gap in gaps)
    size = read_json(folder / SIZE)
    budget = size["budget_bytes"]
    of = "" if budget is None else f" of {count(budget)}"
    return f"{final}: {scores}; {count(size['size_bytes'])}{of} bytes"
