"""Smaller weights of ONNX models. Projections stay float32: they are followed by rounding to bytes,
of which others would come out.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

from yt8m.serving.exporting.halves import FEWEST, as_halves
from yt8m.serving.exporting.inputs import PROJECTION


def float16(model: ModelProto) -> ModelProto:
    """Weights as float16 and a conversion to float32 behind each, so computations stay float32.

    onnxruntime converts them once, when it loads the model.
    """
    graph, casts = model.graph, []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        is_large = values.dtype == np.float32 and values.size >= FEWEST
        if is_large and not weight.name.startswith(PROJECTION):
            name, stored = weight.name, f"{weight.name}/float16"
            weight.CopyFrom(numpy_helper.from_array(as_halves(values), stored))
            casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def int8(model: ModelProto) -> ModelProto:
    """Matrices as int8 with a scale each; products in whole numbers, with rounded inputs."""
    with tempfile.TemporaryDirectory(prefix="yt8m-") as place:
        path = Path(place, "model.onnx")
        projection = [n.name for n in model.graph.node if n.name.startswith(PROJECTION)]
        quantize_dynamic(model, path, nodes_to_exclude=projection)
        return onnx.load(path)


SMALLER = {"float16": float16, "int8": int8}
"""Conversions by the option `--weights`."""
