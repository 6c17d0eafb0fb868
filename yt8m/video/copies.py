"""The same video under different names in a training and an evaluation split."""

from collections.abc import Iterable
from pathlib import Path

from yt8m.data.duplicates import MOST_NAMED, listed
from yt8m.video.findings import Findings


def copies_between(
    one: str, first: Iterable[Path], other: str, second: Iterable[Path]
) -> str | None:
    """A message about videos of two splits whose files have the same content, or None.

    one, other: names of the splits. first, second: their findings.
    Raises ArtefactError for a damaged file of findings.
    """
    known, found = _by_content(first), _by_content(second)
    shared = sorted(known.keys() & found.keys(), key=known.__getitem__)
    if not shared:
        return None
    examples = [f"{found[c]!r} is a copy of {known[c]!r}" for c in shared[:MOST_NAMED]]
    return (
        f"splits {one} and {other}: share {len(shared)} videos, by the content of their files: "
        f"{listed(examples, len(shared))}"
    )


def _by_content(paths: Iterable[Path]) -> dict[str, str]:
    """Content -> id."""
    return {
        found["content"]: id
        for path in paths
        for id, found in Findings.read(path).videos.items()
        if "content" in found
    }
