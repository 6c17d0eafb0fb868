"""The file `model_flags.json`, which the original wrote next to its checkpoints."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.errors import ArtefactError
from yt8m.json_files import read_json

FLAGS = "model_flags.json"
MEAN = "mean_"


@dataclass(frozen=True)
class Flags:
    """What is known about a checkpoint without its variables; None: unknown.

    model: the original's name of it, such as "NetVLADModelLF".
    features: name -> values per frame. layout: of the records, as in `Schema`.
    """

    model: str | None = None
    features: dict[str, int] | None = None
    layout: str | None = None


def read_flags(folder: Path) -> Flags:
    """The flags in a checkpoint's folder. Raises ArtefactError for an invalid file."""
    path = folder / FLAGS
    if not path.exists():
        return Flags()
    content = read_json(path)
    try:
        return _flags(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtefactError(
            f"{path}: is not a valid list of flags ({error}); delete it, and give --feature and "
            "--layout"
        ) from None


def _flags(content: dict[str, Any]) -> Flags:
    names = [name.strip().removeprefix(MEAN) for name in content["feature_names"].split(",")]
    sizes = [int(size) for size in content["feature_sizes"].split(",")]
    return Flags(
        model=content["model"],
        features=dict(zip(names, sizes, strict=True)),
        layout="frame" if content["frame_features"] else "video",
    )
