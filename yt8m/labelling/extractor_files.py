"""Where extractors' files of weights lie on this machine, if not where they lay in training."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from yt8m.errors import ConfigError
from yt8m.json_files import MAPPING, read_json
from yt8m.paths import FilePath
from yt8m.recipes import recipe_class
from yt8m.video.description import IMAGES, SOUNDS

PACKAGES = {"images": IMAGES, "sound": SOUNDS}


def moved(description: Path, places: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The settings to change in an extraction's description, as `read_extraction` takes them.

    places: "images" or "sound" -> path; with several files, "images.<setting>" -> path.
    Raises ConfigError for what the extractor does not have.
    """
    about, changed = read_json(description, MAPPING), {}
    for word, path in places.items():
        which, _, setting = word.partition(".")
        if which not in PACKAGES or not about.get(which):
            known = ", ".join(name for name in PACKAGES if about.get(name))
            raise ConfigError(f"--extractor-file: {word} is unknown; this graph has {known}")
        kind = about[which].get("kind")
        files = _file_settings(recipe_class(PACKAGES[which], kind, f"{description}: {which}"))
        if setting not in files and (setting or len(files) != 1):
            names = ", ".join(f"{which}.{name}" for name in files) or "none"
            raise ConfigError(
                f"--extractor-file: {word} is no file of the extractor {kind}; its files: {names}"
            )
        changed.setdefault(which, {})[setting or files[0]] = path
    return changed


def _file_settings(recipe: type) -> list[str]:
    hints = get_type_hints(recipe, include_extras=True)
    return [name for name, hint in hints.items() if any(map(_is_path, (hint, *get_args(hint))))]


def _is_path(hint: Any) -> bool:
    """Whether it is `FilePath`, to which the settings add validators of their own."""
    return FilePath.__metadata__[0] in getattr(hint, "__metadata__", ())
