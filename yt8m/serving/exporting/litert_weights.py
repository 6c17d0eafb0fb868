"""Weights of LiteRT models as float16, and projections as float32.

Projections are followed by rounding to bytes, of which others would come out with fewer bits.
TensorFlow's converter can do float16 too, but also to constants such as 1e-12, which becomes 0: a
model that divides by at least so much predicts NaN.
"""

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema_fb

from yt8m.serving.exporting.halves import FEWEST, as_halves
from yt8m.serving.exporting.inputs import PROJECTION

EMPTY = 0
"""Buffer of all tensors without data."""

HALVES_SINCE = 3
"""Version of DEQUANTIZE from which it reads float16."""


def as_float16(model: schema_fb.ModelT) -> None:
    """Change large weights to float16, with a conversion to float32 behind each."""
    code = len(model.operatorCodes)
    model.operatorCodes.append(_dequantize())
    halves: dict[int, int] = {}  # by the buffer of the same values as float32
    for graph in model.subgraphs:
        found = [tensor for tensor in graph.tensors if _is_large(model, tensor)]
        graph.operators[:0] = [_converted(model, graph, each, halves, code) for each in found]
    used = {tensor.buffer for graph in model.subgraphs for tensor in graph.tensors}
    for buffer in halves.keys() - used:
        model.buffers[buffer].data = None


def with_projections_of(model: schema_fb.ModelT, original: schema_fb.ModelT) -> None:
    """Replace the int8 matrices of projections by those of the same model with float32."""
    floats = {
        tensor.name: original.buffers[tensor.buffer].data
        for tensor in original.subgraphs[0].tensors
        if _is_of_projection(tensor)
    }
    for tensor in model.subgraphs[0].tensors:
        if _is_of_projection(tensor) and tensor.type == schema_fb.TensorType.INT8:
            model.buffers[tensor.buffer].data = floats[tensor.name]
            tensor.type, tensor.quantization = schema_fb.TensorType.FLOAT32, None


def _is_of_projection(tensor: schema_fb.TensorT) -> bool:
    return tensor.name.startswith(PROJECTION.encode())


def _dequantize() -> schema_fb.OperatorCodeT:
    code = schema_fb.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema_fb.BuiltinOperator.DEQUANTIZE
    code.version = HALVES_SINCE
    return code


def _is_large(model: schema_fb.ModelT, tensor: schema_fb.TensorT) -> bool:
    data = model.buffers[tensor.buffer].data
    is_weight = tensor.type == schema_fb.TensorType.FLOAT32 and not _is_of_projection(tensor)
    return is_weight and data is not None and len(data) >= 4 * FEWEST


def _converted(
    model: schema_fb.ModelT,
    graph: schema_fb.SubGraphT,
    tensor: schema_fb.TensorT,
    halves: dict[int, int],
    code: int,
) -> schema_fb.OperatorT:
    """The operator that makes a tensor, from now on without data, of its values as float16."""
    if tensor.buffer not in halves:
        halves[tensor.buffer] = len(model.buffers)
        model.buffers.append(_halved(model.buffers[tensor.buffer]))
    stored = schema_fb.TensorT()
    stored.shape, stored.type = tensor.shape, schema_fb.TensorType.FLOAT16
    stored.name, stored.buffer = tensor.name + b"/float16", halves[tensor.buffer]
    tensor.buffer = EMPTY
    graph.tensors.append(stored)
    operator = schema_fb.OperatorT()
    operator.opcodeIndex = code
    operator.inputs = [len(graph.tensors) - 1]
    operator.outputs = [next(i for i, each in enumerate(graph.tensors) if each is tensor)]
    operator.builtinOptionsType = schema_fb.BuiltinOptions.DequantizeOptions
    operator.builtinOptions = schema_fb.DequantizeOptionsT()
    return operator


def _halved(buffer: schema_fb.BufferT) -> schema_fb.BufferT:
    values = np.asarray(buffer.data, np.uint8).view("<f4")
    made = schema_fb.BufferT()
    made.data = as_halves(values).view(np.uint8)
    return made
