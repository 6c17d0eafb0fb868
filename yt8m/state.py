"""The saved state of interrupted work: its name, and its removal."""

import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from yt8m.atomic import remove

KEY = re.compile(r"[0-9a-f]{16}")
"""The names that `state_key` gives."""


def state_key(*parts: Any) -> str:
    """A name for the state of a job, from everything (JSON values) that its result depends on.

    Different settings, data or sources give a different name, so no job resumes from another
    one's state.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def remove_states(folder: Path, *others: str) -> None:
    """Remove the states of all jobs in a folder, and the folder unless it has anything else.

    others: names of further folders of state in it.
    Raises OrphanedError if this process's run has ended.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and (path.name in others or KEY.fullmatch(path.name)):
            remove(path)
    with suppress(OSError):
        folder.rmdir()
