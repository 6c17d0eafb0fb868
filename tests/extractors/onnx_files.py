"""Small networks as files of ONNX; made without TensorFlow, whose import takes long."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def onnx_file(path: Path, shape: list, axes: list[int], width: int, kind=TensorProto.FLOAT) -> Path:
    """A network that averages its input over `axes` and multiplies by a matrix [k, width].

    k is the length of the axis that is left.
    """
    (left,) = [n for n in range(1 if len(shape) > 1 else 0, len(shape)) if n not in axes]
    matrix = np.random.default_rng(0).normal(size=(shape[left], width)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["in"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["mean"], keepdims=0)
        if axes
        else helper.make_node("Identity", ["floats"], ["mean"]),
        helper.make_node("MatMul", ["mean", "matrix"], ["out"]),
    ]
    constants = [numpy_helper.from_array(matrix, "matrix")]
    if axes:
        constants.append(numpy_helper.from_array(np.array(axes, np.int64), "axes"))
    rows = shape[:1] if len(shape) > 1 else []
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("in", kind, shape)],
        [
            helper.make_tensor_value_info("out", TensorProto.FLOAT, [*rows, width]),
            helper.make_tensor_value_info("mean", TensorProto.FLOAT, None),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(path))
    return path
