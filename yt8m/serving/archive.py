"""An ensemble as one file for delivery: self-contained, and independent of the machine.

One folder of the ensemble's name:

    SHA256SUMS             digest of every other file; first, so that readers can verify the others
    README.md              the model card
    LICENSE                of the weights
    ensemble.json          schema, members, variables
    graph/                 SavedModel
    labels.csv             names of the classes, if known
    preprocessing/         projections and extractors, if the dataset came from arrays or videos
    thresholds.csv         thresholds of the classes, if chosen
    calibration.json       how they were chosen, and how reliable probabilities are
    members/<model>.json   each member's whole config
    metrics.<split>.json   metrics
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

from yt8m.artefacts import (
    CALIBRATION,
    DIGESTS,
    ENSEMBLE,
    EXTRACTION,
    GRAPH,
    LABELS,
    PROJECTIONS,
    THRESHOLDS,
)
from yt8m.atomic import replacing
from yt8m.calibration.summary_files import read_summary
from yt8m.calibration.threshold_files import read_thresholds
from yt8m.config.card import Card
from yt8m.data.label_names import label_table
from yt8m.data.schema import Schema
from yt8m.json_files import read_json
from yt8m.licences.texts import licence_text
from yt8m.metrics.files import read_metrics
from yt8m.serving.card import model_card
from yt8m.serving.contents import read_whole_ensemble
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.preprocessing import (
    GivenFiles,
    read_names,
    read_preprocessing,
    refuse_other_preprocessing,
)

Content = bytes | Path
NO_CARD = Card()
PREPROCESSING_FILES = (PROJECTIONS, EXTRACTION)


def write_archive(
    folder: Path,
    path: Path,
    card: Card = NO_CARD,
    metrics: Sequence[Path] = (),
    configs: Sequence[Path] = (),
    label_names: Path | None = None,
    thresholds: tuple[Path, Path] | None = None,
    card_out: Path | None = None,
) -> str:
    """Write the ensemble in `folder` as .tar.gz; equal content gives equal bytes.

    metrics: files `metrics.<split>.json`. configs: the members' `config.json`.
    label_names: CSV with columns Index and Name; by default the names in `folder`.
    thresholds: files `thresholds.csv` and `calibration.json` of this graph.
    card_out: a copy of the model card, to be read without unpacking.
    Returns the archive's SHA-256. Raises ArtefactError for an unexpected file, such as metrics of
    another graph or other names than those in `folder`.
    """
    described = read_whole_ensemble(folder)
    preprocessing = read_preprocessing(folder)
    given = GivenFiles(label_names=label_names)
    refuse_other_preprocessing(folder, given)
    names = given.names(Schema.from_json(described["schema"])) or read_names(folder)
    graph = sorted(p for p in (folder / GRAPH).rglob("*") if p.is_file())
    files: dict[str, Content] = {
        ENSEMBLE: folder / ENSEMBLE,
        **{file.relative_to(folder).as_posix(): file for file in graph},
        **{file: folder / file for file in PREPROCESSING_FILES if (folder / file).exists()},
        **{f"members/{read_json(file)['name']}.json": file for file in configs},
        **{file.name: file for file in metrics},
        "LICENSE": licence_text(card.licence, card.licence_file).encode(),
    }
    if names is not None:
        files[LABELS] = label_table(names).encode()
    graph_digest = fingerprint(described)["digest"]
    calibration = None
    if thresholds is not None:
        files |= zip((THRESHOLDS, CALIBRATION), thresholds, strict=True)
        read_thresholds(thresholds[0], described["schema"]["classes"])
        calibration = read_summary(thresholds[1], graph_digest)
    measured = {file.name.split(".")[1]: read_metrics(file, graph_digest) for file in metrics}
    size_bytes = sum(file.stat().st_size for file in graph)
    text = model_card(
        described, card, measured, size_bytes, names is not None, preprocessing, calibration
    )
    files["README.md"] = text.encode()
    files = {DIGESTS: _digests(files), **dict(sorted(files.items()))}
    _write(described["name"], files, path)
    if card_out is not None:
        with replacing(card_out) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return _sha256(path)


def _digests(files: dict[str, Content]) -> bytes:
    """Text in the format of `sha256sum --check`."""
    lines = [f"{_sha256(content)}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def _sha256(content: Content) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(name: str, files: dict[str, Content], path: Path) -> None:
    """Write a .tar.gz without dates or owners, in a fixed order."""
    with (
        replacing(path) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file, content in files.items():
            entry = tarfile.TarInfo(f"{name}/{file}")
            entry.mode = 0o644
            if isinstance(content, bytes):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            else:
                entry.size = content.stat().st_size
                with content.open("rb") as opened:
                    archive.addfile(entry, opened)
