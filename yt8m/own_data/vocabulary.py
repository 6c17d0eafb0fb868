"""The vocabulary of a table's labels: names <-> class numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.data.label_names import INDEX, label_table, read_label_names
from yt8m.data.schema import MOST_CLASSES
from yt8m.errors import ConfigError
from yt8m.own_data.problems import Problems
from yt8m.own_data.table import LABELS, Table
from yt8m.printable import listed, shortened

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
"""A number as programs write it."""


@dataclass(frozen=True)
class Vocabulary:
    """Names of the C classes, by number; None where labels are numbers without names.

    numbers: label, as the table writes it -> class.
    """

    names: tuple[str, ...] | None
    classes: int
    numbers: Mapping[str, int]

    @property
    def class_names(self) -> tuple[str, ...]:
        """A name for every class: its number, if labels are numbers."""
        return self.names or tuple(f"class {number}" for number in range(self.classes))

    def classes_of(self, labels: Iterable[str]) -> tuple[int, ...]:
        """Ascending class numbers of one video's labels."""
        return tuple(sorted({self.numbers[label] for label in labels}))


def build_vocabulary(table: Table, classes: int | None = None) -> Vocabulary:
    """A vocabulary for all labels of a table, of whatever split.

    If every label is a whole number from 0, they are the classes; otherwise names get numbers in
    alphabetical order (of code points). classes: C, if it is known; by default as few as possible.

    Raises ConfigError for numbers and names that do not fit into C, for labels that are all numbers
    but not all whole ones from 0, and for a table without labels.
    """
    labels = sorted({label for some in table.labels for label in some})
    if not labels:
        raise ConfigError(f"{table.path}: no row has a label; there is nothing to learn")
    if all(INDEX.fullmatch(label) for label in labels):
        return _numbered(table, labels, classes)
    if all(NUMBER.fullmatch(label) for label in labels):
        whole = {label for label in labels if INDEX.fullmatch(label)}
        _refuse_others(table, whole, "whole numbers from 0, as all labels are numbers; or names")
    needed = classes or len(labels)
    if len(labels) > needed:
        raise ConfigError(
            f"{table.path}: has {len(labels):,} labels; dataset.classes is {needed:,}"
        )
    _check_most(table, len(labels))
    padded = (*labels, *(f"class {number}" for number in range(len(labels), needed)))
    return Vocabulary(padded, needed, {label: number for number, label in enumerate(labels)})


def _numbered(table: Table, labels: Sequence[str], classes: int | None) -> Vocabulary:
    numbers = {label: int(label) for label in labels}
    needed = classes or max(numbers.values()) + 1
    expected = f"a number from 0 to {needed - 1}, as dataset.classes is {needed}"
    _refuse_others(table, {text for text, n in numbers.items() if n < needed}, expected)
    _check_most(table, needed)
    return Vocabulary(None, needed, numbers)


def _check_most(table: Table, classes: int) -> None:
    if classes > MOST_CLASSES:
        raise ConfigError(f"{table.path}: needs {classes:,} classes; at most {MOST_CLASSES:,}")


def given_vocabulary(table: Table, path: Path, classes: int) -> Vocabulary:
    """The vocabulary of a CSV with columns Index and Name, in which a table's labels must be.

    A label is a class by its name, or else by its number. Raises ConfigError for other labels, and
    for names of several classes.
    """
    names = read_label_names(path, classes)
    numbers = {name: number for number, name in reversed(list(enumerate(names)))}
    if len(numbers) < len(names):
        twice = next(name for number, name in enumerate(names) if numbers[name] != number)
        first, second = (n for n, _ in zip(_places(names, twice), range(2), strict=False))
        raise ConfigError(f"{path}: {twice!r} is the name of {first} and {second}; rename one")
    numbers = {str(number): number for number in range(classes)} | numbers
    labels = {label for some in table.labels for label in some}
    expected = f"a name in {path}, or a number from 0 to {classes - 1}"
    _refuse_others(table, labels & numbers.keys(), expected)
    return Vocabulary(tuple(names), classes, {label: numbers[label] for label in labels})


def _places(names: Sequence[str], name: str) -> Iterable[int]:
    return (number for number, one in enumerate(names) if one == name)


def _refuse_others(table: Table, known: set[str], expected: str) -> None:
    """Raises ConfigError for labels of rows that are not among the known ones."""
    problems = Problems(table.path, table.unit)
    wrong = (
        (row, f"{shortened(label)} is unknown; expected {expected}")
        for row, some in enumerate(table.labels)
        for label in some
        if label not in known
    )
    problems.add_all(table.numbers, LABELS, wrong)
    problems.refuse()


def write_labels(names: Sequence[str], path: str | Path) -> None:
    """Write the names of classes, atomically, as `read_label_names` reads them."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(label_table(names).encode())


def unlearnt(table: Table, splits: Sequence[str], train: str) -> list[str]:
    """Sentences about labels of other splits that no video of the training split has."""
    by_split = labels_by_split(table, splits)
    learnt = by_split.get(train, set())
    return [
        f"split {split}: {len(missing):,} of its labels are not in split {train}, so they cannot "
        f"be predicted: {listed(missing)}"
        for split, labels in by_split.items()
        if (missing := labels - learnt)
    ]


def labels_by_split(table: Table, splits: Sequence[str]) -> dict[str, set[str]]:
    """Split -> the labels of its videos. splits: of each row."""
    found: dict[str, set[str]] = {split: set() for split in splits}
    for split, some in zip(splits, table.labels, strict=True):
        found[split].update(some)
    return found
