"""Variables decoded inside a graph, compared with those decoded by numpy."""

import numpy as np
import pytest
import tensorflow as tf

from tests.quantisers import PACKAGE, recipe, variants
from yt8m.compression.encode import encode
from yt8m.compression.storage import Encoded, decode
from yt8m.recipes import kinds
from yt8m.serving.decoding import DECODE
from yt8m.serving.graph_weights import WHEN, StoredWeights

RNG = np.random.default_rng(7)
VARIABLES = {
    "matrix": RNG.standard_normal((19, 13)).astype(np.float32),
    "cube": RNG.standard_normal((3, 4, 5)).astype(np.float32),
    "vector": RNG.standard_normal(75).astype(np.float32),
    "tiny": (RNG.standard_normal((12, 9)) * 1e-41).astype(np.float32),
    "one element": np.float32([-2.5]),
    "scalar": np.array(0.25, np.float32),
    "empty": np.zeros((0, 8), np.float32),
}
VARIANTS = variants()


def assert_alike(stored: dict[str, Encoded], compiled: bool = False):
    for way in WHEN.values():
        weights = way(stored, "test")

        def decoded(weights=weights):
            return {name: weights(name) for name in stored}

        for name, found in (tf.function(decoded) if compiled else decoded)().items():
            assert found.dtype == tf.float32 and found.shape == stored[name].shape, name
            np.testing.assert_array_equal(
                found.numpy().view(np.uint32), decode(stored[name]).view(np.uint32), err_msg=name
            )


@pytest.mark.parametrize("name", VARIANTS)
def test_tensorflow_decodes_to_the_same_bits_as_numpy(name):
    assert_alike({n: encode(n, values, VARIANTS[name]) for n, values in VARIABLES.items()})


@pytest.mark.parametrize(
    "name",
    ["uniform-8-variable-1", "uniform-5-rows-3", "uniform-4-columns-1", "bfloat16", "float16"],
)
def test_a_compiled_graph_decodes_to_the_same_bits_as_numpy(name):
    stored = {n: encode(n, values, VARIANTS[name]) for n, values in VARIABLES.items()}
    assert_alike(stored, compiled=True)


def test_codebooks_of_any_length_are_decoded():
    codes = np.uint8([[0, 2, 1], [1, 1, 2]])
    books = {n: np.arange(n, dtype=np.float32) for n in (3, 4, 200)}
    assert_alike(
        {
            str(n): Encoded("codebook", codes.shape, {"codes": codes, "codebook": book})
            for n, book in books.items()
        }
    )


@pytest.mark.parametrize("name", ["uniform-8-variable-1", "uniform-3-columns-4", "bfloat16"])
def test_the_number_of_operations_does_not_depend_on_the_size(name):
    def operations(rows):
        values = RNG.standard_normal((rows, 24)).astype(np.float32)
        stored = {"v": encode("v", values, VARIANTS[name])}
        weights = StoredWeights(stored, "test")
        graph = tf.function(lambda: weights("v")).get_concrete_function().graph
        return [operation.type for operation in graph.get_operations()]

    assert operations(8) == operations(400)
    assert not {"While", "StatelessWhile", "Where"} & set(operations(8))


def test_variables_with_the_same_bits_share_a_function():
    """A graph has the nodes that unpack codes only once, whatever the number of variables."""
    packed = {
        f"{n} {bits}": encode(
            "v", RNG.standard_normal(n).astype(np.float32), recipe("uniform", bits=bits)
        )
        for n in (200, 320, 1000)
        for bits in (3, 5)
    }
    weights = StoredWeights(packed, "test")
    graph = tf.function(lambda: [weights(name) for name in packed]).get_concrete_function().graph
    assert len(graph.as_graph_def().library.function) == 2


def test_every_storage_has_a_decoding_function():
    used = {encode("v", VARIABLES["vector"], recipe(k)).storage for k in kinds(PACKAGE)}
    assert used <= DECODE.keys()
