"""What an extractor's features depend on: its settings and its weights."""

import hashlib
import json
from typing import Any

from yt8m.data.identity import digest_of_identities
from yt8m.errors import ConfigError, RecordError
from yt8m.files import content_digest
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


def extractor_state(recipe: Any) -> dict[str, Any]:
    """What shows, without reading large files, whether a digest may have changed, as JSON.

    Files that settings name count by place and identity, those inside packages by content.
    Raises ConfigError for a file that cannot be read.
    """
    entry = as_entry(recipe)
    given = [path for path in recipe.files() if any(_names(v, path) for v in entry.values())]
    try:
        as_of = digest_of_identities(given)
    except RecordError as error:
        raise ConfigError(str(error)) from None
    packaged = [file_digest(path) for path in recipe.files() if path not in given]
    return {"entry": entry, "as_of": as_of, "packaged": packaged}


def file_digest(path: str) -> str:
    """SHA-256 of a file's content. Raises ConfigError for one that cannot be read."""
    try:
        return content_digest(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}).") from None


def _is_place(value: Any, files: list[str]) -> bool:
    return any(_names(value, path) for path in files)


def _names(value: Any, path: str) -> bool:
    """Whether a setting is the path of a file, of its folder, or of a checkpoint that it is of."""
    if not isinstance(value, str) or not value:
        return False
    return path == value or path.startswith((f"{value}/", f"{value}."))
