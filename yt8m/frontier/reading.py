"""The points of a run, from its folder; a run that is not finished has those of some models."""

from collections.abc import Iterable
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.frontier.points import ModelPoints, read_points
from yt8m.weights import read_header
from yt8m.workflow.layout import FRONTIER, Layout


def read_frontier(results: Path, models: Iterable[str] | None = None) -> list[ModelPoints]:
    """The points of models that have been measured, by name.

    models: their names; None for all in the folder, also those that a config no longer names.
    Raises ArtefactError if there are none, for a damaged or missing file, and for points of other
    weights than the folder holds.
    """
    layout = Layout(str(results))
    if models is None:
        files = sorted(Path(results, FRONTIER).glob("*.json"))
    else:
        files = [Path(layout.model_points(model)) for model in sorted(models)]
    if not files:
        raise ArtefactError(
            f"{Path(results, FRONTIER)}: holds no model's points; name models in the setting "
            "`frontier`, and run `snakemake frontier`"
        )
    return [_checked(layout, file) for file in files]


def _checked(layout: Layout, file: Path) -> ModelPoints:
    found = read_points(file)
    if found.model != file.stem:
        raise ArtefactError(f"{file}: holds the points of {found.model!r}; make it again")
    weights = Path(layout.weights(found.model, found.stage))
    if weights.is_file() and read_header(weights)[1] != found.weights:
        raise ArtefactError(f"{file}: was made for other weights than {weights}; make it again")
    return found
