"""Names of classes, from the dataset's vocabulary."""

import csv
from pathlib import Path

from yt8m.errors import RecordError


def read_label_names(path: Path, classes: int) -> list[str]:
    """The C names of a CSV with columns Index and Name; a class without one gets its number.

    Raises RecordError when a column is missing or an index is no class.
    """
    names = [f"class {number}" for number in range(classes)]
    with Path(path).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if not {"Index", "Name"} <= set(reader.fieldnames or ()):
            raise RecordError(f"{path}: needs columns Index and Name; has {reader.fieldnames}")
        for line, row in enumerate(reader, 2):
            index = row["Index"]
            if not index.isdigit() or int(index) >= classes:
                raise RecordError(f"{path}, line {line}: Index is {index!r}; 0 to {classes - 1}")
            names[int(index)] = row["Name"] or names[int(index)]
    return names
