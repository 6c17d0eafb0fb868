"""Decoding of stored variables inside a graph, for each storage.

The values are bit-identical to those of `decode` in the storages' files. Only operations on whole
tensors are used, whose number does not depend on data, so that a compiler can fuse them.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from yt8m.compression.grouping import matrix_shape
from yt8m.compression.packing import code_bits
from yt8m.compression.storage import Encoded

Arrays = Mapping[str, tf.Tensor]
"""The parts of one variable by name, tensors or variables of static shapes."""


def plain(arrays: Arrays, shape: Sequence[int]) -> tf.Tensor:
    """A variable that is not encoded: its `values` unchanged."""
    return arrays["values"]


def float16(arrays: Arrays, shape: Sequence[int]) -> tf.Tensor:
    """float16 converted to float32 of `shape`."""
    return tf.cast(arrays["float16"], tf.float32)


def bfloat16(arrays: Arrays, shape: Sequence[int]) -> tf.Tensor:
    """uint16 bits, read as bfloat16 and converted to float32 of `shape`."""
    return tf.cast(tf.bitcast(arrays["bfloat16"], tf.bfloat16), tf.float32)


def codebook(arrays: Arrays, shape: Sequence[int]) -> tf.Tensor:
    """See `yt8m.compression.storages.codebook`. Returns float32 of `shape`."""
    codes, books = arrays["codes"], arrays["codebook"]
    if math.prod(codes.shape) < math.prod(shape):
        codes = tf.reshape(_unpacked(codes, code_bits(books.shape[-1]), math.prod(shape)), shape)
    if len(books.shape) == 1:
        return tf.gather(books, tf.cast(codes, tf.int32))
    codes = tf.cast(tf.reshape(codes, matrix_shape(shape)), tf.int32)  # [R, C]
    # L is a power of two: adding a multiple of L to a code is an `or`, which int32 has on GPUs too.
    places = tf.bitwise.bitwise_or(codes, _first_places(books.shape, codes.shape))
    return tf.reshape(tf.gather(tf.reshape(books, [-1]), places), shape)


def _unpacked(packed: tf.Tensor, bits: int, count: int) -> tf.Tensor:
    """`yt8m.compression.packing.unpack`: uint8 [N] -> uint8 [count]."""
    return _unpacking(bits)(tf.reshape(packed, [-1, bits]))[:count]


@functools.cache
def _unpacking(bits: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """uint8 [N, bits] -> uint8 [8 * N], the same function for all variables, whatever N.

    So that its hundred or so nodes are in a graph only once.
    """

    def unpack(packed):
        columns = tf.unstack(tf.cast(packed, tf.uint16), axis=1)
        codes = [_code_at(columns, number * bits, bits) for number in range(8)]
        return tf.reshape(tf.stack(codes, axis=1), [-1])

    packed = tf.TensorSpec([None, bits], tf.uint8)
    return tf.function(unpack, input_signature=[packed], autograph=False)


def _code_at(columns: Sequence[tf.Tensor], start: int, bits: int) -> tf.Tensor:
    """The codes that start at bit `start` of each row, as uint8 [N].

    columns: the bytes of the rows, uint16 [N] each.
    """
    byte, shift = divmod(start, 8)
    code = tf.bitwise.right_shift(columns[byte], tf.constant(shift, tf.uint16))
    if shift + bits > 8:
        rest = tf.bitwise.left_shift(columns[byte + 1], tf.constant(8 - shift, tf.uint16))
        code = tf.bitwise.bitwise_or(code, rest)
    return tf.cast(tf.bitwise.bitwise_and(code, tf.constant(2**bits - 1, tf.uint16)), tf.uint8)


def _first_places(books: Sequence[int], matrix: Sequence[int]) -> tf.Tensor:
    """Index at which each row's or column's codebook starts: int32 [R, 1] or [1, C].

    books: [G, 1, L] or [1, G, L]. matrix: [R, C].
    """
    axis = 0 if books[0] > 1 else 1
    length, groups = matrix[axis], books[axis]
    group = tf.range(length, dtype=tf.int64) * groups // length
    places = tf.cast(group * books[-1], tf.int32)
    return tf.reshape(places, [-1, 1] if axis == 0 else [1, -1])


DECODE = {"plain": plain, "codebook": codebook, "float16": float16, "bfloat16": bfloat16}
"""Decoders by storage (a name in `yt8m.compression.storages`, or PLAIN)."""


def storage_of(value: np.ndarray | Encoded) -> str:
    """The key in `DECODE` for a variable."""
    return value.storage if isinstance(value, Encoded) else "plain"


def parts_of(value: np.ndarray | Encoded) -> Mapping[str, np.ndarray]:
    """The arrays of a variable by name, as arguments for `DECODE`."""
    return value.arrays if isinstance(value, Encoded) else {"values": value}
