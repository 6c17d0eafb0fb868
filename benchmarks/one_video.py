"""One video at once: in a process that is ready, and in one that has yet to start."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.graphs import write_graph
from benchmarks.prediction import CHECKED, ENTRIES, KERAS, NAMES, VLAD, write_example
from benchmarks.prediction_peers import ONNX, Example, Predictor
from benchmarks.race import Peer, Race
from benchmarks.videos import FRAMES, write_videos

CALLS = 20


def races(folder: Path, scale: float) -> Iterator[Race]:
    """A NetVLAD's predictions of one video: again and again, and from the start of a process.

    The latter by the archive of an ensemble as a run makes it, with codes of 8 bits; the others
    have float32 weights in files that are not compressed, and check nothing.
    """
    from yt8m.data.schema import Schema

    manifest = write_videos(folder, CHECKED, Schema(max_frames=FRAMES))
    build, example, calls = KERAS[VLAD], folder / "example.npz", max(1, round(CALLS * scale))
    graph = write_graph(ENTRIES[VLAD], manifest.schema, folder)
    write_example(ENTRIES[VLAD], manifest, graph, example)
    encoded = write_graph(ENTRIES[VLAD], manifest.schema, folder / "archived", encoded=True)

    def peer(name: str) -> Peer:
        predict = Predictor(name, build, example)
        return Peer(Again(predict, example, calls), ONNX if "ONNX" in name else ())

    yield Race(
        f"One video at once: {VLAD}",
        "videos",
        ours=Again(OurGraph(graph), example, calls),
        plain=Again(PlainModel(build), example, calls),
        peers={name: peer(name) for name in NAMES[VLAD]},
    )
    yield Race(
        f"From the start of a process to the predictions of a video: {VLAD}",
        "starts",
        ours=Start(("-m", "yt8m", "predict", *_our_files(encoded, example, folder))),
        plain=Start(("-c", WITH_TENSORFLOW, str(graph / "graph"), str(example))),
        peers={
            "ONNX Runtime": Peer(
                Start(("-c", WITH_ONNX, *_onnx_files(build, example, folder))), ONNX
            )
        },
    )


WITH_TENSORFLOW = """
import sys
import numpy as np
import tensorflow as tf
graph, frames = tf.saved_model.load(sys.argv[1]), np.load(sys.argv[2])["frames"][:1]
predict = graph.signatures["serving_default"]
predict(frames=tf.constant(frames), num_frames=tf.constant([frames.shape[1]], tf.int32))
"""
WITH_ONNX = """
import sys
import numpy as np
import onnxruntime
session, frames = onnxruntime.InferenceSession(sys.argv[1]), np.load(sys.argv[2])["frames"][:1]
session.run(None, {session.get_inputs()[0].name: frames})
"""


@dataclass
class OurGraph:
    """A graph of ours as a function of frames, uint8 [B, T, F]. place: its folder."""

    place: Path

    @cached_property
    def _graph(self):
        from yt8m.serving.graph import load_graph

        return load_graph(self.place)

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        """Its predictions, float32 [B, C]."""
        return self._graph.function(frames, np.full(len(frames), frames.shape[1], np.int32))


@dataclass
class PlainModel:
    """A Keras model that is not compiled, as a function of frames, uint8 [B, T, F]."""

    build: Callable

    @cached_property
    def _model(self):
        return self.build()

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        """Its predictions, float32 [B, C], with fresh weights."""
        return self._model(frames * np.float32(4 / 255) + np.float32(4 / 512 - 2)).numpy()


@dataclass
class Again:
    """The first video of an example, so many times. predict: from frames to predictions."""

    predict: Callable[[np.ndarray], np.ndarray]
    example: Path
    calls: int

    @cached_property
    def _frames(self) -> np.ndarray:
        return Example.read(self.example).frames[:1]

    def __call__(self) -> int:
        """Predict it so many times; returns how many."""
        for _ in range(self.calls):
            self.predict(self._frames)
        return self.calls


@dataclass(frozen=True)
class Start:
    """A new Python that predicts a video. arguments: of Python."""

    arguments: tuple[str, ...]

    def __call__(self) -> int:
        """Run it to its end."""
        subprocess.run([sys.executable, *self.arguments], check=True, capture_output=True)
        return 1


def _our_files(graph: Path, example: Path, folder: Path) -> tuple[str, ...]:
    """The archive, the video as an array, and the file to write."""
    from yt8m.serving.archive import write_archive

    write_archive(graph, folder / "archive.tar.gz")
    np.save(folder / "video.npy", Example.read(example).frames[0])
    names = ("archive.tar.gz", "video.npy")
    return (*(str(folder / name) for name in names), "--out", str(folder / "predictions.csv"))


def _onnx_files(build: Callable, example: Path, folder: Path) -> tuple[str, str]:
    """The model with the example's weights, if it can be converted here, and the example."""
    if all(importlib.util.find_spec(name) for name in ONNX):
        from benchmarks.peers import keras_models, onnx_models

        model = keras_models.built(build, Example.read(example).weights)
        (folder / "model.onnx").write_bytes(onnx_models.converted(model))
    return str(folder / "model.onnx"), str(example)
