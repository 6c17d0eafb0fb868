"""Keras and ONNX Runtime with the weights of a graph of ours, which they must agree with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.peers import keras_models, onnx_models
from benchmarks.race import Peer
from yt8m.data.manifest import Manifest

TOLERANCE = 1e-4
"""Of probabilities, on the videos of an `Example`."""

ONNX = ("onnx", "onnxruntime", "tf2onnx")


@dataclass(frozen=True)
class Example:
    """What peers begin with. weights: of ours, as `weights_of` orders them.

    frames: uint8 [B, T, F]. predictions: what ours predicts for them, float32 [B, C].
    """

    weights: list[np.ndarray]
    frames: np.ndarray
    predictions: np.ndarray

    def write(self, path: Path) -> None:
        """As a .npz file."""
        named = {f"weight{number:03}": each for number, each in enumerate(self.weights)}
        np.savez(path, frames=self.frames, predictions=self.predictions, **named)

    @classmethod
    def read(cls, path: Path) -> "Example":
        """From a file that `write` made."""
        with np.load(path) as found:
            weights = [found[name] for name in sorted(found) if name.startswith("weight")]
            return cls(weights, found["frames"], found["predictions"])


PREDICTORS: dict[str, Callable] = {
    "Keras, jit_compile": lambda model: keras_models.KerasPredictor(model, jit=True),
    "Keras, compiled": lambda model: keras_models.KerasPredictor(model, jit=False),
    "ONNX Runtime": lambda model: onnx_models.OnnxPredictor(onnx_models.converted(model)),
    "ONNX Runtime, its LSTM": lambda model: onnx_models.OnnxPredictor(onnx_models.bilstm(model)),
}
"""From a Keras model to a function from frames uint8 [B, T, F] to probabilities [B, C]."""


@dataclass
class Predictor:
    """One of `PREDICTORS`. build: makes the Keras model. example: path of an `Example`.

    Raises ValueError when it is first used if its predictions are not those of the example.
    """

    name: str
    build: Callable
    example: Path

    @cached_property
    def predict(self) -> Callable[[np.ndarray], np.ndarray]:
        """Made on first use, in the process that calls it."""
        example = Example.read(self.example)
        predict = PREDICTORS[self.name](keras_models.built(self.build, example.weights))
        difference = np.abs(predict(example.frames) - example.predictions).max()
        if not difference <= TOLERANCE:
            raise ValueError(f"{self.name}: predictions differ from ours by {difference:.2g}")
        return predict

    def __call__(self, frames: np.ndarray, num_frames: np.ndarray | None = None) -> np.ndarray:
        """Probabilities, float32 [B, C]; all frames count."""
        return self.predict(frames)


@dataclass
class Work:
    """What a command of ours does, by others' means: `predict`, `evaluate` or `distil`."""

    predictor: Predictor
    what: str
    manifest: Manifest
    batch_size: int
    keep: int
    out: Path

    def __call__(self) -> int:
        """Do it once; returns the number of videos. Predictions of `predict` are not written."""
        from benchmarks.peers.reading import Parser, in_order
        from benchmarks.peers.soft_labels import write_compact

        schema = self.manifest.schema
        paths = [str(shard.path) for shard in self.manifest.shards]
        parser = Parser(schema.features, schema.classes)
        if self.what == "distil":
            write_compact(paths, parser, self.batch_size, self.predictor, self.out, self.keep)
            return self.manifest.records
        batches = (parsed for _, parsed in in_order(paths, parser, self.batch_size))
        found = ((self.predictor(b[1].numpy()), b[3].numpy()) for b in batches)
        return _evaluated(found, schema.classes) if self.what == "evaluate" else _counted(found)


def peers(
    names: Sequence[str], build: Callable, example: Path, what: str, manifest: Manifest, **settings
) -> dict[str, Peer]:
    """`Work` by each of these `PREDICTORS`. settings: the rest of `Work`'s."""
    return {
        name: Peer(
            Work(Predictor(name, build, example), what, manifest, **settings),
            ONNX if "ONNX" in name else (),
        )
        for name in names
    }


def _evaluated(found, classes: int) -> int:
    from benchmarks.peers.metrics import Evaluation

    evaluation, videos = Evaluation(classes), 0
    for predictions, labels in found:
        evaluation.add(predictions, labels)
        videos += len(labels)
    evaluation.result()
    return videos


def _counted(found) -> int:
    return sum(len(predictions) for predictions, _ in found)
