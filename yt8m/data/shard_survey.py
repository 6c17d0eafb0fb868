"""The findings of a survey about one shard."""

import base64
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.data.checks import Problem, Problems
from yt8m.data.compressed import unpacked
from yt8m.data.framing import payload_of, record_end
from yt8m.data.identity import Identity
from yt8m.data.manifest import Shard
from yt8m.data.record_checks import check_record
from yt8m.data.schema import Schema
from yt8m.errors import RecordError
from yt8m.files import map_file


@dataclass(frozen=True)
class ShardSurvey:
    """A shard's manifest entry, counts of its labels and predictions, and its problems.

    labels: total number of labels. predicted: videos with a teacher's probabilities.
    origins: the origins that its records name (see `distilled`).
    ids: uint64 [records], `hash_of_id` of each video. identity: of the file that was read.
    """

    shard: Shard
    labels: int
    predicted: int
    problems: Problems
    origins: frozenset[bytes]
    ids: np.ndarray
    identity: Identity | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything except path and identity, which are the key in the cache."""
        return {
            "shard": {key: value for key, value in asdict(self.shard).items() if key != "path"},
            "labels": self.labels,
            "predicted": self.predicted,
            "problems": [[d.word, d.what, *found] for d, found in self.problems.found.items()],
            "origins": sorted(origin.hex() for origin in self.origins),
            "ids": base64.b64encode(self.ids.astype("<u8").tobytes()).decode(),
        }

    @classmethod
    def from_json(cls, path: Path, identity: Identity, entry: dict[str, Any]) -> "ShardSurvey":
        """The inverse of `as_json`. Raises an error of Python for anything else."""
        ids = np.frombuffer(base64.b64decode(entry["ids"]), "<u8").astype(np.uint64)
        shard = Shard(path, **entry["shard"])
        if len(ids) != shard.records:
            raise ValueError(f"{path}: {len(ids)} ids of {shard.records} records")
        return cls(
            shard,
            entry["labels"],
            entry["predicted"],
            Problems(
                {Problem(word, what): (n, first) for word, what, n, first in entry["problems"]}
            ),
            frozenset(map(bytes.fromhex, entry["origins"])),
            ids,
            identity,
        )


def hash_of_id(id: str) -> int:
    """64-bit hash of a video's id; 0 for an empty id, which does not identify a video.

    Among 5 million videos, the probability of any collision is one in a million.
    """
    digest = hashlib.blake2b(id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") if id else 0


def survey_shard(path: Path, schema: Schema, kind: str = "frames") -> ShardSurvey:
    """Read and check a shard. Raises RecordError for its first damage."""
    file = map_file(path)
    data = unpacked(file, path)
    start = records = labels = predicted = 0
    problems, origins, ids = Problems(), set(), []
    while start < len(data):
        where = f"{path}, record {records}"
        end = record_end(data, start, where)
        payload = payload_of(data, start, end, where, check_crc=True)
        checked = check_record(payload, schema, where, kind)
        labels += len(checked.content.labels)
        predicted += checked.content.predictions is not None
        origins.add(checked.content.origin)
        ids.append(hash_of_id(checked.content.id))
        for problem, example in checked.problems:
            problems.add(problem, example)
        start, records = end, records + 1
    if not records:
        raise RecordError(f"{path}: holds no records; remove it or write it again.")
    shard = Shard(path, records, len(file), hashlib.sha256(file).hexdigest())
    return ShardSurvey(
        shard, labels, predicted, problems, frozenset(origins), np.array(ids, np.uint64)
    )
