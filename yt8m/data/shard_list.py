"""The shards of a split as they were found when the run was planned: names and identities.

A file of its own between the planning and the reading: names by the thousand fit into no command
line, and it differs as soon as one shard does.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.data.identity import Identity, identity_of
from yt8m.errors import RecordError
from yt8m.json_files import NUMBER, PATH, one_of, read_json

FORMAT = 1
MOST_NAMED = 10
"""Shards that one message names."""


@dataclass(frozen=True)
class ShardList:
    """Shards in their order. paths: as the config has them, relative to the working directory."""

    paths: tuple[str, ...]
    identities: tuple[Identity, ...]

    @cached_property
    def digest(self) -> str:
        """Of names and identities."""
        return hashlib.sha256(self._lines().encode()).hexdigest()[:32]

    def _lines(self) -> str:
        shards = zip(self.paths, self.identities, strict=True)
        lines = ",\n".join(json.dumps({"path": p} | asdict(identity)) for p, identity in shards)
        return f'{{"format": {FORMAT}, "shards": [\n{lines}\n]}}\n'

    def write(self, path: str | Path) -> None:
        """Complete or not at all."""
        with replacing(path) as unfinished:
            unfinished.write_text(self._lines())


def list_shards(paths: Sequence[str | Path], split: str) -> ShardList:
    """Look at each shard without reading it.

    Raises RecordError naming those (ten at most) that are missing or no files.
    """
    found, missing = [], []
    for path in paths:
        try:
            found.append(identity_of(path))
        except RecordError as error:
            missing.append(str(error))
    if missing:
        more = len(missing) - MOST_NAMED
        rest = f"; and {more} more." if more > 0 else ""
        named = " ".join(missing[:MOST_NAMED])
        raise RecordError(f"split {split}, {len(missing)} of {len(paths)} shards: {named}{rest}")
    return ShardList(tuple(map(str, paths)), tuple(found))


def read_shard_list(path: str | Path) -> ShardList:
    """What `ShardList.write` wrote. Raises ArtefactError for anything else."""
    identity = dict.fromkeys((f.name for f in fields(Identity)), NUMBER)
    shape = {"format": one_of(FORMAT), "shards": [{"path": PATH, **identity}]}
    shards = read_json(path, shape)["shards"]
    identities = (Identity(*(shard[word] for word in identity)) for shard in shards)
    return ShardList(tuple(shard["path"] for shard in shards), tuple(identities))
