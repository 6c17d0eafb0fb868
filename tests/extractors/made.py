"""A recipe of each kind, with small files of weights where it needs some."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.extractors.onnx_files import onnx_file
from yt8m.extractors.images import (
    efficientnet_lite0,
    inception2015,
    keras_application,
    saved_model,
)
from yt8m.extractors.images import onnx as onnx_images
from yt8m.extractors.networks import vggish as vggish_network
from yt8m.extractors.sounds import log_mel, speech_embedding, vggish
from yt8m.extractors.sounds import onnx as onnx_sounds

RANDOM = np.random.default_rng


def saved_model_folder(path: Path, dtype: str = "float32") -> Path:
    """Means of the pictures' channels, times a matrix [3, 5]; and the means themselves."""

    class Network(tf.Module):
        def __init__(self):
            self.matrix = tf.Variable(RANDOM(0).normal(size=(3, 5)).astype(np.float32))

        @tf.function(input_signature=[tf.TensorSpec([None, 8, 10, 3], dtype)])
        def __call__(self, pictures):
            means = tf.reduce_mean(tf.cast(pictures, "float32"), axis=(1, 2))
            return {"vector": means @ self.matrix, "means": means}

    network = Network()
    tf.saved_model.save(network, str(path))
    return path


def inception_graph(path: Path) -> Path:
    """Google's names: a picture of any size in, 2,048 sums over its quarters out."""
    matrix = RANDOM(0).normal(size=(12, 2048)).astype(np.float32)
    with tf.Graph().as_default() as graph:
        content = tf.compat.v1.placeholder(tf.string, name="DecodeJpeg/contents")
        picture = tf.image.decode_jpeg(content, channels=3, name="DecodeJpeg")
        batch = tf.expand_dims(tf.cast(picture, tf.float32), 0)
        small = tf.compat.v1.image.resize_bilinear(batch, (2, 2))
        flat = (tf.reshape(small, (1, 12)) - 128) / 128
        tf.reshape(flat @ matrix, (1, 2048), name="pool_3/_reshape")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def pca_folder(path: Path) -> Path:
    """mean.npy [2048, 1], eigenvals.npy [2048, 1], eigenvecs.npy [2048, 2048], as Google's."""
    path.mkdir()
    random = RANDOM(1)
    np.save(path / "mean.npy", random.normal(size=(2048, 1)).astype(np.float32))
    np.save(path / "eigenvals.npy", random.uniform(0, 3, size=(2048, 1)).astype(np.float32))
    np.save(path / "eigenvecs.npy", random.normal(size=(2048, 2048)).astype(np.float32))
    return path


def vggish_weights(width: int = 16) -> dict[str, np.ndarray]:
    """Random weights with VGGish's names, for fewer channels."""
    random, found, inputs = RANDOM(2), {}, 1
    for name in (*vggish_network.CONVOLUTIONS, *vggish_network.DENSE):
        if name == vggish_network.POOL:
            continue
        is_dense = name in vggish_network.DENSE
        outputs = 128 if name == "fc2" else width
        if name == "fc1/fc1_1":
            inputs = 6 * 4 * width  # 96 x 64 spectra, halved four times
        shape = (inputs, outputs) if is_dense else (3, 3, inputs, outputs)
        scale = np.sqrt(2 / np.prod(shape[:-1]))
        found[f"vggish/{name}/weights"] = random.normal(0, scale, shape).astype(np.float32)
        found[f"vggish/{name}/biases"] = random.uniform(0, 0.2, outputs).astype(np.float32)
        inputs = outputs
    return found


def checkpoint(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """A checkpoint as TensorFlow 1 writes it; the path is its prefix."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        variables = [tf.compat.v1.get_variable(n, initializer=v) for n, v in arrays.items()]
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver(variables).save(session, str(path), write_meta_graph=False)
    return path


def vggish_graph(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """The same network as a frozen graph with Google's names, of TensorFlow's own operations."""
    with tf.Graph().as_default() as graph:
        spectra = tf.compat.v1.placeholder(tf.float32, (None, 96, 64), "vggish/input_features")
        found = spectra[..., None]
        for name in vggish_network.CONVOLUTIONS:
            if name == vggish_network.POOL:
                found = tf.nn.max_pool2d(found, 2, 2, "SAME")
            else:
                found = tf.nn.conv2d(found, arrays[f"vggish/{name}/weights"], 1, "SAME")
                found = tf.nn.relu(found + arrays[f"vggish/{name}/biases"])
        found = tf.reshape(found, (-1, arrays["vggish/fc1/fc1_1/weights"].shape[0]))
        for name in vggish_network.DENSE:
            product = tf.matmul(found, arrays[f"vggish/{name}/weights"])
            biases = arrays[f"vggish/{name}/biases"]
            found = tf.nn.bias_add(product, biases, name=f"vggish/{name}/BiasAdd")
            found = tf.nn.relu(found)
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def keras_weights(path: Path) -> Path:
    """Random weights of MobileNet without its top."""
    import keras

    keras.utils.set_random_seed(0)
    shape = (64, 64, 3)
    network = keras.applications.MobileNet(shape, include_top=False, weights=None)
    for layer in network.layers:
        layer.set_weights([5 * w if w.ndim == 4 else w for w in layer.get_weights()])
    network.save_weights(path)
    return path


def _onnx_images(folder):
    path = onnx_file(folder / "network.onnx", [None, 3, 8, 10], [2, 3], 5)
    return onnx_images.Recipe(model=str(path), size=5, resolution=(8, 10))


def _saved_model(folder):
    path = saved_model_folder(folder / "model")
    return saved_model.Recipe(model=str(path), size=5, resolution=(8, 10), output="vector")


def _inception(folder):
    graph, pca = inception_graph(folder / "graph.pb"), pca_folder(folder / "pca")
    return inception2015.Recipe(graph=str(graph), pca=str(pca))


def _keras_application(folder):
    return keras_application.Recipe(
        name="MobileNet",
        weights=str(keras_weights(folder / "mobilenet.weights.h5")),
        size=1024,
        resolution=(64, 64),
    )


IMAGES = {
    "efficientnet_lite0": lambda folder: efficientnet_lite0.Recipe(),
    "inception2015": _inception,
    "keras_application": _keras_application,
    "onnx": _onnx_images,
    "saved_model": _saved_model,
}
"""Kind -> a recipe whose files are made in a folder."""


def _vggish(folder):
    return vggish.Recipe(weights=str(checkpoint(folder / "vggish.ckpt", vggish_weights())))


def _onnx_sounds(folder):
    path = onnx_file(folder / "network.onnx", [None, 16000], [], 7)
    return onnx_sounds.Recipe(model=str(path), size=7)


SOUNDS = {
    "log_mel": lambda folder: log_mel.Recipe(),
    "onnx": _onnx_sounds,
    "speech_embedding": lambda folder: speech_embedding.Recipe(),
    "vggish": _vggish,
}
"""Kind -> a recipe whose files are made in a folder."""
