"""Checks of a table's columns. Each yields the index of a row, from 0, and what is wrong there."""

from collections.abc import Iterator, Mapping, Sequence

from yt8m.data.ids import CONTROL, unsafe_reason
from yt8m.names import not_a_name
from yt8m.own_data.columns import Columns
from yt8m.own_data.label_hints import counts_of, label_hints
from yt8m.printable import listed, shortened

Wrong = Iterator[tuple[int, str]]

MISSING = ("nan", "nat", "none", "null", "na", "n/a", "#n/a", "<na>")
"""What programs write for a missing value, in small letters."""


def wrong_ids(ids: Sequence[str], columns: Columns) -> Wrong:
    """Ids that records and submissions cannot have, and repeated ones."""
    first: dict[str, int] = {}
    for row, id in enumerate(ids):
        if not id:
            yield row, "is empty; give each video an id"
        elif reason := unsafe_reason(id):
            yield row, f"is {shortened(id)}, which {reason}; use letters, digits, - and _"
        elif not id.isprintable():
            yield row, f"is {shortened(id)}, with an invisible character; remove it"
        elif (before := first.setdefault(id, row)) != row:
            place = f"{columns.unit} {columns.numbers[before]}"
            yield row, f"{shortened(id)} is already on {place}; give each video an id of its own"


def wrong_labels(labels: Sequence[Sequence[str]]) -> Wrong:
    """Labels with control characters."""
    known = {label for some in labels for label in some}
    if wrong := {label for label in known if CONTROL.search(label)}:
        for row, some in enumerate(labels):
            for label in wrong.intersection(some):
                yield row, f"{shortened(label)} contains a control character; remove it"


def wrong_locations(locations: Sequence[str]) -> Wrong:
    """Names that no file can have."""
    for row, location in enumerate(locations):
        if "\0" in location:
            yield row, f"is {shortened(location)}, which contains a NUL; give the file's name"


def without_files(locations: Mapping[str, Sequence[str]]) -> Wrong:
    """Rows that lack all features."""
    features = " or ".join(locations)
    for row, found in enumerate(zip(*locations.values(), strict=True)):
        if not any(found):
            yield row, f"is empty; give the file of {features}, or leave the row out"


def wrong_splits(splits: Sequence[str]) -> Wrong:
    """Splits without a valid name, and names that differ only in case."""
    wrong = {split: list(not_a_name(split)) for split in set(splits)}
    first: dict[str, str] = {}
    for row, split in enumerate(splits):
        if not split:
            yield row, "is empty; name a split in every row, or leave the column out"
        elif wrong[split]:
            yield row, f"{shortened(split)} {wrong[split][0]}"
        elif (other := first.setdefault(split.casefold(), split)) != split:
            text = f"{shortened(split)} differs from {shortened(other)} in other rows only in case"
            yield row, f"{text}; write it alike in all rows"


def wrong_groups(groups: Sequence[str]) -> Wrong:
    """Empty cells."""
    for row, group in enumerate(groups):
        if not group.strip():
            yield row, "is empty; give a group, such as the video's id"


def label_warnings(labels: Sequence[Sequence[str]]) -> Iterator[str]:
    """Sentences about labels that are valid but probably of no use."""
    counts = counts_of(labels)
    rare = [label for label, count in counts.items() if count == 1]
    if rare:
        yield (
            f"{len(rare):,} of {len(counts):,} labels appear only once, which is too little to "
            f"learn from and to measure: {listed(rare)}"
        )
    yield from label_hints(counts)
    if missing := [label for label in counts if label.casefold() in MISSING]:
        yield (
            f"labels that look like missing values: {listed(missing)}; leave the cell empty if the "
            "labels are not known"
        )
    if not counts:
        yield "no row has a label; such videos can be predicted, but not learnt from"
