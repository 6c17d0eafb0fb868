"""The shards of a split at the time the run was planned: paths and identities.

It is a file between planning and reading, because thousands of names do not fit on a command line,
and because it changes as soon as one shard does.
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
"""Most shards that one message names."""


@dataclass(frozen=True)
class ShardList:
    """Shards in order. paths: as in the config, relative to the working directory."""

    paths: tuple[str, ...]
    identities: tuple[Identity, ...]

    @cached_property
    def digest(self) -> str:
        """Digest of paths and identities."""
        return hashlib.sha256(self._lines().encode()).hexdigest()[:32]

    def _lines(self) -> str:
        shards = zip(self.paths, self.identities, strict=True)
        lines = ",\n".join(json.dumps({"path": p} | asdict(identity)) for p, identity in shards)
        return f'{{"format": {FORMAT}, "shards": [\n{lines}\n]}}\n'

    def part(self, numbers: range) -> "ShardList":
        """The list of consecutive shards."""
        some = slice(numbers.start, numbers.stop)
        return ShardList(self.paths[some], self.identities[some])

    def write(self, path: str | Path) -> None:
        """Write the list atomically."""
        with replacing(path) as unfinished:
            unfinished.write_text(self._lines())


def list_shards(paths: Sequence[str | Path], split: str) -> ShardList:
    """Identify each shard without reading it.

    Raises RecordError naming those (at most ten) that are missing or are not regular files.
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
    """Read what `ShardList.write` wrote. Raises ArtefactError for anything else."""
    identity = dict.fromkeys((f.name for f in fields(Identity)), NUMBER)
    shape = {"format": one_of(FORMAT), "shards": [{"path": PATH, **identity}]}
    shards = read_json(path, shape)["shards"]
    identities = (Identity(*(shard[word] for word in identity)) for shard in shards)
    return ShardList(tuple(shard["path"] for shard in shards), tuple(identities))
