"""Soft labels: a teacher's probabilities in compact form, one record per source record.

A record is a `tf.train.Example` of
    id             the video's id, to be compared with the source record's
    labels         int64s, as in the source record
    probabilities  bytes: k float16, little-endian, the k largest probabilities
    classes        bytes: k uint16, little-endian, ascending: their classes; absent if k = C
    rest           a float: the mean of all other probabilities, which replaces each of them
    distilled_from teacher and source: see `distilled`

Rounding to float16 changes a probability by at most 0.05 %. With k = 900 of 3,862 a record takes
under 4 kB, where 3,862 floats take 15 kB and the video's frames 250 kB.
"""

import math
from dataclasses import dataclass

import numpy as np

from yt8m.data.distilled import origin_entry, read_origin
from yt8m.data.examples import Reader, check_labels, read_id
from yt8m.data.features import (
    FeatureError,
    bytes_feature,
    float_feature,
    int64_feature,
    mapping,
    read_bytes,
    read_floats,
    read_ints,
    read_record,
)
from yt8m.data.schema import MOST_CLASSES
from yt8m.data.wire import WireError
from yt8m.errors import RecordError


@dataclass(frozen=True)
class SoftLabel:
    """A teacher's probabilities for one video. predictions: float32 [C]. origin: as in `Video`."""

    id: str
    labels: tuple[int, ...]
    predictions: np.ndarray
    origin: bytes = b""


def encode_soft_label(
    id: str, labels: tuple[int, ...], predictions: np.ndarray, keep: int, origin: bytes = b""
) -> bytes:
    """The record of a video that keeps the `keep` largest probabilities.

    predictions: probabilities, float32 [C]; of equal ones the lower class is kept.
    Raises RecordError if they are not finite, or for more classes than the format supports.
    """
    predictions = np.asarray(predictions, np.float32)
    if len(predictions) > MOST_CLASSES:
        raise RecordError(
            f"video {id!r}: has {len(predictions)} classes; soft labels hold up to {MOST_CLASSES}."
        )
    if not np.isfinite(predictions).all():
        raise RecordError(f"video {id!r}: the teacher's probabilities are not all finite.")
    entries = [("id", bytes_feature(id.encode())), ("labels", int64_feature(labels))]
    rest = 0.0
    if keep < len(predictions):
        kept = largest(predictions, keep)
        classes = np.flatnonzero(kept)  # indexing by integers is faster than by booleans
        entries.append(("classes", bytes_feature(classes.astype("<u2").tobytes())))
        rest = predictions[np.flatnonzero(~kept)].mean(dtype=np.float64)
        predictions = predictions[classes]
    entries.append(("probabilities", bytes_feature(predictions.astype("<f2").tobytes())))
    entries.append(("rest", float_feature(np.array([rest]))))
    entries += origin_entry(origin)
    return mapping(entries)


def largest(values: np.ndarray, count: int) -> np.ndarray:
    """Mask of the `count` largest values, preferring the first of equal ones: bool [C]."""
    if count == 0:
        return np.zeros(len(values), bool)
    threshold = np.partition(values, len(values) - count)[len(values) - count]
    chosen = values > threshold
    ties = np.flatnonzero(values == threshold)
    chosen[ties[: count - np.count_nonzero(chosen)]] = True
    return chosen


def decode_soft_label(
    payload: bytes | memoryview, classes: int, where: str, read: Reader = read_record
) -> SoftLabel:
    """Decode a record, with probabilities for all C classes.

    where: "<file>, record 17", the beginning of every message. read: finds the entries.
    Raises RecordError for anything missing or inconsistent with `classes`.
    """
    predictions = np.empty(classes, np.float32)
    try:
        entries, _ = read(memoryview(payload))
        labels = read_ints(entries.get("labels", memoryview(b"")), "labels")
        check_labels(labels, classes)
        _spread(entries, predictions)
        return SoftLabel(read_id(entries), tuple(labels), predictions, read_origin(entries))
    except (FeatureError, WireError) as error:
        raise RecordError(f"{where}: {error}") from None


def decode_predictions(
    payload: bytes | memoryview, out: np.ndarray, where: str, read: Reader = read_record
) -> str:
    """Fill `out`, float32 [C], with a record's probabilities, and return its video's id.

    where, errors: as in `decode_soft_label`, except that labels are not read.
    read: finds the entries; the one of `Layouts` is faster for records with the same layout.
    """
    try:
        entries, _ = read(memoryview(payload))
        _spread(entries, out)
        return read_id(entries)
    except (FeatureError, WireError) as error:
        raise RecordError(f"{where}: {error}") from None


def _spread(entries: dict[str, memoryview], out: np.ndarray) -> None:
    """Fill `out`, float32 [C]."""
    probabilities = _array(entries, "probabilities", "<f2").astype(np.float32)
    # A finite sum proves that all values are finite, and is faster than checking each of them.
    if not math.isfinite(probabilities.sum()):
        raise FeatureError("probabilities: not all are finite.")
    if "classes" not in entries:
        if len(probabilities) != len(out):
            raise FeatureError(
                f"probabilities: holds {len(probabilities)} values for {len(out)} classes "
                "(dataset.classes)."
            )
        out[:] = probabilities
        return
    kept = _array(entries, "classes", "<u2")
    if len(kept) != len(probabilities) or (kept[1:] <= kept[:-1]).any():
        raise FeatureError(
            f"classes: holds {len(kept)} classes for {len(probabilities)} probabilities; "
            "expected one each, in ascending order."
        )
    check_labels(kept[-1:].tolist(), len(out))
    rest = read_floats(entries.get("rest", memoryview(b"")), "rest")
    if len(rest) != 1 or not math.isfinite(rest[0]):
        raise FeatureError("rest: expected one finite float.")
    out.fill(rest[0])
    out[kept.astype(np.int64)] = probabilities  # faster than numpy's own conversion of the indices


def _array(entries: dict[str, memoryview], name: str, dtype: str) -> np.ndarray:
    values = read_bytes(entries[name], name) if name in entries else []
    if len(values) != 1 or len(values[0]) % 2:
        raise FeatureError(f"{name}: expected one byte string with two bytes per value.")
    return np.frombuffer(values[0], dtype)
