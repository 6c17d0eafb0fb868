"""What a table holds, as a text for people; and what is too little of it."""

from collections.abc import Iterator, Sequence

from yt8m.data.few_videos import only_few
from yt8m.own_data.label_hints import counts_of
from yt8m.own_data.rows import Rows
from yt8m.own_data.table import Table
from yt8m.own_data.vocabulary import Vocabulary, labels_by_split
from yt8m.printable import listed, printable
from yt8m.text_tables import format_table, numbers, words

MOST_LABELS = 3
"""Most labels at either end of their counts that are shown."""


def summary_of(rows: Rows) -> str:
    """Videos and labels by split, videos without a feature, rarest and most frequent labels."""
    table = rows.table
    lacking = [name for name, found in table.locations.items() if not all(found)]
    titles = ["videos", "unlabelled", "labels", *(f"without {name}" for name in lacking)]
    lines = [
        (split, *(f"{n:,}" for n in _counts(table, members, lacking)))
        for split, members in _members(rows.splits).items()
    ]
    text = format_table([*words("split"), *numbers(*titles)], lines)
    return f"{text}{_about_labels(table, rows.vocabulary)}"


def _members(splits: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {split: [] for split in sorted(set(splits))}
    for row, split in enumerate(splits):
        found[split].append(row)
    return found


def _counts(table: Table, rows: Sequence[int], lacking: Sequence[str]) -> Iterator[int]:
    yield len(rows)
    yield sum(not table.labels[row] for row in rows)
    yield len({label for row in rows for label in table.labels[row]})
    for name in lacking:
        yield sum(not table.locations[name][row] for row in rows)


def _about_labels(table: Table, vocabulary: Vocabulary) -> str:
    counts = sorted(counts_of(table.labels).items(), key=lambda one: (one[1], one[0]))
    text = f"{vocabulary.classes:,} classes, {len(counts):,} of them with videos"
    if len(counts) <= 2 * MOST_LABELS:
        return f"{text}: {_listed(counts)}"
    fewest, most = counts[:MOST_LABELS], counts[: -MOST_LABELS - 1 : -1]
    return f"{text}; fewest: {_listed(fewest)}; most: {_listed(most)}"


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{printable(label)} {count:,}" for label, count in counts)


def too_little(table: Table, splits: Sequence[str], train: str) -> list[str]:
    """Sentences about splits besides the training split that measure little."""
    found = []
    labels = labels_by_split(table, splits)
    for split, rows in _members(splits).items():
        labelled = sum(bool(table.labels[row]) for row in rows)
        if split == train or not labelled:
            continue
        if few := only_few(labelled):
            found.append(
                f"split {split}: has {few}; differences between models on so few are mostly chance"
            )
        if missing := labels.get(train, set()) - labels[split]:
            what = "a label" if len(missing) == 1 else f"{len(missing):,} labels"
            found.append(
                f"split {split}: has no video of {what} of split {train}, which it cannot "
                f"measure: {listed(missing)}"
            )
    return found
