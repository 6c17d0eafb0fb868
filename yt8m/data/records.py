"""Random access to the records of a split, in any order, as batches.

Shards are mapped into memory, and frames are copied only once: from the map into the batch. A
record takes three steps, while it is in the processor's cache: its checksum, a fast check of
everything but its frames (`layouts`, `frame_lists`; unusual records are parsed), and the copy. A
batch of frames takes B * T * F bytes, in reused memory (`buffers`).
"""

import copy
import hashlib
import math
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, tee
from threading import Lock

import numpy as np

from yt8m.data.buffers import Buffers
from yt8m.data.compressed import unpacked
from yt8m.data.examples import decode_video, most_frames
from yt8m.data.framing import payload_of
from yt8m.data.layouts import Layouts
from yt8m.data.manifest import Manifest, Shard, check_same_split
from yt8m.data.padding import Empty, FrameIndex, pad_frames, pick_frames, stack_means
from yt8m.data.schema import Batch, Video
from yt8m.data.soft_labels import decode_predictions
from yt8m.data.tfrecord import offsets_in
from yt8m.errors import ArtefactError, RecordError
from yt8m.files import map_file

MOST_MAPS = 256
"""Most shards mapped at the same time; the least recently used one is unmapped."""

MOST_UNPACKED = 1 << 34
"""Most bytes of decompressed shards in memory at the same time, besides the last one."""


class Records:
    """All records of a split, in the order of its manifest.

    check_crc: whether to verify each record's checksum whenever it is read.
    soft_labels: a teacher's predictions for the same videos, or None.
    Raises ArtefactError if the two manifests do not belong together.
    """

    def __init__(
        self, manifest: Manifest, check_crc: bool = True, soft_labels: Manifest | None = None
    ):
        if manifest.kind != "frames":
            raise ArtefactError(
                f"split {manifest.split}: its manifest lists {manifest.kind}; expected videos."
            )
        self._made_from = manifest, check_crc, soft_labels
        self.manifest = manifest
        self.schema = manifest.schema
        self._videos = _Shards(manifest, check_crc)
        self._layouts = Layouts()
        self._empty = Buffers().empty
        self._soft_labels = None
        if soft_labels is not None:
            check_same_split(manifest, soft_labels)
            self._soft_labels = _Shards(soft_labels, check_crc)

    def __reduce__(self):
        """With what is known of shards that are newer than the manifest: they were read already."""
        return Records, self._made_from, [each.same_before_ns for each in self._of_files]

    def __setstate__(self, known: Sequence[list[float]]) -> None:
        for each, times in zip(self._of_files, known, strict=True):
            each.same_before_ns = times

    @property
    def _of_files(self) -> list["_Shards"]:
        return [self._videos] + ([self._soft_labels] if self._soft_labels else [])

    def __len__(self) -> int:
        return self.manifest.records

    def allocating(self, empty: Empty) -> "Records":
        """The same records; the frames of their batches are allocated by `empty`."""
        again = copy.copy(self)
        again._empty = empty
        return again

    @property
    def keeps_copies(self) -> bool:
        """Whether shards that were read lately are compressed, and are kept decompressed."""
        return any(each.keeps_copies for each in self._of_files)

    def batch(self, indices: np.ndarray, frame_index: FrameIndex | None = None) -> Batch:
        """The records with these indices, counted over all shards.

        frame_index: selects frames [B, n]; indices past a video's end are padding and must come
            last. Without it, and in the video layout, all frames are included.
        Raises RecordError naming a damaged shard and record.
        """
        stream, again = tee(self._video(index) for index in indices)
        if self.schema.layout == "video":
            frames, num_frames = stack_means(stream, self.schema)
        elif frame_index is None:
            frames, num_frames = pad_frames(
                stream, len(indices), self._most_frames(indices), self.schema, self._empty
            )
        else:
            frames, num_frames = pick_frames(list(stream), frame_index, self.schema, self._empty)
        videos = list(again)
        labels = np.zeros((len(videos), self.schema.classes), bool)
        for row, video in zip(labels, videos, strict=True):
            row[list(video.labels)] = True
        ids = [video.id for video in videos]
        return Batch(ids, frames, num_frames, labels, self._teacher(videos, indices))

    def _most_frames(self, indices: np.ndarray) -> int:
        """Upper bound on the frames of these videos, from the sizes of their records."""
        largest = max((self._videos.size_bytes(index) for index in indices), default=0)
        return most_frames(largest, self.schema, self._has_predictions)

    @cached_property
    def _has_predictions(self) -> bool:
        """Whether records hold a teacher's predictions: all of them do, or none."""
        return len(self) > 0 and self._video(0).predictions is not None

    def _video(self, index: int) -> Video:
        payload, where = self._videos.payload(index)
        return decode_video(payload, self.schema, where, self._layouts.read_record)

    def _teacher(self, videos: Sequence[Video], indices: np.ndarray) -> np.ndarray | None:
        """float32 [B, C]: from the soft labels, or from the records if they contain predictions."""
        if self._soft_labels is not None:
            teacher = np.empty((len(videos), self.schema.classes), np.float32)
            for video, index, row in zip(videos, indices, teacher, strict=True):
                self._read_soft_label(video, index, row)
            return teacher
        rows = [video.predictions for video in videos]
        # All videos of a split have them, or none: `build_manifest` checks that.
        return np.stack(rows) if rows and rows[0] is not None else None

    def _read_soft_label(self, video: Video, index: int, out: np.ndarray) -> None:
        """Fill `out`, float32 [C]."""
        payload, where = self._soft_labels.payload(index)
        id = decode_predictions(payload, out, where, self._layouts.read_record)
        if id != video.id:
            _, source = self._videos.payload(index)
            raise RecordError(
                f"{where}: is for video {id!r}, but {source} is {video.id!r}; write the soft "
                "labels again."
            )


