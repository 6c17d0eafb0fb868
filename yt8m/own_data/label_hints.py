"""Likely slips in how a table writes its labels."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from yt8m.data.label_names import INDEX
from yt8m.own_data.columns import SEPARATOR
from yt8m.printable import shortened

OTHER_SEPARATORS = "|,/"
MOST_PAIRS = 3
"""Most pairs of names, and most names, that one sentence lists."""

Labels = Sequence[Sequence[str]]


def counts_of(labels: Labels) -> Counter[str]:
    """Label -> number of videos. labels: of each video."""
    return Counter(label for some in labels for label in some)


def label_hints(names: Iterable[str]) -> Iterator[str]:
    """Sentences about names that were probably meant as others."""
    names = sorted(names)
    if separator := other_separator(names):
        yield _about_separator(names, separator)
    elif joined := _joined(names):
        name, meant = joined[0]
        more = f" ({len(joined):,} such labels)" if len(joined) > 1 else ""
        yield (
            f"labels are separated by `{SEPARATOR}`: did you mean {shortened(meant)} instead of "
            f"the one label {shortened(name)}?{more}"
        )
    if pairs := list(_alike(names)):
        shown = ", ".join(f"{shortened(a)} and {shortened(b)}" for a, b in pairs[:MOST_PAIRS])
        more = f", and {len(pairs) - MOST_PAIRS} more pairs" if len(pairs) > MOST_PAIRS else ""
        yield f"some names of labels differ only in case or blanks: {shown}{more}"


def other_separator(names: Sequence[str]) -> str:
    """What separates the labels instead of `;`, or "": most names contain it, and without it there
    are at most half as many.
    """
    for separator in OTHER_SEPARATORS:
        containing = sum(separator in name for name in names)
        if 2 * containing > len(names) and 2 * len(_divided(names, separator)) <= len(names):
            return separator
    return ""


def _joined(names: Sequence[str]) -> list[tuple[str, str]]:
    """Names that are other names with another separator between them, and what was meant."""
    known = set(names)
    divided = ((n, [p.strip() for p in n.split(s)]) for n in names for s in OTHER_SEPARATORS)
    return [(n, SEPARATOR.join(p)) for n, p in divided if len(p) > 1 and known.issuperset(p)]


def _about_separator(names: Sequence[str], separator: str) -> str:
    example = next(name for name in names if separator in name)
    meant = SEPARATOR.join(part.strip() for part in example.split(separator))
    return (
        f"labels are separated by `{SEPARATOR}`, did you mean that instead of `{separator}`? Write "
        f"{shortened(meant)} instead of {shortened(example)}: then the table has "
        f"{len(_divided(names, separator)):,} labels, not {len(names):,}"
    )


def _divided(names: Iterable[str], separator: str) -> set[str]:
    return {part.strip() for name in names for part in name.split(separator)} - {""}


def _alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that are the same but for case, blanks and forms of one letter."""
    first: dict[str, str] = {}
    for name in names:
        if not INDEX.fullmatch(name):
            key = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
            if (before := first.setdefault(key, name)) != name:
                yield before, name


def first_labels(labels: Labels) -> str:
    """The first names in alphabetical order, each with its number of videos."""
    counts = sorted(counts_of(labels).items())
    shown = ", ".join(f"{shortened(name)} ({n:,})" for name, n in islice(counts, MOST_PAIRS))
    return f"{shown}{', ...' if len(counts) > MOST_PAIRS else ''}"
