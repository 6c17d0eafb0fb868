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
from yt8m.errors import ArtefactError, ConfigError
from yt8m.own_data.shards import check_projections
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
            "extraction": _identity(extraction) if extraction else None,
        }


@dataclass(frozen=True)
class GivenFiles:
    """The files of a run that made records, which an ensemble trained on them keeps; or none.

    projections: of all features. extraction: of videos. label_names: CSV with columns Index and
    Name.
    """

    projections: Path | None = None
    extraction: Path | None = None
    label_names: Path | None = None

    def preprocessing(self, schema: Schema) -> Preprocessing | None:
        """The preprocessing for records of this schema; see `preprocessing_from`."""
        if self.projections is None:
            return None
        return preprocessing_from(self.projections, self.extraction, schema)

    def names(self, schema: Schema) -> list[str] | None:
        """The names of the classes. Raises ConfigError for a file that is not valid."""
        return read_label_names(self.label_names, schema.classes) if self.label_names else None


NOTHING = GivenFiles()


def preprocessing_from(projections: Path, extraction: Path | None, schema: Schema) -> Preprocessing:
    """The preprocessing in files, in the order of the schema's features.

    Raises ArtefactError for a file that is damaged or not of its kind, and for projections that do
    not make records of the schema.
    """
    found = load_projections(projections)
    try:
        check_projections(schema, found)
    except ConfigError as error:
        raise ArtefactError(f"{projections}: {error}") from None
    if extraction:
        read_description(extraction)
    return Preprocessing({name: found[name] for name in schema.features}, extraction)


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


def refuse_other_preprocessing(folder: Path, given: GivenFiles) -> None:
    """Raises ArtefactError for an ensemble that cannot predict records made with these files.

    Only what both have is compared: bytes of other projections or extractors have other meanings,
    and so have classes of other names.
    """
    own, names = read_preprocessing(folder), read_names(folder)
    if own and given.projections:
        other = load_projections(given.projections)
        for feature, mine in own.projections.items():
            if feature in other and other[feature].digest != mine.digest:
                what = f"the projection of {feature}"
                raise _differs(folder / PROJECTIONS, given.projections, what)
    if own and own.extraction_file and given.extraction:
        mine, other = (_identity(file) for file in (own.extraction_file, given.extraction))
        for word in mine:
            if mine[word] != other[word]:
                raise _differs(folder / EXTRACTION, given.extraction, word)
    if names and given.label_names:
        other = read_label_names(given.label_names, len(names))
        for number, (mine, theirs) in enumerate(zip(names, other, strict=True)):
            if mine != theirs:
                what = f"the name of class {number}"
                raise _differs(folder / LABELS, given.label_names, what)


def _differs(own: Path, other: Path, what: str) -> ArtefactError:
    return ArtefactError(
        f"{own}: differs from {other} in {what}; the ensemble was trained on other records than "
        "these; use an ensemble that was made for them"
    )


def _identity(extraction: Path) -> dict[str, Any]:
    return identity_of(read_description(extraction))


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
