"""What is in a traced graph: operations, the functions inside them, tensors and their bytes."""

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
"""Operations that run functions, and the attributes that name them."""


def needed(graph) -> list[tf.Operation]:
    """The operations that a graph's results depend on, in the order in which they were made."""
    todo = [t.op for t in graph.outputs] + list(graph.control_outputs)
    found = set()
    while todo:
        operation = todo.pop()
        if operation not in found:
            found.add(operation)
            todo += [t.op for t in operation.inputs] + list(operation.control_inputs)
    return [operation for operation in graph.get_operations() if operation in found]


def inside(operation: tf.Operation) -> list:
    """The graphs of the functions that an operation runs: all of them, or one of several."""
    names = [operation.get_attr(word).name for word in FUNCTIONS.get(operation.type, ())]
    return [operation.graph._get_function(name).graph for name in names]


def is_loop(operation: tf.Operation) -> bool:
    """Whether it repeats what is inside."""
    return operation.type.endswith("While")


def elements(tensor: tf.Tensor) -> int:
    """How many numbers a tensor holds. Raises ConfigError when that is not known beforehand."""
    if not tensor.shape.is_fully_defined():
        raise ConfigError(
            f"{tensor.name}: has a size that only its values tell; it cannot be counted"
        )
    return tensor.shape.num_elements()


def size_bytes(tensor: tf.Tensor) -> int:
    """What a tensor's numbers take; a handle of a variable or of a list takes nothing."""
    if tensor.dtype in (tf.resource, tf.variant, tf.string):
        return 0
    return elements(tensor) * tensor.dtype.size
