"""Cached results of reading shards, so that only changed shards are read again.

One line of JSON per shard, appended as soon as the shard is read, so that a killed reader resumes
after the last one. It is not an output of a job, because outputs are deleted before a job starts.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.data.identity import Identity
from yt8m.json_files import parse_json
from yt8m.state import KEY


class SurveyCache:
    """Findings (JSON values) by path and identity.

    file: where they are stored; None stores nothing. Its name, a `state_key`, encodes what else
        they depend on.
    """

    def __init__(self, file: Path | None):
        self._file = file
        self._known: dict[tuple, Any] = {}
        if file is not None and file.exists():
            # A kill may have cut off a line: that shard is read again.
            for line in file.read_text(errors="replace").splitlines():
                self._remember(line)

    def _remember(self, line: str) -> None:
        try:
            path, identity, found = parse_json(line)
            self._known[path, *identity] = found
        except (TypeError, ValueError):
            pass

    def get(self, path: Path, identity: Identity) -> Any | None:
        """The finding for exactly this file, or None."""
        return self._known.get((str(path), *astuple(identity)))

    def add(self, path: Path, identity: Identity, found: Any) -> None:
        """Store a finding at once, so that it survives a kill of this process."""
        self._known[str(path), *astuple(identity)] = found
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(_line(path, identity, found))

    def keep_only(self, shards: Iterable[tuple[Path, Identity]]) -> None:
        """Drop all other shards, and the sibling files, which other versions of the code wrote."""
        if self._file is None:
            return
        with replacing(self._file) as unfinished, unfinished.open("w") as file:
            file.writelines(_line(path, same, self.get(path, same)) for path, same in shards)
        for other in self._file.parent.iterdir():
            if other != self._file and KEY.fullmatch(other.name) and other.is_file():
                other.unlink(missing_ok=True)


def _line(path: Path, identity: Identity, found: Any) -> str:
    """One line; the newline comes first, in case the previous line was cut off."""
    return "\n" + json.dumps([str(path), astuple(identity), found], separators=(",", ":"))
