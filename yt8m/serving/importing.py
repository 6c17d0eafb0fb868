"""Imported ensembles: made by other runs, and used like those of this run."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from yt8m.artefacts import (
    BESIDE,
    ENSEMBLE,
    GRAPH,
    GRAPH_FILES,
    LABELS,
    check_name,
    read_ensemble,
)
from yt8m.atomic import replacing
from yt8m.config.experiment import Experiment
from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.json_files import write_json
from yt8m.serving.contents import read_whole_ensemble
from yt8m.serving.foreign import refuse_foreign
from yt8m.serving.preprocessing import (
    NOTHING,
    GivenFiles,
    read_names,
    read_preprocessing,
    refuse_other_preprocessing,
    write_beside,
)


def import_ensemble(name: str, folder: Path, out: Path, given: GivenFiles = NOTHING) -> None:
    """Copy the ensemble in `folder`, with its preprocessing, to `out` under the name `name`.

    A copy, so that later changes of `folder` do not affect this run unnoticed.
    given: of the records that it is to predict; see `refuse_other_preprocessing`.
    Raises ArtefactError if there is no ensemble, its files do not match its description, or `name`
    is not a valid name.
    """
    check_name(name)
    described = {**read_whole_ensemble(folder), "name": name}
    refuse_other_preprocessing(folder, given)
    found = read_preprocessing(folder)
    names = read_names(folder) if LABELS in (described.get("beside") or {}) else None
    refuse_foreign(out, names is not None)
    with replacing(out / GRAPH) as temporary:
        _copy(folder / GRAPH, temporary)
    write_json(out / ENSEMBLE, described | write_beside(out, found, names))


def _copy(folder: Path, to: Path) -> None:
    """Copy contents only, file by file, so that an error names the file."""
    to.mkdir()
    for path in sorted(folder.rglob("*")):
        place = to / path.relative_to(folder)
        place.mkdir() if path.is_dir() else shutil.copyfile(path, place)


def imported_files(folder: Path) -> list[Path]:
    """Everything in `folder` that `import_ensemble` reads."""
    graph = sorted(path for path in (folder / GRAPH).rglob("*") if path.is_file())
    beside = [folder / file for file in BESIDE if (folder / file).exists()]
    return [folder / ENSEMBLE, *graph, *beside]


def imported_folders(experiment: Experiment, copy_of: Callable[[str], str]) -> dict[str, Path]:
    """Name -> folder of the imported ensembles that this run needs, after checking each.

    copy_of: gives the folder to which an ensemble of this name is copied.
    Raises ConfigError or ArtefactError if a folder contains no ensemble, or one whose schema
    differs from that of the dataset.
    """
    folders = {
        name: Path(ensemble.folder)
        for name, ensemble in experiment.made_ensembles().items()
        if ensemble.is_imported
    }
    for name, folder in folders.items():
        _check(folder, Path(copy_of(name)), experiment.dataset.schema, f"ensembles.{name}.folder")
    return folders


def _check(folder: Path, copy: Path, schema: Schema, where: str) -> None:
    if os.path.realpath(folder) == os.path.realpath(copy):
        raise ConfigError(f"{where}: {folder} is where its copy goes; keep it outside of `results`")
    for name in (ENSEMBLE, *GRAPH_FILES):
        if not (folder / name).is_file():
            raise ConfigError(f"{where}: {folder} holds no {name}; expected an ensemble's folder")
    found = Schema.from_json(read_ensemble(folder)["schema"])
    if found != schema:
        raise ConfigError(
            f"{where}: {folder} was made for {_words(found)}; the dataset has {_words(schema)}"
        )


def _words(schema: Schema) -> str:
    features = ", ".join(f"{name} {size}" for name, size in schema.features.items())
    frames = f", {schema.max_frames} frames" if schema.layout == "frame" else ""
    return f"{schema.classes} classes, {features}{frames} ({schema.layout} level)"
