"""What an extractor's features depend on: its settings and its weights."""

import hashlib
import json
from typing import Any

from yt8m.errors import ConfigError
from yt8m.files import open_regular
from yt8m.recipes import as_entry


def extractor_digest(recipe: Any) -> str:
    """Digest of a recipe's kind, settings and files; a file counts by content, not by place.

    Raises ConfigError for a file that cannot be read.
    """
    files = recipe.files()
    digest = hashlib.sha256()
    settings = {k: v for k, v in as_entry(recipe).items() if not _is_place(v, files)}
    digest.update(json.dumps(settings, sort_keys=True).encode())
    for path in files:
        digest.update(file_digest(path).encode())
    return digest.hexdigest()[:16]


def file_digest(path: str) -> str:
    """SHA-256 of a file's content. Raises ConfigError for one that cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}).") from None


def _is_place(value: Any, files: list[str]) -> bool:
    """Whether a setting is the path of a file, or of a folder of files."""
    return isinstance(value, str) and any(f == value or f.startswith(f"{value}/") for f in files)
