"""What turns files into an ensemble's frames, and the names of its classes: files beside its graph.

    labels.csv                              the names, columns Index and Name
    preprocessing/projections.safetensors   from an extractor's values to the bytes of records
    preprocessing/extraction.json           for videos: which extractors with which weights

Ensembles whose dataset comes from arrays or videos have them; others have none. Archives hold the
same files.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.artefacts import (
    ENSEMBLE,
    EXTRACTION,
    LABELS,
    PREPROCESSING,
    PROJECTIONS,
    read_ensemble,
    schema_in,
)
from yt8m.atomic import remove, replacing
from yt8m.data.label_names import label_table, read_label_names
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.projections.files import load_projections, save_projections
from yt8m.projections.projection import Projection
from yt8m.serving.contents import digests_beside, refuse_others_beside
from yt8m.video.description import identity_of, read_description


@dataclass(frozen=True)
class Preprocessing:
    """From files to bytes of records.

    projections: of each feature, in the order of the schema. extraction_file: which extractors made
        the features of videos (`yt8m.video.description`); None if they were given as arrays.
    """

    projections: Mapping[str, Projection]
    extraction_file: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """What identifies it: equal ones make equal bytes of records."""
        extraction = self.extraction_file
        return {
            "projections": {name: each.digest for name, each in self.projections.items()},
            "extraction": identity_of(read_description(extraction)) if extraction else None,
        }


def preprocessing_from(projections: Path, extraction: Path | None, schema: Schema) -> Preprocessing:
    """The preprocessing in files, in the order of the schema's features.

    Raises ArtefactError for a file that is damaged or not of its kind, and for projections that do
    not make records of the schema.
    """
    found = load_projections(projections)
    made = {name: (each.size, each.levels.range) for name, each in found.items()}
    wanted = {name: (size, schema.range_of(name)) for name, size in schema.features.items()}
    if made != wanted:
        raise ArtefactError(
            f"{projections}: makes {_words(made)}; the records have {_words(wanted)}; use the "
            "projections that these records were made with"
        )
    if extraction:
        read_description(extraction)
    return Preprocessing({name: found[name] for name in schema.features}, extraction)


def _words(features: Mapping[str, tuple[int, tuple[float, float]]]) -> str:
    return ", ".join(
        f"{name} {size} ({low:g} to {high:g})" for name, (size, (low, high)) in features.items()
    )


def read_preprocessing(folder: Path) -> Preprocessing | None:
    """The preprocessing in the folder of an ensemble or of an unpacked archive.

    None if it has none: ensembles that were trained on given records, older ones, and models at a
    stage. Raises ArtefactError for files that are missing, damaged or of another ensemble.
    """
    if not (folder / ENSEMBLE).exists():
        return None
    described = read_ensemble(folder)
    if described.get("preprocessing") is None:
        return None
    refuse_others_beside(folder, described)
    schema = schema_in(described, folder / ENSEMBLE)
    extraction = folder / EXTRACTION
    return preprocessing_from(
        folder / PROJECTIONS, extraction if extraction.exists() else None, schema
    )


def read_names(folder: Path) -> list[str] | None:
    """The names of the C classes in the folder of an ensemble or of an unpacked archive, if any.

    Raises ArtefactError for names of another ensemble; ConfigError for a file that is not valid.
    """
    if not (folder / ENSEMBLE).exists() or not (folder / LABELS).exists():
        return None
    described = read_ensemble(folder)
    refuse_others_beside(folder, described)
    return read_label_names(folder / LABELS, described["schema"]["classes"])


def write_beside(
    folder: Path, preprocessing: Preprocessing | None, names: Sequence[str] | None
) -> dict[str, Any]:
    """Write the files beside a graph; earlier ones are replaced or removed.

    Returns their entries in `ensemble.json`, which must be written afterwards.
    """
    if preprocessing is None:
        remove(folder / PREPROCESSING)
    else:
        with replacing(folder / PREPROCESSING) as temporary:
            temporary.mkdir()
            save_projections(temporary / Path(PROJECTIONS).name, preprocessing.projections)
            if preprocessing.extraction_file:
                shutil.copyfile(preprocessing.extraction_file, temporary / Path(EXTRACTION).name)
    if names is None:
        (folder / LABELS).unlink(missing_ok=True)
    else:
        with replacing(folder / LABELS) as temporary:
            temporary.write_bytes(label_table(names).encode())
    about = {"preprocessing": preprocessing.as_json()} if preprocessing else {}
    files = digests_beside(folder)
    return about | ({"beside": files} if files else {})
