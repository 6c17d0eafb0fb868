"""What was found in shards before, so that only those are read that have changed since.

One line of JSON a shard, added as soon as the shard is read: a reader that was killed goes on
behind the last one. Kept beside the outputs and not among them, which are deleted before a job.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.data.identity import Identity
from yt8m.json_files import parse_json


class Findings:
    """Findings (JSON values) by path and identity.

    file: where they are kept; None keeps nothing. Its name says what else they depend on.
    """

    def __init__(self, file: Path | None):
        self._file = file
        self._known: dict[tuple, Any] = {}
        if file is not None and file.exists():
            # A line may be cut off by a kill: what it was about is read again.
            for line in file.read_text(errors="replace").splitlines():
                self._remember(line)

    def _remember(self, line: str) -> None:
        try:
            path, identity, found = parse_json(line)
            self._known[path, *identity] = found
        except (TypeError, ValueError):
            pass

    def get(self, path: Path, identity: Identity) -> Any | None:
        """What was found in this very file, or None."""
        return self._known.get((str(path), *astuple(identity)))

    def add(self, path: Path, identity: Identity, found: Any) -> None:
        """Keep it from now on, also if this process is killed."""
        self._known[str(path), *astuple(identity)] = found
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(_line(path, identity, found))

    def keep_only(self, shards: Iterable[tuple[Path, Identity]]) -> None:
        """Forget all other shards, and what lies beside the file and was found by other code."""
        if self._file is None:
            return
        with replacing(self._file) as unfinished, unfinished.open("w") as file:
            file.writelines(_line(path, same, self.get(path, same)) for path, same in shards)
        for other in self._file.parent.iterdir():
            if other != self._file and other.is_file():
                other.unlink(missing_ok=True)


def _line(path: Path, identity: Identity, found: Any) -> str:
    """Starts a line of its own, also behind one that was cut off."""
    return "\n" + json.dumps([str(path), astuple(identity), found], separators=(",", ":"))
