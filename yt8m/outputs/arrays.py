"""Predictions of videos that lie in NumPy's files instead of records."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.outputs.predictions import PredictionWriter
from yt8m.serving.graph import Graph

NAMES = ("frames", "num_frames", "ids")


def predict_arrays(graph: Graph, path: Path, batch_size: int, top_k: int, out: Path) -> None:
    """Write the best `top_k` classes of every video in a file of arrays as `out` (Parquet).

    path: an .npy of frames, or an .npz with `frames`, and `num_frames` and `ids` if there are any.
    Frames are uint8 [N, T, F], or float32 [N, T, F] that are dequantised already and not yet of
    unit length; all T of them count where `num_frames` is missing. Ids are numbers where missing.
    Raises ArtefactError for arrays that do not fit, or predictions that are not finite.
    """
    frames, num_frames, ids = _checked(_read(path), graph, path)
    labels = np.zeros((0, graph.schema.classes), bool)
    with PredictionWriter(out, top_k, graph.schema.classes) as writer:
        for first in range(0, len(frames), batch_size):
            rows = slice(first, first + batch_size)
            part = np.ascontiguousarray(frames[rows])
            predictions = graph.predict(Batch(ids[rows], part, num_frames[rows], labels))
            writer.write(ids[rows], predictions)


def _read(path: Path) -> Mapping[str, np.ndarray]:
    try:
        check_regular(path)
        found = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(found, np.ndarray):
            return {"frames": found}
        with found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ArtefactError(f"{path}: cannot be read as arrays ({error})") from None


def _checked(arrays: Mapping[str, np.ndarray], graph: Graph, path: Path):
    """Frames [N, T, F], num_frames int32 [N] and N ids."""
    if "frames" not in arrays or set(arrays) - set(NAMES):
        raise ArtefactError(f"{path}: holds {sorted(arrays)}; expected frames and at most {NAMES}")
    frames, size = arrays["frames"], graph.schema.feature_size
    if frames.dtype not in (np.uint8, np.float32) or frames.ndim != 3 or frames.shape[2] != size:
        raise ArtefactError(
            f"{path}: frames are {frames.dtype} {list(frames.shape)}; {graph.name} reads uint8 or "
            f"float32 [videos, frames, {size}]"
        )
    videos, longest, _ = frames.shape
    num_frames = arrays.get("num_frames", np.full(videos, longest))
    if num_frames.shape != (videos,) or num_frames.dtype.kind not in "iu":
        raise ArtefactError(
            f"{path}: num_frames are {num_frames.dtype} {list(num_frames.shape)}; "
            f"expected {videos} whole numbers"
        )
    wrong = (num_frames < 0) | (num_frames > longest)
    if wrong.any():
        video = int(wrong.argmax())
        raise ArtefactError(
            f"{path}: video {video} has {num_frames[video]} frames; from 0 to {longest}"
        )
    ids = [str(id) for id in arrays.get("ids", np.arange(videos))]
    if len(ids) != videos:
        raise ArtefactError(f"{path}: {len(ids)} ids for {videos} videos")
    return frames, num_frames.astype(np.int32), ids
