"""The probability from which each class is given, as calibrated with a model."""

import csv
import io
import math
from pathlib import Path

import numpy as np

from yt8m.data.label_names import INDEX
from yt8m.errors import ArtefactError
from yt8m.files import read_text
from yt8m.printable import shortened

THRESHOLDS = "thresholds.csv"
"""Name of the file in an archive."""


def read_thresholds(path: Path, classes: int) -> np.ndarray | None:
    """float32 [C] from a CSV with columns Index and Threshold; None if there is no file.

    A class without a row, or with an empty threshold, is never given: NaN.
    Raises ArtefactError, naming the line, for anything else.
    """
    if not path.is_file():
        return None
    found = np.full(classes, np.nan, np.float32)
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), restval="")
    if not {"Index", "Threshold"} <= set(reader.fieldnames or ()):
        raise ArtefactError(f"{path}: needs columns Index and Threshold; has {reader.fieldnames}")
    for row in reader:
        index, text = row["Index"], row["Threshold"]
        if not INDEX.fullmatch(index) or int(index) >= classes:
            raise ArtefactError(
                f"{path}, line {reader.line_num}: Index is {shortened(index)}; expected 0 to "
                f"{classes - 1}"
            )
        if text:
            found[int(index)] = _probability(text, f"{path}, line {reader.line_num}")
    return found


def _probability(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ArtefactError(f"{where}: Threshold is {shortened(text)}; expected 0 to 1")
    return value
