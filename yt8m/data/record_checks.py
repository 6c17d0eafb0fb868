"""Checking one record, in the same way for manifests and for `records inspect`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from yt8m.data import checks
from yt8m.data.checks import Problem
from yt8m.data.examples import decode_video, id_bytes
from yt8m.data.features import is_int_list, read_record
from yt8m.data.ids import FORMULA, SEPARATORS
from yt8m.data.schema import Schema, Video
from yt8m.data.soft_labels import SoftLabel, decode_soft_label
from yt8m.data.wire import WireError
from yt8m.errors import RecordError
from yt8m.printable import listed, shortened

TOLERANCE = 1e-3
"""How far a probability may lie outside 0 to 1: sums of rounded probabilities do."""


@dataclass(frozen=True)
class CheckedRecord:
    """A readable record, and its problems, each with an example."""

    content: Video | SoftLabel
    problems: tuple[tuple[Problem, str], ...]


def check_record(
    payload: memoryview, schema: Schema, where: str, kind: str = "frames"
) -> CheckedRecord:
    """Read and check a record. kind: of its manifest, "frames" or "soft_labels".

    where: "<file>, record 17", the beginning of every message.
    Raises RecordError for a record that does not match the schema.
    """
    try:
        maps = read_record(memoryview(payload))
    except WireError as error:
        raise RecordError(f"{where}: {error}") from None
    if kind == "frames":
        content = decode_video(payload, schema, where, lambda _: maps)
    else:
        content = decode_soft_label(payload, schema.classes, where, lambda _: maps)
    found = (
        *_of_id(content.id, maps[0]),
        *_of_labels(maps[0]),
        *_of_probabilities(content.predictions),
    )
    return CheckedRecord(
        content, tuple((problem, f"{where}, {example}") for problem, example in found)
    )


def _of_id(id: str, context: Mapping[str, memoryview]) -> Iterator[tuple[Problem, str]]:
    if not id:
        yield checks.EMPTY_ID, "id ''"
    elif not SEPARATORS.isdisjoint(id):
        yield checks.SEPARATOR, f"id {shortened(id)}"
    elif not id.isprintable():
        yield checks.UNPRINTABLE, f"id {shortened(id)}"
    elif FORMULA.match(id):
        yield checks.FORMULA, f"id {shortened(id)}"
    elif "\\" in id and bytes(id_bytes(context)) != id.encode():
        yield checks.NOT_UTF8, f"id {shortened(id)}"


def _of_labels(context: Mapping[str, memoryview]) -> Iterator[tuple[Problem, str]]:
    if "labels" not in context:
        yield checks.UNLABELLED, f"which holds {listed(context)}"
    elif not is_int_list(context["labels"]):
        yield checks.UNLABELLED, "whose `labels` are not a list of integers"


def _of_probabilities(probabilities: np.ndarray | None) -> Iterator[tuple[Problem, str]]:
    if probabilities is None or not len(probabilities):
        return
    low, high = probabilities.min(), probabilities.max()
    if low < -TOLERANCE or high > 1 + TOLERANCE:
        yield checks.NOT_PROBABILITIES, f"from {low:.6g} to {high:.6g}"
