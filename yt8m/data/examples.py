"""Encoding of one `Video` as a record in the dataset's format, and decoding.

Frame layout, a `tf.train.SequenceExample`:
    context        `id` (or `video_id`) bytes, `labels` int64s, optionally `predictions` C floats
                   and their origin (see `distilled`), and `absent`, the names of features that the
                   video lacks, as bytes
    feature lists  `rgb`, `audio`, ...: one byte string per frame
Video layout, a `tf.train.Example`:
    features       `id` (or `video_id`), `labels`, `mean_rgb`, `mean_audio`, ... as floats; `absent`
"""

from collections.abc import Callable, Iterable

import numpy as np

from yt8m.data import frame_lists
from yt8m.data.distilled import origin_entry, read_origin
from yt8m.data.features import (
    FeatureError,
    bytes_feature,
    float_feature,
    int64_feature,
    mapping,
    read_bytes,
    read_floats,
    read_ints,
    read_record,
)
from yt8m.data.frame_lists import decode_frames, encode_frames
from yt8m.data.schema import Schema, Video
from yt8m.data.wire import WireError
from yt8m.errors import RecordError
from yt8m.printable import listed

Reader = Callable[[memoryview], tuple[dict[str, memoryview], dict[str, memoryview]]]
"""From a record to its context and feature lists, like `read_record`."""

ID_FIELDS = ("id", "video_id")
MEAN = "mean_"
ABSENT = "absent"


def encode_video(
    video: Video, schema: Schema, id_field: str = "id", labelled: bool = True
) -> bytes:
    """The record of a video in the schema's layout.

    id_field: "id" (editions since 2018) or "video_id" (2017, and the original's distilled shards).
    labelled: whether it has the field `labels`, even if there are none.
    Raises RecordError naming the video and the field that does not match the schema.
    """
    try:
        check_labels(video.labels, schema.classes)
        context = [(id_field, bytes_feature(video.id.encode()))]
        if labelled:
            context.append(("labels", int64_feature(video.labels)))
        if video.predictions is not None:
            _check_floats("predictions", video.predictions, schema.classes)
            context.append(("predictions", float_feature(video.predictions)))
        context += origin_entry(video.origin)
        if video.absent:
            context.append((ABSENT, bytes_feature(*(name.encode() for name in video.absent))))
        if schema.layout == "video":
            return mapping(context + _encode_means(video, schema))
        return mapping(context) + mapping(_encode_frame_lists(video, schema), number=2)
    except FeatureError as error:
        raise RecordError(f"video {video.id!r}: {error}") from None


def _encode_means(video: Video, schema: Schema) -> list[tuple[str, bytes]]:
    for name, size in schema.features.items():
        _check_floats(MEAN + name, _feature(video, name), size)
    return [(MEAN + name, float_feature(video.features[name])) for name in schema.features]


def _encode_frame_lists(video: Video, schema: Schema) -> list[tuple[str, bytes]]:
    for name, size in schema.features.items():
        frames = _feature(video, name)
        if frames.dtype != np.uint8 or frames.shape != (len(frames), size) or not len(frames):
            raise FeatureError(
                f"{name}: is {frames.dtype} {frames.shape}; expected uint8 (frames, {size})."
            )
    _check_same_length({name: video.features[name] for name in schema.features})
    return [(name, encode_frames(video.features[name])) for name in schema.features]


def _feature(video: Video, name: str) -> np.ndarray:
    if name not in video.features:
        raise FeatureError(f"{name}: is missing; the video has {listed(video.features)}.")
    return np.asarray(video.features[name])


