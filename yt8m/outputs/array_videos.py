"""Videos in NumPy files: their frames and ids, one video at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.feature_arrays import by_feature, one_by_feature
from yt8m.outputs.feature_files import FeatureFiles
from yt8m.outputs.named_files import Source
from yt8m.own_data.arrays import read_array
from yt8m.printable import error_line, listed

NAMES = ("frames", "num_frames", "ids")


@dataclass(frozen=True)
class ArrayVideo:
    """One video. frames: [T, F] of any type, T >= 1. where: its place, for messages.

    is_raw: whether they are an extractor's values. absent: features that the video lacks.
    """

    id: str
    frames: np.ndarray
    where: str
    is_raw: bool = False
    absent: tuple[str, ...] = ()


def name_of(source: Source) -> str:
    """The id of a single video that has no other."""
    return source.id if isinstance(source, FeatureFiles) else source.stem


def videos_in(path: Source, kinds: ArrayKinds, alone: bool = True) -> Iterator[ArrayVideo]:
    """The videos of a file of arrays, in order; an .npy is mapped, not read.

    An .npy file holds frames of many videos [N, T, F] or of one [T, F]. An .npz file holds `frames`
    like an .npy, and optionally `num_frames` and `ids`; or an array per feature of one video; or
    else an array [T, F] per video, named by its id. In the video layout, vectors [N, F] are N
    videos and [F] is one. `FeatureFiles` are one video, which may lack raw features. Files of other
    formats (`own_data.arrays`) hold the raw features of one video. The id of a single video is the
    file's name; without ids, those of many videos are their numbers, after the file's name unless
    the file is `alone`.

    Raises ArtefactError or RecordError for anything else, before the first video.
    """
    if isinstance(path, FeatureFiles):
        as_in_training = path.is_row and kinds.is_raw(np.dtype("f4"))
        read = read_array if as_in_training else _sole
        arrays = {name: read(file, name) for name, file in path.paths.items()}
        yield _joined(path.id, arrays, kinds, path.where)
        return
    if path.suffix.lower() not in (".npy", ".npz"):
        arrays = one_by_feature(path, kinds)
        yield _joined(path.stem, arrays, kinds, str(path))
        return
    arrays = _open(path)
    if isinstance(arrays, np.ndarray):
        arrays = {"frames": arrays}
    names = list(arrays)
    if names and set(names) <= set(kinds.schema.features):
        found = {name: _array(arrays, name, path) for name in names}
        yield _joined(path.stem, found, kinds, str(path))
        return
    if "frames" in names:
        found = {name: _array(arrays, name, path) for name in names}
        yield from _many(found, kinds, path, path.stem, alone)
        return
    if not names or set(names) & set(NAMES):
        raise ArtefactError(
            f"{path}: holds {', '.join(names) or 'nothing'}, but no `frames`; expected frames and "
            "at most num_frames and ids, or one array for each video, or for each feature"
        )
    for name in names:
        found = {"frames": _array(arrays, name, path)}
        yield from _many(found, kinds, f"{path}, {name}", name, alone and len(names) == 1)


def _joined(id: str, arrays: Mapping[str, np.ndarray], kinds: ArrayKinds, where: str) -> ArrayVideo:
    """One video of an array per feature."""
    frames, is_raw = by_feature(arrays, kinds, where)
    absent = tuple(name for name in kinds.schema.features if name not in arrays)
    return ArrayVideo(id, frames, where, is_raw, absent)


def _sole(location: str, feature: str) -> np.ndarray:
    """The array of a feature in a file of its own."""
    path = Path(location)
    if path.suffix.lower() not in (".npy", ".npz"):
        return read_array(location, feature)
    arrays = _open(path)
    if isinstance(arrays, np.ndarray):
        return arrays
    names = list(arrays)
    name = feature if feature in names else names[0] if len(names) == 1 else ""
    if not name:
        raise ArtefactError(f"{path}: holds {listed(names)}; expected an array {feature!r}")
    return _array(arrays, name, path)


def _open(path: Path) -> np.ndarray | Mapping[str, np.ndarray]:
    try:
        check_regular(path)
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # NumPy raises various types
        raise ArtefactError(_unreadable(path, error)) from None


def _array(arrays: Mapping[str, np.ndarray], name: str, path: Path) -> np.ndarray:
    try:
        found = arrays[name]
    except Exception as error:  # as above
        raise ArtefactError(_unreadable(f"{path}, {name}", error)) from None
    if not isinstance(found, np.ndarray):
        raise ArtefactError(f"{path}, {name}: is not an array; expected an .npy")
    return found


def _unreadable(where: str | Path, error: Exception) -> str:
    if "object" in str(error).lower():
        return (
            f"{where}: contains Python objects; save ids as text, np.array(ids, str), and videos "
            "of different lengths as one array each, or padded with num_frames"
        )
    return f"{where}: cannot be read as arrays ({error_line(error)})"


def _many(
    arrays: Mapping[str, np.ndarray], kinds: ArrayKinds, where: str | Path, name: str, alone: bool
) -> Iterator[ArrayVideo]:
    """The videos of one array of frames. name: id of a single video without ids."""
    if unknown := set(arrays) - set(NAMES):
        raise ArtefactError(
            f"{where}: holds {', '.join(sorted(unknown))} beside frames; expected at most "
            "num_frames and ids"
        )
    is_raw = kinds.is_raw(arrays["frames"].dtype)
    frames, one = _frames(arrays["frames"], kinds, is_raw, where)
    num_frames = _num_frames(arrays.get("num_frames"), frames, where)
    if "ids" in arrays:
        ids = _ids(np.atleast_1d(arrays["ids"]), len(frames), where)
    elif one:
        ids = [name]
    else:
        ids = [str(i) if alone else f"{name}-{i}" for i in range(len(frames))]
    for row, id in enumerate(ids):
        place = f"{where}, video {row} ({id!r})"
        yield ArrayVideo(id, frames[row, : num_frames[row]], place, is_raw)


def _frames(
    frames: np.ndarray, kinds: ArrayKinds, is_raw: bool, where: str | Path
) -> tuple[np.ndarray, bool]:
    """Frames [N, T, F], and whether it is one video's array."""
    schema = kinds.expected(is_raw)
    found, size = list(frames.shape), schema.feature_size
    one = frames.ndim == (2 if schema.layout == "frame" else 1)
    if one:
        frames = frames[None]
    if frames.ndim == 2 and schema.layout == "video":
        frames = frames[:, None]
    if frames.ndim != 3 or frames.shape[2] != size or 0 in frames.shape:
        made = " + ".join(f"{name} {n}" for name, n in schema.features.items())
        single = f"[frames, {size}]" if schema.layout == "frame" else f"[{size}]"
        raise ArtefactError(
            f"{where}: frames are {frames.dtype} {found}; expected [videos, frames, {size}], or "
            f"{single} of one video, without an empty side ({made})"
            f"{kinds.hint(is_raw, found[-1] if found else None)}"
        )
    return frames, one


