"""Opening an archive or a folder as a `Classifier`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yt8m.artefacts import ENSEMBLE, GRAPH, WEIGHTS
from yt8m.errors import ArtefactError, ConfigError
from yt8m.json_files import TEXT, Maybe, read_json
from yt8m.labelling.labeller import Labeller, open_labeller
from yt8m.library.classifier import Classifier
from yt8m.metrics.files import read_metrics
from yt8m.serving.archive_reader import as_folder


def load(
    path: str | Path,
    *,
    label_names: str | Path | None = None,
    extractor_files: Mapping[str, str] | None = None,
    allow_code: bool = False,
    threads: int = 0,
) -> Classifier:
    """Open what a run made: an archive, an ensemble or a model.

    An archive is checked completely before anything in it is loaded, and a graph with any operation
    other than pure computations is refused, as by every command.

    Args:
        path: an archive (.tar.gz), an ensemble's folder (`results/ensembles/final`), or a model's
            stage folder (`results/models/vlad/ema`).
        label_names: CSV with columns Index and Name, instead of the graph's own names.
        extractor_files: for `label`, where a file of the extractor lies here: "images" or "sound",
            or of several files "images.graph" -> path.
        allow_code: whether the extractor may be a module outside of this package, whose code then
            runs.
        threads: of the extractor; 0 for one per core.

    Returns:
        The loaded graph.

    Raises:
        ArtefactError: for anything else, or if it is damaged or refused.
        ConfigError: for names that are not valid.

    Examples:
        >>> import yt8m
        >>> classifier = yt8m.load("final.tar.gz")
        >>> classifier.names[:2], classifier.raw_features
        (['cat', 'dog, barking'], {'rgb': 1280, 'audio': 128})
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise ArtefactError(
            f"{path}: no such file or folder; give an archive (.tar.gz) or a folder"
        )
    names = Path(label_names).expanduser() if label_names else None
    if names is not None and not names.is_file():
        raise ConfigError(f"label_names: there is no file {str(names)!r}")
    with as_folder(path) as folder:
        try:
            labeller, problem = _open(folder, extractor_files, names, threads, allow_code), ""
        except ConfigError as error:  # of the extractor; without it, arrays can be predicted
            labeller = open_labeller(folder, videos=False, label_names=names, threads=threads)
            problem = str(error).replace(str(folder), str(path))
        return Classifier(
            path,
            _size_bytes(folder),
            _metrics(folder, labeller.graph.fingerprint),
            replace(labeller, place=path),
            problem,
        )


def _open(folder: Path, files, names: Path | None, threads: int, allow_code: bool) -> Labeller:
    return open_labeller(folder, True, files, names, threads, allow_code)


def _size_bytes(folder: Path) -> int:
    if not (folder / ENSEMBLE).exists():
        weights = folder / WEIGHTS if folder.is_dir() else folder
        return weights.stat().st_size
    return sum(file.stat().st_size for file in (folder / GRAPH).rglob("*") if file.is_file())


def _metrics(folder: Path, graph: str) -> dict[str, dict[str, Any]]:
    """By split; a folder in which a run is not finished may also have those of an earlier graph."""
    shape = {"graph": Maybe(TEXT)}
    files = [f for f in folder.glob("metrics.*.json") if read_json(f, shape).get("graph") == graph]
    return {file.name.split(".")[1]: read_metrics(file) for file in sorted(files)}
