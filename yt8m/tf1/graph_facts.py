"""Facts that are in a stored graph (`.meta`) but not in variables. The graph is never run."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

from yt8m.errors import ArtefactError

DECODING = {"Identity", "Cast", "Gather", "GatherV2"}
"""Operations between a variable, or the parts of its encoded form, and the users of its value."""


@dataclass(frozen=True)
class GraphFacts:
    """Facts in the nodes of a graph; none without a graph.

    nodes: name -> node of the graph.
    """

    nodes: dict[str, Any] = field(default_factory=dict, repr=False)

    def member_weights(self) -> dict[int, float]:
        """Of an ensemble: index of a member -> the constant factor of its predictions."""
        found = {}
        for node in self.nodes.values():
            if node.op == "Mul" and "/" not in node.name and len(node.input) == 2:
                member = re.match(r"model_(\d+)/", node.input[0])
                weight = self._constant(node.input[1])
                if member and weight is not None:
                    found[int(member[1])] = weight
        return found

    def settings(self, scope: str) -> dict[str, Any]:
        """Settings of the model whose names begin with `scope`, by the keys of `unset_flags`."""
        inside = self._inside(scope)
        if not inside:
            return {}
        ops = {node.op for node in inside}
        found: dict[str, Any] = {"gating_remove_diagonal": any("DiagPart" in op for op in ops)}
        if ops & {"Max", "Mean"}:
            found["pooling"] = "max" if "Max" in ops else "average"
        scales = [self._constant(n.name) for n in inside if n.name.endswith("_regularizer/scale")]
        if scales:
            found["l2"] = scales[0]
        if factors := self._times(f"{scope}tower/video_FV/cluster_weights", inside):
            found["coupling_factor"] = factors[0]
        if gated := self._factors(f"{scope}tower/gating_prob_weights", inside):
            classified = self._factors(f"{scope}tower/experts/weights", inside)
            found["gated_by"] = "activations" if gated & classified else "probabilities"
        return found

    def chances(self, scope: str) -> list[str]:
        """What is random at inference in the model whose names begin with `scope`."""
        inside = self._inside(scope)
        ops = {node.op for node in inside}
        if any("/gradients/" in node.name for node in inside):
            return []  # this is a training graph: that for inference may sample differently
        found = []
        if "GatherNd" in ops and "LogicalNot" not in ops:
            found.append("sampled frames at random (no sample_all); here all frames are used")
        if "TopKV2" in ops:
            found.append("shuffled frames (frame_shuffle); here they keep their order")
        return found

    def _inside(self, scope: str) -> list[Any]:
        return [n for name, n in self.nodes.items() if name.startswith(f"{scope}tower/")]

    def _factors(self, variable: str, inside: list[Any]) -> set[str]:
        """The nodes that are matrix-multiplied by a variable."""
        products = [node.input for node in inside if node.op == "MatMul" and len(node.input) == 2]
        return {left for left, right in products if self._variable(right) == variable}

    def _times(self, variable: str, inside: list[Any]) -> list[float]:
        """The constant factors of a variable."""
        products = [node.input for node in inside if node.op == "Mul"]
        used = [pair for pair in products if variable in map(self._variable, pair)]
        constants = [self._constant(name) for pair in used for name in pair]
        return [constant for constant in constants if constant is not None]

    def _variable(self, name: str) -> str:
        """The variable that a node passes on, decoded or not; for other nodes, any name."""
        for _ in range(4):  # read, looked up, cast
            node = self.nodes.get(name)
            if node and node.op in DECODING and node.input:
                name = node.input[0]
        return name.removesuffix("_space").removesuffix("float16")

    def _constant(self, name: str) -> float | None:
        """The float32 scalar of a node, in its shortest form; None for other nodes."""
        node = self.nodes.get(name)
        values = node.attr["value"].tensor.float_val if node and node.op == "Const" else ()
        return float(str(np.float32(values[0]))) if len(values) == 1 else None


def read_graph_facts(checkpoint: Path) -> GraphFacts:
    """The facts in the graph next to a checkpoint; none without a graph.

    Raises ArtefactError for a file that is not a graph.
    """
    path = checkpoint.with_name(f"{checkpoint.name}.meta")
    if not path.exists():
        return GraphFacts()
    graph = MetaGraphDef()
    try:
        graph.ParseFromString(path.read_bytes())
    except DecodeError as error:
        raise ArtefactError(
            f"{path}: is not a TensorFlow graph ({error}); copy it again, or delete it and give "
            "its facts as options"
        ) from None
    return GraphFacts({node.name: node for node in graph.graph_def.node})