def _num_frames(given: np.ndarray | None, frames: np.ndarray, where: str | Path) -> np.ndarray:
    videos, longest, _ = frames.shape
    if given is None:
        return np.full(videos, longest)
    given = np.atleast_1d(given)
    if given.shape != (videos,) or given.dtype.kind not in "iu":
        raise ArtefactError(
            f"{where}: num_frames are {given.dtype} {list(given.shape)}; expected {videos} "
            "whole numbers"
        )
    wrong = (given < 1) | (given > longest)
    if wrong.any():
        video = int(wrong.argmax())
        raise ArtefactError(
            f"{where}: video {video} has {given[video]} frames; expected 1 to {longest}"
        )
    return given


def _ids(ids: np.ndarray, videos: int, where: str | Path) -> list[str]:
    """Ids as text, from text, bytes (UTF-8) or whole numbers."""
    if ids.shape != (videos,):
        raise ArtefactError(
            f"{where}: ids have shape {list(ids.shape)}; expected one for each of {videos} videos"
        )
    if ids.dtype.kind == "S":
        return [_text(id, row, where) for row, id in enumerate(ids.tolist())]
    if ids.dtype.kind not in "Uiu":
        raise ArtefactError(
            f"{where}: ids are {ids.dtype}; expected text, bytes or whole numbers, such as "
            "np.array(ids, str)"
        )
    return [str(id) for id in ids.tolist()]


def _text(id: bytes, row: int, where: str | Path) -> str:
    try:
        return id.decode()
    except UnicodeDecodeError:
        raise ArtefactError(
            f"{where}: id {row} is {id!r}, which is not valid UTF-8; save ids as "
            "text, np.array(ids, str)"
        ) from None
