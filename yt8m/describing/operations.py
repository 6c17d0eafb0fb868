"""The content of a traced graph: operations, functions inside them, tensors and their sizes."""

import tensorflow as tf

from yt8m.errors import ConfigError

FUNCTIONS = {
    "While": ("body",),
    "StatelessWhile": ("body",),
    "If": ("then_branch", "else_branch"),
    "StatelessIf": ("then_branch", "else_branch"),
    "PartitionedCall": ("f",),
    "StatefulPartitionedCall": ("f",),
}
"""Operations that call functions, and the attributes that name the functions."""


def needed(graph) -> list[tf.Operation]:
    """The operations that a graph's results depend on, in the order of their creation."""
    todo = [t.op for t in graph.outputs] + list(graph.control_outputs)
    found = set()
    while todo:
        operation = todo.pop()
        if operation not in found:
            found.add(operation)
            todo += [t.op for t in operation.inputs] + list(operation.control_inputs)
    return [operation for operation in graph.get_operations() if operation in found]


def inside(operation: tf.Operation) -> list:
    """The graphs of the functions that an operation calls; for branches, those of each."""
    names = [operation.get_attr(word).name for word in FUNCTIONS.get(operation.type, ())]
    return [operation.graph._get_function(name).graph for name in names]


def is_loop(operation: tf.Operation) -> bool:
    """Whether an operation is a loop."""
    return operation.type.endswith("While")


def elements(tensor: tf.Tensor) -> int:
    """Number of elements of a tensor. Raises ConfigError if it is not known statically."""
    if not tensor.shape.is_fully_defined():
        raise ConfigError(
            f"{tensor.name}: its size depends on values of inputs, so it cannot be counted; use "
            "static shapes"
        )
    return tensor.shape.num_elements()


def size_bytes(tensor: tf.Tensor) -> int:
    """Bytes of a tensor; 0 for a handle of a variable or of a list."""
    if tensor.dtype in (tf.resource, tf.variant, tf.string):
        return 0
    return elements(tensor) * tensor.dtype.size
