"""A variable that is decoded once, when its graph is loaded, and never lies on disk."""

from collections.abc import Callable

import tensorflow as tf


class Decoded(tf.saved_model.experimental.TrackableResource):
    """Float32 values in memory, made of codes that are saved in their place.

    A resource, as lookup tables are: what makes and fills it is saved with the graph, and whoever
    loads that runs it, be it TensorFlow alone or a server of graphs. Variables, and so the codes,
    are restored before.

    name: unique within a graph; the same in every export of equal content.
    shape: of the values. decode: makes them, float32, of variables; called again when loaded.
    """

    def __init__(self, name: str, shape: tuple[int, ...], decode: Callable[[], tf.Tensor]):
        super().__init__()
        self._name, self._shape, self._decode = name, shape, decode
        self._initialize()

    def read(self) -> tf.Tensor:
        """The values, as they were decoded."""
        values = tf.raw_ops.ReadVariableOp(resource=self.resource_handle, dtype=tf.float32)
        return tf.ensure_shape(values, self._shape)

    def _create_resource(self) -> tf.Tensor:
        # In this process two graphs must not share their values; loaders rename by themselves.
        name = f"{self._name}-{id(self)}" if tf.executing_eagerly() else self._name
        return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=self._shape, shared_name=name)

    def _initialize(self) -> None:
        tf.raw_ops.AssignVariableOp(resource=self.resource_handle, value=self._decode())

    def _destroy_resource(self) -> None:
        tf.raw_ops.DestroyResourceOp(resource=self.resource_handle, ignore_lookup_error=True)