class _Shards:
    """The shards' bytes by record, mapped when they are first needed."""

    def __init__(self, manifest: Manifest, check_crc: bool):
        self._shards = manifest.shards
        self._names = [str(shard.path) for shard in manifest.shards]
        self._check_crc = check_crc
        self._starts = [0, *accumulate(manifest.shard_sizes)]
        known_ns = math.inf if manifest.written_ns is None else manifest.written_ns
        self.same_before_ns = [known_ns] * len(manifest.shards)
        self._offsets: dict[int, np.ndarray] = {}
        self._maps: OrderedDict[int, memoryview] = OrderedDict()
        self._lock = Lock()

    def size_bytes(self, index: int) -> int:
        """Bytes that a record takes in its shard."""
        _, start, end, _ = self._find(index)
        return end - start

    def payload(self, index: int) -> tuple[memoryview, str]:
        """A record's payload, and "<file>, record <number>" for messages."""
        data, start, end, where = self._find(index)
        return payload_of(data, start, end, where, self._check_crc), where

    def _find(self, index: int) -> tuple[memoryview, int, int, str]:
        """The shard's bytes, the record's start and end in them, and its name."""
        if not 0 <= index < self._starts[-1]:
            raise IndexError(f"record {index} of {self._starts[-1]}")
        shard = bisect_right(self._starts, index) - 1
        number = int(index) - self._starts[shard]
        data, offsets = self._open(shard)
        where = f"{self._names[shard]}, record {number}"
        return data, int(offsets[number]), int(offsets[number + 1]), where

    def _open(self, shard: int) -> tuple[memoryview, np.ndarray]:
        with self._lock:
            if shard in self._maps:
                self._maps.move_to_end(shard)
                return self._maps[shard], self._offsets[shard]
            data = self._checked_map(shard)
            if shard not in self._offsets:
                self._offsets[shard] = self._checked_offsets(self._shards[shard], data)
            self._keep(shard, data)
            return data, self._offsets[shard]

    def _keep(self, shard: int, data: memoryview) -> None:
        """Keep a map while it is used; frames may keep it alive longer."""
        self._maps[shard] = data
        while len(self._maps) > 1 and (
            len(self._maps) > MOST_MAPS or sum(map(self._own_bytes, self._maps)) > MOST_UNPACKED
        ):
            self._maps.popitem(last=False)

    @property
    def keeps_copies(self) -> bool:
        """Whether one of the mapped shards is a decompressed copy."""
        with self._lock:
            return any(map(self._own_bytes, self._maps))

    def _own_bytes(self, shard: int) -> int:
        """Memory of a shard's records besides its mapped file: only decompressed ones take any."""
        size = len(self._maps[shard])
        return 0 if size == self._shards[shard].size_bytes else size

    def _checked_map(self, number: int) -> memoryview:
        """The records of a shard, after checking that it is the file in the manifest."""
        shard = self._shards[number]
        data = map_file(shard.path)
        if len(data) != shard.size_bytes:
            raise RecordError(
                f"{shard.path}: has {len(data)} bytes, but {shard.size_bytes} in its manifest; "
                "write the manifest again if the shard was changed on purpose."
            )
        # The time of the last change of any kind (ctime), which unlike mtime cannot be set.
        changed_ns = shard.path.stat().st_ctime_ns
        if changed_ns >= self.same_before_ns[number]:
            _check_digest(data, shard)
            self.same_before_ns[number] = changed_ns + 1
        return unpacked(data, shard.path)

    @staticmethod
    def _checked_offsets(shard: Shard, data: memoryview) -> np.ndarray:
        offsets = offsets_in(data, shard.path)
        if len(offsets) - 1 != shard.records_in_file:
            raise RecordError(
                f"{shard.path}: has {len(offsets) - 1} records, but {shard.records_in_file} in its "
                "manifest; write the manifest again."
            )
        return offsets


def _check_digest(data: memoryview, shard: Shard) -> None:
    if hashlib.sha256(data).hexdigest() != shard.digest:
        raise RecordError(
            f"{shard.path}: has changed since its manifest was written; write the "
            "manifest again if that was on purpose, else see `yt8m records inspect`."
        )
