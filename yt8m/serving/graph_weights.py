"""Weights inside a graph, saved encoded, and decoded when it is loaded or in every call."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from tensorflow.python.eager.context import anonymous_name

from yt8m.compression.storage import Encoded
from yt8m.serving.decoding import DECODE, parts_of, storage_of

NAME = "{}_{}"
"""Name of a variable's part in a checkpoint, by the index of the variable."""


class Values(tf.saved_model.experimental.TrackableResource):
    """An array in memory that is not a variable.

    It is a resource, like a lookup table. A strategy (`tf.distribute`) splits variables over its
    replicas, after which only these can read them; a resource can be read and filled anywhere,
    including while a graph is being loaded.
    It is never destroyed once it is loaded: saving a loaded graph makes copies of it, which would
    destroy the original when they are collected.

    name: unique within a graph; the same in every export of equal content.
    """

    def __init__(self, name: str, shape: tuple[int, ...], dtype: tf.DType = tf.float32):
        super().__init__()
        self._name, self.shape, self._dtype = name, tf.TensorShape(shape), dtype

    def read(self) -> tf.Tensor:
        """The array, with its shape and type."""
        values = tf.raw_ops.ReadVariableOp(resource=self.resource_handle, dtype=self._dtype)
        return tf.ensure_shape(values, self.shape)

    def assign(self, values: tf.Tensor) -> None:
        """Replace the array's values."""
        tf.raw_ops.AssignVariableOp(resource=self.resource_handle, value=values)

    def _create_resource(self) -> tf.Tensor:
        # Not shared in this process, and destroyed with its last user; loaders rename theirs.
        name = anonymous_name() if tf.executing_eagerly() else self._name
        made = tf.raw_ops.VarHandleOp(dtype=self._dtype, shape=self.shape, shared_name=name)
        # A loader reads it once before filling it.
        tf.raw_ops.AssignVariableOp(resource=made, value=tf.zeros(self.shape, self._dtype))
        return made


class DecodedWeights(Values):
    """The variables of one model as floats, decoded on load from the saved codes.

    Whatever a loader reads from a checkpoint is passed to `_fill`, which is saved with the graph,
    so every loader decodes, be it TensorFlow or a model server. The resource's array holds the
    encoded bytes, so that a loaded graph can be saved again.

    stored: variable path -> float32 array or `Encoded`. scope: a unique name within the graph.
    """

    def __init__(self, stored: Mapping[str, np.ndarray | Encoded], scope: str):
        codes = sum(value.size_bytes for value in stored.values() if isinstance(value, Encoded))
        super().__init__(f"codes/{scope}", (codes,), tf.uint8)
        self._places = {path: place for place, path in enumerate(stored)}
        self._storages = [storage_of(value) for value in stored.values()]
        self._floats = [Values(f"floats/{scope}/{path}", v.shape) for path, v in stored.items()]
        for place, values in enumerate(self._floats):
            self._track_trackable(values, str(place))
        arrays = [parts_of(value) for value in stored.values()]
        self._specs = [{n: tf.TensorSpec(a.shape, a.dtype) for n, a in p.items()} for p in arrays]
        self._fill(_named([{n: tf.constant(a) for n, a in parts.items()} for parts in arrays]))
        # Concrete functions, as a loader restores them: they are saved with their captures.
        fill = tf.function(self._fill, autograph=False)
        self._restore_from_tensors = fill.get_concrete_function(_named(self._specs))
        named_parts = tf.function(lambda: _named(self._parts()), autograph=False)
        self._serialize_to_tensors = named_parts.get_concrete_function()

    def __call__(self, path: str) -> tf.Tensor:
        """Float32 value of the variable at `path`."""
        return self._floats[self._places[path]].read()

    def _fill(self, named: dict[str, tf.Tensor]) -> None:
        """Store these parts of the variables, and their decoded values."""
        row = [tf.zeros([0], tf.uint8)]
        for place, (storage, floats) in enumerate(zip(self._storages, self._floats, strict=True)):
            parts = {part: named[NAME.format(place, part)] for part in self._specs[place]}
            if storage != "plain":
                row += [_as_bytes(part) for part in parts.values()]
            floats.assign(DECODE[storage](parts, floats.shape))
        self.assign(tf.concat(row, 0))

    def _parts(self) -> list[dict[str, tf.Tensor]]:
        """The parts of the variables, as passed to `_fill`."""
        encoded = [self._specs[i] for i, word in enumerate(self._storages) if word != "plain"]
        sizes = [_size_bytes(spec) for specs in encoded for spec in specs.values()]
        rows = iter(tf.split(self.read(), sizes) if sizes else [])
        return [
            {"values": floats.read()}
            if storage == "plain"
            else {part: _from_bytes(next(rows), spec) for part, spec in specs.items()}
            for storage, specs, floats in zip(
                self._storages, self._specs, self._floats, strict=True
            )
        ]


def _named(parts: list[dict]) -> dict:
    """The parts by their names in a checkpoint."""
    return {NAME.format(i, part): a for i, some in enumerate(parts) for part, a in some.items()}


def _size_bytes(spec: tf.TensorSpec) -> int:
    return spec.shape.num_elements() * spec.dtype.size


def _as_bytes(array: tf.Tensor) -> tf.Tensor:
    return tf.reshape(tf.bitcast(array, tf.uint8), [-1])


def _from_bytes(row: tf.Tensor, spec: tf.TensorSpec) -> tf.Tensor:
    ends = [] if spec.dtype.size == 1 else [spec.dtype.size]
    return tf.bitcast(tf.reshape(row, [*spec.shape, *ends]), spec.dtype)


class StoredWeights(tf.Module):
    """The variables of one model, encoded in memory too, and decoded in every call.

    stored: variable path -> float32 array or `Encoded`. scope: as for `DecodedWeights`.
    """

    def __init__(self, stored: Mapping[str, np.ndarray | Encoded], scope: str):
        super().__init__()
        self._arrays = [
            {n: tf.Variable(array, trainable=False) for n, array in parts_of(value).items()}
            for value in stored.values()
        ]
        self._places = {path: place for place, path in enumerate(stored)}
        self._storages = [storage_of(value) for value in stored.values()]
        self._shapes = [value.shape for value in stored.values()]

    def __call__(self, path: str) -> tf.Tensor:
        """Float32 value of the variable at `path`."""
        place = self._places[path]
        return DECODE[self._storages[place]](self._arrays[place], self._shapes[place])


WHEN = {"at_load": DecodedWeights, "per_call": StoredWeights}
"""When to decode: once (fast), or in every call (saves memory). Predictions are the same."""