def decode_video(
    payload: bytes | memoryview, schema: Schema, where: str, read: Reader = read_record
) -> Video:
    """The video in a record; fields that the schema does not name are ignored.

    where: "<file>, record 17", the beginning of every message.
    read: finds the two maps; the one of `Layouts` is faster for records with the same layout.
    The frames are read-only views of the payload if its layout allows.
    Labels are returned ascending and unique; frames beyond `schema.max_frames` are cut off.
    Raises RecordError for anything that does not match the schema.
    """
    try:
        context, lists = read(memoryview(payload))
        id = read_id(context)
        labels = read_ints(context.get("labels", memoryview(b"")), "labels")
        check_labels(labels, schema.classes)
        predictions = None
        if "predictions" in context:
            predictions = _floats(context, "predictions", schema.classes)
        if schema.layout == "video":
            features = {
                name: _floats(context, MEAN + name, n) for name, n in schema.features.items()
            }
        else:
            features = _frames(lists, schema, context)
        absent = _absent(context) if ABSENT in context else ()
    except (FeatureError, WireError) as error:
        raise RecordError(f"{where}: {error}") from None
    origin = read_origin(context) if predictions is not None else b""
    return Video(id, tuple(sorted(set(labels))), features, predictions, origin, absent)


def most_frames(size_bytes: int, schema: Schema, has_predictions: bool) -> int:
    """Frames that a video can have whose record takes so many bytes.

    has_predictions: whether the record holds a prediction, of 4 bytes, for each class.
    """
    beside = 4 * schema.classes if has_predictions else 0
    return min(
        schema.max_frames, frame_lists.most_frames(size_bytes - beside, schema.features.values())
    )


def read_id(context: dict[str, memoryview]) -> str:
    """The id of a record; bytes that are not valid UTF-8 become backslash escapes.

    Raises FeatureError like `id_bytes`.
    """
    return str(id_bytes(context), "utf-8", "backslashreplace")


def id_bytes(context: dict[str, memoryview]) -> memoryview:
    """The id of a record, under either of its names. Raises FeatureError if there is not one id."""
    field = next((name for name in ID_FIELDS if name in context), None)
    if field is None:
        raise FeatureError(f"id: is missing (and so is video_id); found {listed(context)}.")
    values = read_bytes(context[field], field)
    if len(values) != 1:
        raise FeatureError(f"{field}: holds {len(values)} byte strings; expected 1.")
    return values[0]


def _absent(context: dict[str, memoryview]) -> tuple[str, ...]:
    return tuple(str(name, "utf-8", "replace") for name in read_bytes(context[ABSENT], ABSENT))


def check_labels(labels: Iterable[int], classes: int) -> None:
    """Raises FeatureError naming the first label outside 0 .. classes - 1."""
    for label in labels:
        if not 0 <= label < classes:
            raise FeatureError(
                f"labels: holds {label}, but there are {classes} classes, 0 to {classes - 1} "
                "(dataset.classes)."
            )


def _floats(context: dict[str, memoryview], name: str, size: int) -> np.ndarray:
    """float32 [size], all finite."""
    if name not in context:
        raise FeatureError(f"{name}: is missing; found {listed(context)}.")
    values = read_floats(context[name], name)
    _check_floats(name, values, size)
    return values


def _check_floats(name: str, values: np.ndarray, size: int) -> None:
    if np.shape(values) != (size,):
        raise FeatureError(f"{name}: holds {np.size(values)} values; expected {size}.")
    if not np.isfinite(values).all():
        worst = int(np.argmin(np.isfinite(values)))
        raise FeatureError(f"{name}: value {worst} is {values[worst]}; it must be finite.")


def _frames(
    lists: dict[str, memoryview], schema: Schema, context: dict[str, memoryview]
) -> dict[str, np.ndarray]:
    """The frames by feature name, uint8 [T, size] each."""
    frames = {}
    for name, size in schema.features.items():
        if name not in lists:
            hint = " It is a video-level record (dataset.layout)." if MEAN + name in context else ""
            raise FeatureError(f"{name}: feature list is missing; found {listed(lists)}.{hint}")
        frames[name] = decode_frames(lists[name], size, name)
    _check_same_length(frames)
    return {name: values[: schema.max_frames] for name, values in frames.items()}


def _check_same_length(frames: dict[str, np.ndarray]) -> None:
    counts = {name: len(values) for name, values in frames.items()}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise FeatureError(f"features differ in their number of frames: {found}.")
