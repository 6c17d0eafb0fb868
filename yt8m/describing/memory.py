"""The peak memory of a graph's tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tensorflow as tf

from yt8m.describing.allocator import Allocator, Place
from yt8m.describing.operations import inside, is_loop, needed, size_bytes

SHARING = {
    "ExpandDims",
    "Identity",
    "ReadVariableOp",
    "Reshape",
    "Squeeze",
    "StopGradient",
    "TensorListFromTensor",
    "TensorListGetItem",
}
"""Operations whose result shares the memory of their first input."""

GIVEN = {"Placeholder", "TensorListPopBack"}
"""Operations whose results already exist."""

IN_PLACE = {
    "Add",
    "AddN",
    "AddV2",
    "BiasAdd",
    "Exp",
    "Log",
    "Maximum",
    "Minimum",
    "Mul",
    "Neg",
    "RealDiv",
    "Reciprocal",
    "Relu",
    "Relu6",
    "Relu6Grad",
    "Rsqrt",
    "RsqrtGrad",
    "Sigmoid",
    "SigmoidGrad",
    "Softmax",
    "Sqrt",
    "Square",
    "Sub",
    "Tanh",
    "TanhGrad",
}
"""Operations that can overwrite an input that is not needed afterwards."""

KEEPING = {"TensorListPushBack": 1, "TensorListSetItem": 2}
"""Operations that store a tensor in a list, and the index of that input."""


@dataclass(frozen=True)
class Moment:
    """The effect of one operation on memory; tensors by name.

    overwritten: a tensor whose memory the result reuses, or None. made: bytes of each result,
        whether or not in reused memory. within: temporary bytes. freed: tensors no longer needed.
    """

    overwritten: str | None
    made: dict[str, int]
    within: int
    freed: list[str]


def peak_bytes(graph, frames: int) -> int:
    """The largest total of live tensors, without the graph's inputs and variables.

    ASSUME operations run in the order of their creation; a loop is over frames, with as many
    parallel iterations as it allows.
    """
    alive: dict[str, int] = {}
    peak = 0
    for moment in _moments(graph, frames):
        alive.pop(moment.overwritten, None)
        alive |= moment.made
        peak = max(peak, sum(alive.values()) + moment.within)
        for name in moment.freed:
            del alive[name]
    return peak


def allocated_bytes(graph, frames: int, kept: Sequence[int]) -> int:
    """The peak use of the simulated `Allocator`, including arrays that stay from step to step.

    kept: bytes of each array that exists before: variables, moments, inputs. Two steps are
        simulated, since the second one reuses the chunks of the first.
    """
    allocator = Allocator()
    for size in kept:
        allocator.allocate(size)
    peak = 0
    for _ in range(2):
        places: dict[str, Place] = {}
        for moment in _moments(graph, frames):
            for name, size in moment.made.items():
                before = places.pop(moment.overwritten, None)
                places[name] = allocator.allocate(size) if before is None else before
            peak = max(peak, allocator.in_use + moment.within)
            for name in moment.freed:
                allocator.free(places.pop(name))
        for place in places.values():
            allocator.free(place)
    return peak


def _moments(graph, frames: int) -> Iterator[Moment]:
    """The effect on memory of each operation."""
    operations = needed(graph)
    owners = _owners(operations)
    ends = _ends(graph, operations, owners)
    alive: dict[str, int] = {}
    for position, operation in enumerate(operations):
        dying = [name for name in _read(operation, owners) if ends[name] == position]
        overwritten = _overwritten(operation, alive, dying)
        alive.pop(overwritten, None)
        made = _made(operation, owners, frames)
        alive |= made
        ended = [n for n in dict.fromkeys((*dying, *made)) if ends.get(n, 0) <= position]
        freed = [name for name in ended if alive.pop(name, None) is not None]
        yield Moment(overwritten, made, _within(operation, frames), freed)


def _owners(operations: list[tf.Operation]) -> dict[str, str]:
    """For each tensor, the one whose memory it shares."""
    owners: dict[str, str] = {}
    for operation in operations:
        owners |= {tensor.name: tensor.name for tensor in operation.outputs}
        for result, source in _shared(operation).items():
            owners[operation.outputs[result].name] = owners[operation.inputs[source].name]
    return owners


def _shared(operation: tf.Operation) -> dict[int, int]:
    """The results that share the memory of an input: index of the result -> of the input."""
    if operation.type == "IdentityN":
        return {i: i for i in range(len(operation.outputs))}
    if operation.type in SHARING:
        return {0: 0}
    if not is_loop(operation):
        return {}
    body = inside(operation)[0]
    constant = {t.name: i for i, t in enumerate(body.inputs) if _root(body.outputs[i]) is t}
    roots = [_root(_kept(result)) for result in body.outputs]
    return {i: constant[t.name] for i, t in enumerate(roots) if t.name in constant}


def _root(tensor: tf.Tensor) -> tf.Tensor:
    """The tensor whose memory this one shares."""
    while tensor.op.type in SHARING:
        tensor = tensor.op.inputs[0]
    return tensor


def _kept(tensor: tf.Tensor) -> tf.Tensor:
    """For a list, the tensor that was added last; otherwise the tensor itself."""
    source = _root(tensor).op
    return source.inputs[KEEPING[source.type]] if source.type in KEEPING else tensor


def _read(operation: tf.Operation, owners: dict[str, str]) -> set[str]:
    return {owners[tensor.name] for tensor in operation.inputs}


def _ends(graph, operations: list[tf.Operation], owners: dict[str, str]) -> dict[str, int]:
    """When each tensor's memory is last read; the graph's results are never freed."""
    ends: dict[str, int] = {}
    for position, operation in enumerate(operations):
        ends |= dict.fromkeys(_read(operation, owners), position)
    return ends | {owners[tensor.name]: len(operations) for tensor in graph.outputs}


def _overwritten(operation: tf.Operation, alive: dict[str, int], dying: list[str]) -> str | None:
    """A tensor that is no longer needed, and whose memory the result can reuse."""
    if operation.type not in IN_PLACE:
        return None
    size = size_bytes(operation.outputs[0])
    return next((name for name in dying if alive.get(name) == size), None)


def _made(operation: tf.Operation, owners: dict[str, str], frames: int) -> dict[str, int]:
    """Bytes of each tensor that an operation allocates."""
    if operation.type in GIVEN:
        return {}
    sizes = (
        _of_loop(operation, frames) if is_loop(operation) else map(size_bytes, operation.outputs)
    )
    names = [tensor.name for tensor in operation.outputs]
    return {n: size for n, size in zip(names, sizes, strict=True) if owners[n] == n}


def _of_loop(operation: tf.Operation, frames: int) -> list[int]:
    """Bytes of a loop's results: for a list, the elements of all iterations; else one tensor."""
    sizes, seen = [], set()
    for result in inside(operation)[0].outputs:
        kept = _root(_kept(result))
        is_list = result.dtype == tf.variant
        new = not is_list or kept.name not in seen
        sizes.append(size_bytes(kept) * (frames if is_list else 1) if new else 0)
        seen |= {kept.name} if is_list else set()
    return sizes


def _within(operation: tf.Operation, frames: int) -> int:
    """Temporary bytes of an operation while it runs."""
    if operation.type == "Einsum":  # it first transposes its operands and its result
        return sum(map(size_bytes, [*operation.inputs, *operation.outputs]))
    if operation.type == "ResourceApplyAdam":  # into a copy, if the variable is still being read
        return size_bytes(operation.inputs[-1])
    largest = max((peak_bytes(graph, frames) for graph in inside(operation)), default=0)
    if is_loop(operation):
        return largest * min(operation.get_attr("parallel_iterations"), frames)
    return largest
