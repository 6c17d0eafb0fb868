"""Graphs: everything that predicts, with one interface: `frames, num_frames -> predictions`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.artefacts import ENSEMBLE, GRAPH
from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError, TensorFlowError
from yt8m.protocols import Predict
from yt8m.runtime.devices import import_tensorflow
from yt8m.serving.contents import read_whole_ensemble
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.member import Member, load_member
from yt8m.serving.saved_graph import load_saved_graph


@dataclass(frozen=True)
class Graph:
    """A compiled predictor.

    fingerprint: digest of everything that its predictions depend on, including the exported code.
    function: computes the predictions.
    teacher: the digest without the exported code, by which students identify their teacher.
    """

    name: str
    schema: Schema
    fingerprint: str
    function: Predict
    teacher: str

    def predict(self, batch: Batch) -> np.ndarray:
        """Probabilities, float32 [B, C]; frames past `num_frames` are ignored.

        Frames are bytes (uint8) as in records, or dequantised float32 (`data/value_ranges.py`), not
        scaled to unit length.
        Raises ArtefactError for frames of another type or shape, and if TensorFlow fails.
        """
        frames, expected = batch.frames, self.schema.feature_size
        known = frames.dtype in (np.uint8, np.float32) and frames.shape[2:] == (expected,)
        if not known or (frames.shape[0] and not frames.shape[1]):
            raise ArtefactError(
                f"{self.name}: frames are {frames.dtype} {frames.shape}; expected uint8 or float32 "
                f"[videos, frames (1 or more), {expected}]"
            )
        try:
            return self.function(frames, batch.num_frames)
        except TensorFlowError as error:
            raise ArtefactError(
                f"{self.name}: cannot predict ({error}); the graph is damaged, or memory is "
                "insufficient: make it again, or lower the batch size"
            ) from error


def load_graph(path: Path) -> Graph:
    """A model at a stage (a folder with weights) or an ensemble (a folder with a graph).

    Only a model needs TensorFlow's Python; so does any graph where there is a GPU to use.
    Raises ArtefactError if it is neither, or damaged, or has weights that are not finite.
    """
    path = Path(path)
    if (path / ENSEMBLE).exists():
        described = read_whole_ensemble(path)
        name, schema = described["name"], Schema.from_json(described["schema"])
        found = fingerprint(described)
        function = load_saved_graph(path / GRAPH, described)
        return Graph(name, schema, found["digest"], function, found["teacher"])
    member = load_member(path)
    return Graph(member.name, member.schema, member.digest, _of_model(member), member.digest)


def _of_model(member: Member) -> Predict:
    import_tensorflow()
    from yt8m.serving.tensor_functions import mean_predictor

    return mean_predictor([member], [1.0])
