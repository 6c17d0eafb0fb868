"""Thresholds as a CSV that people can read and edit: a row per class.

Index, Name, Threshold, Precision, Recall, F1, Positives. The threshold of a class that is never
decided is empty, and so are measures that are undefined.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from yt8m.atomic import replacing
from yt8m.calibration.thresholds import NEVER, Thresholds
from yt8m.data.label_names import INDEX
from yt8m.errors import ConfigError
from yt8m.files import read_text
from yt8m.printable import shortened

COLUMNS = ("Index", "Name", "Threshold", "Precision", "Recall", "F1", "Positives")


def write_thresholds(path: Path, found: Thresholds, names: Sequence[str]) -> None:
    """Write them atomically. names: of the C classes."""
    measures = zip(found.precision, found.recall, found.f1, strict=True)
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for index, (name, of_class) in enumerate(zip(names, measures, strict=True)):
            threshold = found.thresholds[index]
            spelt = "" if threshold == NEVER else np.format_float_positional(threshold, trim="-")
            shown = ("" if np.isnan(value) else f"{value:.4f}" for value in of_class)
            rows.writerow([index, name, spelt, *shown, found.positives[index]])


def read_thresholds(path: Path, classes: int) -> np.ndarray:
    """The threshold of each class: float32 [C]; infinity for a class that is never decided.

    A video gets the label of a class if `probability >= threshold`. Only the columns Index and
    Threshold are read.

    Raises ConfigError naming the line if a column or a class is missing, an index is out of range
    or repeated, a threshold is not a number from 0 to 1, or the file is not valid CSV or UTF-8;
    OSError if it cannot be read.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), restval="")
    found = np.full(classes, np.nan, np.float32)
    try:
        if not {"Index", "Threshold"} <= set(reader.fieldnames or ()):
            raise ConfigError(f"{path}: needs columns Index and Threshold; has {reader.fieldnames}")
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            index, threshold = _row(row["Index"], row["Threshold"], classes, where)
            if not np.isnan(found[index]):
                raise ConfigError(f"{where}: Index {index} occurs twice; keep one of them")
            found[index] = threshold
    except csv.Error as error:
        raise ConfigError(
            f"{path}, line {reader.line_num + 1}: is not valid CSV ({error})"
        ) from None
    if np.isnan(found).any():
        missing = int(np.flatnonzero(np.isnan(found))[0])
        raise ConfigError(
            f"{path}: has no row of class {missing}; to never decide it, leave its Threshold empty"
        )
    return found


def _row(index: str, threshold: str, classes: int, where: str) -> tuple[int, np.float32]:
    if not INDEX.fullmatch(index) or int(index) >= classes:
        raise ConfigError(f"{where}: Index is {shortened(index)}; expected 0 to {classes - 1}")
    if not threshold.strip():
        return int(index), NEVER
    try:
        value = np.float32(threshold)
    except ValueError:
        value = np.float32(np.nan)
    if not 0 <= value <= 1:
        raise ConfigError(
            f"{where}: Threshold is {shortened(threshold)}; expected a number from 0 to 1, or "
            "nothing for a class that is never decided"
        )
    return int(index), value
