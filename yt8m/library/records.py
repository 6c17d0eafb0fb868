"""Records of videos from shards, one video or one batch at a time; and writing them."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from numbers import Integral
from pathlib import Path

import numpy as np

from yt8m.data import tfrecord
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.inspect import schema_of
from yt8m.data.layouts import Layouts
from yt8m.data.manifest import read_manifest
from yt8m.data.padding import pad_frames, stack_means
from yt8m.data.schema import MOST_CLASSES, Batch, Schema, Video
from yt8m.data.survey import find_shards
from yt8m.errors import ConfigError, RecordError


@dataclass(frozen=True)
class RecordFiles:
    """The videos in some shards, in order; what `read_records` returns.

    Iterate over it for one `Video` at a time, as often as you like; `len` is their number. Nothing
    but the current video or batch is in memory.

    Attributes:
        paths: the shards (TFRecord files).
        schema: what the records hold: `features` (name -> values per frame), `classes`,
            `max_frames`, `layout`.
        dequantise: whether features are float32 instead of bytes.
    """

    paths: tuple[Path, ...]
    schema: Schema
    dequantise: bool = False

    def __iter__(self) -> Iterator[Video]:
        read = Layouts().read_record
        for path in self.paths:
            for number, payload in enumerate(tfrecord.read_records(path)):
                video = decode_video(payload, self.schema, f"{path}, record {number}", read)
                yield replace(video, features=self._values(video)) if self.dequantise else video

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """From the lengths in the files alone; nothing is decoded."""
        offsets = (tfrecord.offsets_in(tfrecord.open_shard(path), path) for path in self.paths)
        return sum(len(each) - 1 for each in offsets)

    def batches(self, size: int = 64) -> Iterator[Batch]:
        """The videos as padded arrays, up to `size` at once; `Classifier.predict` takes them.

        Args:
            size: videos per batch.

        Yields:
            `ids`: B strings. `frames`: uint8 [B, T, F], all features side by side in the order of
                the schema, 0 past a video's end (float32 if dequantised; float32 [B, 1, F] in the
                video layout). `num_frames`: int32 [B]. `labels`: bool [B, C]. `teacher`: float32
                [B, C] if the records hold predictions, else None.

        Raises:
            RecordError: for a record that is damaged or does not suit the schema.
            ConfigError: if the number of classes is unknown.
        """
        if size < 1:
            raise ConfigError(f"size: is {size}; expected 1 or more")
        if self.schema.classes > MOST_CLASSES:
            raise ConfigError(
                "the number of classes is unknown; read a manifest, or give a schema, such as "
                "read_records(..., schema=classifier.schema)"
            )
        videos = iter(self)
        while some := list(islice(videos, size)):
            yield self._batch(some)

    def _batch(self, videos: Sequence[Video]) -> Batch:
        if self.schema.layout == "video":
            frames, num_frames = stack_means(videos, self.schema)
        else:
            first = next(iter(self.schema.features))
            longest = max(len(video.features[first]) for video in videos)
            dtype = videos[0].features[first].dtype
            frames, num_frames = pad_frames(
                videos, len(videos), longest, self.schema, lambda shape: np.empty(shape, dtype)
            )
        labels = np.zeros((len(videos), self.schema.classes), bool)
        for row, video in zip(labels, videos, strict=True):
            row[list(video.labels)] = True
        teachers = [video.predictions for video in videos if video.predictions is not None]
        teacher = np.stack(teachers) if len(teachers) == len(videos) else None
        return Batch([video.id for video in videos], frames, num_frames, labels, teacher)

    def _values(self, video: Video) -> dict[str, np.ndarray]:
        """The features as float32: what the bytes stand for; means are so already."""
        if self.schema.layout == "video":
            return dict(video.features)
        ranges = {name: self.schema.range_of(name) for name in video.features}
        return {
            name: values * np.float32(ranges[name].step) + np.float32(ranges[name].first)
            for name, values in video.features.items()
        }


def read_records(
    source: str | Path | Iterable[str | Path],
    schema: Schema | None = None,
    *,
    dequantise: bool = False,
) -> RecordFiles:
    """Open records: YouTube-8M's own shards, or those that a run made.

    Args:
        source: a shard, a manifest (.json), a folder (its `*.tfrecord`, at any depth) or a pattern
            such as "data/validate*.tfrecord"; or several of them. Shards may be compressed.
        schema: what the records hold. By default the manifest's, or found from the first records;
            then the number of classes is unknown and `batches` needs one.
        dequantise: gives features as the float32 values that their bytes stand for.

    Returns:
        Videos, to iterate over: `id`; `features`, name -> uint8 [T, values], or float32 [values] in
            the video layout; `labels`, ascending class indices; `predictions` of a teacher, float32
            [C], or None; `absent`, names of features that the video lacks.

    Raises:
        RecordError: if there is no shard, or no record to find the schema from; while reading, for
            a damaged record, named by file and number.
        ArtefactError: for a file that ends in .json and is not a manifest of videos.

    Examples:
        >>> import yt8m
        >>> videos = yt8m.read_records("validate.json")
        >>> len(videos), videos.schema.features
        (30, {'rgb': 24, 'audio': 8})
        >>> video = next(iter(videos))
        >>> video.features["rgb"].dtype, video.features["rgb"].shape[1]
        (dtype('uint8'), 24)
        >>> [batch.frames.shape[0] for batch in videos.batches(16)]
        [16, 14]
    """
    sources = [source] if isinstance(source, (str, Path)) else list(source)
    paths: list[Path] = []
    for each in sources:
        path = Path(each).expanduser()
        if path.suffix == ".json":
            manifest = read_manifest(path)
            if manifest.kind != "frames":
                raise RecordError(f"{path}: lists {manifest.kind}; give a manifest of videos")
            paths += [shard.path for shard in manifest.shards]
            schema = schema or manifest.schema
        else:
            paths += _shards(path)
    if not paths:
        raise RecordError("no shard is given")
    return RecordFiles(tuple(paths), schema or schema_of(paths), dequantise)


def _shards(path: Path) -> list[Path]:
    if path.is_dir():
        return find_shards(f"{glob.escape(str(path))}/**/*.tfrecord")
    return [path] if path.exists() else find_shards(str(path))


def _checked(video: Video, schema: Schema) -> Video:
    """Raises RecordError for labels that are not numbers of classes, such as a row of 0 and 1."""
    for label in video.labels:
        whole = isinstance(label, Integral) and not isinstance(label, bool)
        if not whole or not 0 <= label < schema.classes:
            raise RecordError(
                f"video {video.id!r}: label {label!r} is not a class from 0 to "
                f"{schema.classes - 1}; labels are the numbers of a video's classes, such as (2, 7)"
            )
    if len(set(video.labels)) != len(video.labels):
        raise RecordError(
            f"video {video.id!r}: a label comes twice; labels are the numbers of a video's "
            "classes, such as (2, 7), not a row of 0 and 1"
        )
    return video


def write_records(path: str | Path, videos: Iterable[Video], schema: Schema) -> int:
    """Write a shard of records, which the workflow and `read_records` read.

    Args:
        path: the TFRecord file; it appears, or replaces another, only when it is complete.
        videos: each with an `id`, `labels` and the `features` that the schema names: uint8
            [T, values] in the frame layout, float32 [values] in the video layout.
        schema: features and their sizes, number of classes, layout.

    Returns:
        The number of videos.

    Raises:
        RecordError: for a video that does not suit the schema.
        OutputError: if the file cannot be written.

    Examples:
        >>> import numpy as np, yt8m
        >>> schema = yt8m.Schema({"rgb": 4}, classes=3)
        >>> frames = np.random.default_rng(0).integers(0, 256, (7, 4), np.uint8)
        >>> yt8m.write_records("mine.tfrecord", [yt8m.Video("a", (2,), {"rgb": frames})], schema)
        1
        >>> [video.labels for video in yt8m.read_records("mine.tfrecord")]
        [(2,)]
    """
    checked = (encode_video(_checked(video, schema), schema) for video in videos)
    return tfrecord.write_records(Path(path).expanduser(), checked)
