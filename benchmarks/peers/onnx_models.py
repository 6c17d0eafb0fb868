"""The same models in ONNX Runtime: converted from Keras, or written operator by operator."""

from collections.abc import Callable

import keras
import numpy as np

from benchmarks.peers.keras_models import of_bytes

OPSET = 18
LARGEST = 1e-12


class OnnxPredictor:
    """A session of ONNX Runtime with its own settings. content: the model."""

    def __init__(self, content: bytes):
        import onnxruntime

        self.session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        """From uint8 [B, T, F] to float32 [B, C]."""
        return self.session.run(None, {self.input: frames})[0]


def converted(model: keras.Model) -> bytes:
    """A Keras model of float frames as an ONNX model of bytes, by tf2onnx."""
    import tensorflow as tf
    import tf2onnx

    whole = of_bytes(model)
    signature = [tf.TensorSpec((None, None, model.input_shape[-1]), tf.uint8, name="frames")]
    call = tf.function(lambda frames: whole(frames, training=False), input_signature=signature)
    found, _ = tf2onnx.convert.from_function(call, signature, opset=OPSET)
    return found.SerializeToString()


def bilstm(model: keras.Model) -> bytes:
    """`baselines.models.bilstm` by ONNX's operator for LSTMs, which the conversion does not use."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    forward, backward, upper, last = _layers(model)
    cells, classes = upper[1].shape[0], last[0].shape[1]
    stored = {
        **_lstm("both", forward, backward),
        **_lstm("upper", upper),
        "kernel": last[0],
        "bias": last[1],
        "step": np.float32(4 / 255),
        "first": np.float32(4 / 512 - 2),
        "least": np.float32(LARGEST),
        "axis": np.array([2]),
        "joined": np.array([0, 0, -1]),
    }
    node = helper.make_node
    nodes = [
        node("Cast", ["frames"], ["numbers"], to=TensorProto.FLOAT),
        node("Mul", ["numbers", "step"], ["scaled"]),
        node("Add", ["scaled", "first"], ["values"]),
        node("ReduceL2", ["values", "axis"], ["length"], keepdims=1),
        node("Max", ["length", "least"], ["divisor"]),
        node("Div", ["values", "divisor"], ["unit"]),
        node("Transpose", ["unit"], ["time_first"], perm=[1, 0, 2]),
        *_nodes("both", "time_first", "bidirectional", cells // 2),
        node("Transpose", ["both_all"], ["pairs"], perm=[0, 2, 1, 3]),
        node("Reshape", ["pairs", "joined"], ["sequence"]),
        *_nodes("upper", "sequence", "forward", cells),
        node("Squeeze", ["upper_memory", "zero"], ["memory"]),
        node("Gemm", ["memory", "kernel", "bias"], ["logits"]),
        node("Sigmoid", ["logits"], ["predictions"]),
    ]
    stored["zero"] = np.array([0])
    graph = helper.make_graph(
        nodes,
        "bilstm",
        [helper.make_tensor_value_info("frames", TensorProto.UINT8, ["B", "T", "F"])],
        [helper.make_tensor_value_info("predictions", TensorProto.FLOAT, ["B", classes])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in stored.items()],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    found = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(found)
    return found.SerializeToString()


def _layers(model: keras.Model) -> list[list[np.ndarray]]:
    """Kernel, recurrent kernel and bias of the three LSTMs; kernel and bias of the classifier."""
    (both,) = (layer for layer in model.layers if isinstance(layer, keras.layers.Bidirectional))
    (upper,) = (layer for layer in model.layers if isinstance(layer, keras.layers.LSTM))
    layers = (both.forward_layer, both.backward_layer, upper, model.layers[-1])
    return [layer.get_weights() for layer in layers]


def _lstm(name: str, *directions: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Weights in ONNX's layout: gates in the order i, o, f, c instead of Keras' i, f, c, o."""

    def stacked(part: Callable[[list[np.ndarray]], np.ndarray]) -> np.ndarray:
        def ordered(array: np.ndarray) -> np.ndarray:
            i, f, c, o = np.split(array, 4, axis=-1)
            return np.concatenate([i, o, f, c], axis=-1)

        return np.stack([ordered(part(weights)).T for weights in directions])

    bias = stacked(lambda weights: weights[2])
    return {
        f"{name}_w": stacked(lambda weights: weights[0]),
        f"{name}_r": stacked(lambda weights: weights[1]),
        f"{name}_b": np.concatenate([bias, np.zeros_like(bias)], axis=1),
    }


def _nodes(name: str, source: str, direction: str, cells: int):
    from onnx import helper

    inputs = [source, f"{name}_w", f"{name}_r", f"{name}_b"]
    outputs = [f"{name}_all", f"{name}_last", f"{name}_memory"]
    yield helper.make_node("LSTM", inputs, outputs, hidden_size=cells, direction=direction)
