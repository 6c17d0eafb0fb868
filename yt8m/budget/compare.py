"""Comparison of encodings for all large variables of a model: bytes, error, GAP."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.budget.predictor import Mean, Predictor
from yt8m.compression.plan import (
    MIN_ELEMENTS,
    dequantise_weights,
    quantise_weights,
    stored_bytes,
)
from yt8m.compression.storage import Encoded
from yt8m.data.records import Records
from yt8m.outputs.evaluation import evaluate
from yt8m.protocols import Quantiser
from yt8m.serving.member import load_member
from yt8m.text_tables import format_table, numbers, words


@dataclass(frozen=True)
class Compared:
    """An encoding, the bytes of all variables, and its effect.

    error: RMS error of the quantised variables, relative to their RMS. gap, loss: on the records.
    """

    encoding: str
    size_bytes: int
    error: float
    gap: float
    loss: float


def compare(
    stage: Path,
    encodings: Sequence[tuple[str, Quantiser | None]],
    records: Records,
    batch_size: int,
    top_k: int = 20,
    min_elements: int = MIN_ELEMENTS,
) -> Iterator[Compared]:
    """Evaluate each encoding of all variables of a model with more than `min_elements` elements.

    stage: folder of the weights. encodings: name and quantiser, None for float32.
    records: a labelled split.
    """
    member = load_member(stage)
    predictor = Predictor(member)
    for encoding, quantiser in encodings:
        stored = quantise_weights(member.stored, quantiser, min_elements)
        values = dequantise_weights(stored)
        mean = Mean(encoding, records.schema, {"": predictor}, {"": 1.0}, {"": values})
        result = evaluate(mean, records, batch_size, top_k).result()
        coded = [path for path, value in stored.items() if isinstance(value, Encoded)]
        error = _relative([member.stored[p] for p in coded], [values[p] for p in coded])
        yield Compared(encoding, stored_bytes(stored), error, result.gap, result.loss)


def format_comparison(rows: Iterable[Compared]) -> str:
    """A table with a row per encoding."""
    columns = [*words("stored as"), *numbers("bytes", "error", "GAP", "loss")]
    return format_table(
        columns,
        [
            (r.encoding, f"{r.size_bytes:,}", f"{r.error:.3%}", f"{r.gap:.4f}", f"{r.loss:.4f}")
            for r in rows
        ],
    )


def _relative(before: Sequence[np.ndarray], after: Sequence[np.ndarray]) -> float:
    errors = sum(
        np.square(a - b, dtype=np.float64).sum() for a, b in zip(before, after, strict=True)
    )
    squares = sum(np.square(a, dtype=np.float64).sum() for a in before)
    return float(np.sqrt(errors / squares)) if squares else 0.0
