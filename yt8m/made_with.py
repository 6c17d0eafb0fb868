"""Whether weights were made with the settings that are shown beside them.

A run that is interrupted after a change of its config holds new settings beside weights that were
made with others. Results are shown without making anything again, so what shows them checks it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yt8m.config.flat import leaves
from yt8m.errors import ArtefactError
from yt8m.json_files import MAPPING, TEXT, read_json
from yt8m.origins import difference, origin_of

AGAIN = "run the workflow to have it made again"


def read_entry(config: Path, model: str, shape: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The content of a model's `config.json`, as it is: without defaults of later versions.

    shape: what it must have besides (see `yt8m.json_files`).
    Raises ArtefactError if it is missing, damaged, or of another model.
    """
    entry = read_json(config, {"name": TEXT, "recipe": MAPPING, **(shape or {})})
    if entry["name"] != model:
        raise ArtefactError(
            f"{config}: has the settings of {entry['name']}, not of {model}; delete it and {AGAIN}"
        )
    return entry


def check_made_with(
    weights: Path, header: Mapping[str, Any], entry: Mapping[str, Any], where: str
) -> None:
    """Raises ArtefactError unless weights were made with a model's settings.

    header: of the weights; it holds the settings that their stage depends on, and no others count.
    entry: the settings, as JSON. where: the file that they are from.
    A setting that is missing, since it did not exist yet, is like one that is not given (null).
    """
    made = {**header["model"], **origin_of(header).settings}
    common = made.keys() & entry.keys()
    found, wanted = (_given({word: e[word] for word in common}) for e in (made, entry))
    for path in sorted(found.keys() | wanted.keys()):
        if found.get(path) != wanted.get(path):
            problem = difference(path, found.get(path), wanted.get(path))
            raise ArtefactError(
                f"{weights}: was made with other settings: {problem} in {where}; {AGAIN}"
            )


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted path -> value of all settings that are given."""
    return {path: value for path, value in leaves("", entry) if value is not None}
