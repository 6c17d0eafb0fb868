"""Allowed operations of graphs. A SavedModel is a program: it could access files or run Python.

Before one is loaded, all its operations are checked against a list: arithmetic, comparisons, moving
data, parsing of records, loops and branches. Everything else is refused, even in functions that
nothing seems to call. A graph that passes can still be slow or fail.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from google.protobuf.message import Message

from yt8m.errors import ArtefactError
from yt8m.runtime.checkpoint import DATA, INDEX
from yt8m.runtime.messages import MetaGraph, Node, SavedModel

SAVED_MODEL = "saved_model.pb"
FILES = (SAVED_MODEL, "fingerprint.pb", *(f"variables/{name}" for name in (INDEX, DATA)))
"""The files of our graphs; TensorFlow would prefer some others if they existed."""

_NAMES = """\
numbers:
Abs Add AddN AddV2 Ceil Cos Div DivNoNan Elu Erf Erfc Exp Expm1 Floor FloorDiv FloorMod
LeakyRelu Log Log1p LogSoftmax Maximum Minimum Mod Mul MulNoNan Neg OnesLike Pow RealDiv
Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Square
SquaredDifference Sub Tan Tanh TruncateDiv TruncateMod Xdivy Xlogy ZerosLike
sums and products:
All Any ArgMax ArgMin BatchMatMul BatchMatMulV2 BatchMatMulV3 BiasAdd Bucketize Cumprod
Cumsum Einsum InTopKV2 L2Loss LRN MatMul Max Mean Min Prod SegmentMax SegmentMean SegmentSum
Sum TopK TopKV2 UnsortedSegmentMax UnsortedSegmentSum
comparisons and bits:
ApproximateEqual Bitcast BitwiseAnd BitwiseOr BitwiseXor Cast ClipByValue Equal Greater
GreaterEqual Invert IsFinite IsInf IsNan LeftShift Less LessEqual LogicalAnd LogicalNot
LogicalOr NotEqual RightShift Select SelectV2 Where
shapes and places:
BroadcastArgs BroadcastTo Concat ConcatV2 Const EnsureShape ExpandDims Fill Gather GatherNd
GatherV2 Identity IdentityN InvertPermutation LinSpace MatrixBandPart MatrixDiagV3 MirrorPad
OneHot Pack Pad PadV2 ParallelConcat Placeholder PlaceholderWithDefault PreventGradient Range
Rank Reshape ReverseSequence ReverseV2 ScatterNd Shape ShapeN Size Slice Snapshot Split SplitV
Squeeze StopGradient StridedSlice TensorScatterAdd TensorScatterMax TensorScatterUpdate Tile
Transpose Unique UniqueV2 Unpack
convolutions and pools:
AvgPool AvgPool3D BatchToSpaceND Conv2D Conv3D DepthwiseConv2dNative
FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 MaxPool MaxPool3D MaxPoolV2 SpaceToBatchND
loops branches and lists:
Assert Case If NoOp PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf
StatelessWhile TensorListConcatV2 TensorListElementShape TensorListFromTensor TensorListGather
TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack TensorListReserve
TensorListResize TensorListSetItem TensorListSplit TensorListStack While
records and what is kept in memory:
DecodeRaw ParseExampleV2 ParseSequenceExampleV2 StringLength
AssignVariableOp ReadVariableOp ResourceGather ResourceGatherNd VarHandleOp
VarIsInitializedOp VariableShape
"""

ALLOWED = frozenset(word for word in _NAMES.split() if word[0].isupper())
"""Names of operations, with families in lower case between them."""

WRITING = {
    "DisableCopyOnRead",
    "MergeV2Checkpoints",
    "SaveV2",
    "ShardedFilename",
    "StaticRegexFullMatch",
    "StringJoin",
}
"""Operations of the function with which every SavedModel writes its variables. No loader calls it,
so nothing else may call it."""

READING = {"RestoreV2"}
"""The same for the function that reads them. TensorFlow's C library calls it, with the path of the
graph's own variables, and nothing else may."""


def read_graph(folder: Path) -> MetaGraph:
    """The graph of a SavedModel that can only compute; without its constants' values.

    Raises ArtefactError for one that could do more, google.protobuf.message.DecodeError for an
    invalid SavedModel, OSError for a missing one.
    """
    known = {file for pattern in FILES for file in folder.glob(pattern)}
    for file in sorted(folder.rglob("*")):
        if file not in known and not file.is_dir():
            raise _refused(folder, f"contains {file.relative_to(folder).as_posix()!r}")
    meta_graphs = SavedModel.FromString((folder / SAVED_MODEL).read_bytes()).meta_graphs
    if len(meta_graphs) != 1 or not meta_graphs[0].HasField("object_graph_def"):
        raise _refused(folder, "is not a single graph of TensorFlow 2")
    for operation, name in _others(meta_graphs[0]):
        raise _refused(folder, f"has an operation {operation!r} (in {name[:60]!r})")
    return meta_graphs[0]


def _refused(folder: Path, problem: str) -> ArtefactError:
    return ArtefactError(
        f"{folder}: {problem}, unlike graphs made by yt8m; it is not loaded, since it could do "
        "more than predict; get it from a source that you trust, or make it again"
    )


def _others(meta_graph: MetaGraph) -> Iterator[tuple[str, str]]:
    """Operations that are not allowed, with the function that contains them."""
    savers = _savers(meta_graph)
    allowed = dict(savers.values())
    for where, node in _nodes(meta_graph):
        if node.op not in ALLOWED | allowed.get(where, set()):
            yield node.op, where or node.name
        if (where or node.name not in savers) and _mentions(node, allowed):
            yield "SaveV2 or RestoreV2", where or node.name
        if not where and savers.keys() & set(map(_operation, node.input)):
            yield "SaveV2 or RestoreV2", node.name
    if not _reads_own_variables(meta_graph):
        yield "RestoreV2", meta_graph.saver_def.restore_op_name
    if savers.keys() & set(_signed(meta_graph)):
        yield "SaveV2 or RestoreV2", "a signature"
    if any(_mentions(each, savers) for each in meta_graph.collection_def):  # a loader may run it
        yield "SaveV2 or RestoreV2", "a collection"
    objects = meta_graph.object_graph_def
    if _mentions(objects, allowed):
        yield "SaveV2 or RestoreV2", "an object"
    for one in objects.nodes:
        if one.registered_name or one.registered_saver:
            yield one.registered_name or one.registered_saver, "an object"


def _savers(meta_graph: MetaGraph) -> dict[str, tuple[str, set[str]]]:
    """Node -> function and its operations, for the two that write and read variables."""
    saver = meta_graph.saver_def
    operations = {_operation(saver.save_tensor_name): WRITING, saver.restore_op_name: READING}
    return {
        node.name: (entry.value.func.name, operations[node.name])
        for node in meta_graph.graph_def.node
        for entry in node.attr
        if node.name in operations and entry.key == "f" and entry.value.func.name
    }


def _reads_own_variables(meta_graph: MetaGraph) -> bool:
    """Whether the path that is read is always the first argument, which the loader gives."""
    saver, graph = meta_graph.saver_def, meta_graph.graph_def
    given = [node.name for node in graph.node if node.op == "Placeholder"]
    path = _operation(saver.filename_tensor_name)
    if saver.filename_tensor_name != f"{path}:0" or path not in given:
        return False
    calls = [node.input[:1] for node in graph.node if node.name == saver.restore_op_name]
    paths = [
        node.input[:1] == [argument.name for argument in function.signature.input_arg[:1]]
        for function in graph.library.function
        for node in function.node_def
        if node.op in READING
    ]
    return all(first == [path] for first in calls) and all(paths)


def _nodes(meta_graph: MetaGraph) -> Iterator[tuple[str, Node]]:
    """Every node, with the name of the function that contains it, if any."""
    for node in meta_graph.graph_def.node:
        yield "", node
    for function in meta_graph.graph_def.library.function:
        for node in function.node_def:
            yield function.signature.name, node


def _mentions(message: Message, names: Collection[str]) -> bool:
    """Whether a message holds one of these names, at any depth."""
    content = message.SerializeToString()
    return any(name.encode() in content for name in names)


def _signed(meta_graph: MetaGraph) -> Iterator[str]:
    """Operations that a signature feeds or fetches; a loader runs one to initialise the graph."""
    for entry in meta_graph.signature_def:
        for tensors in (entry.value.inputs, entry.value.outputs):
            yield from (_operation(tensor.value.name) for tensor in tensors)


def _operation(tensor: str) -> str:
    """The operation of a tensor ("name:0") or of a control input ("^name")."""
    return tensor.removeprefix("^").partition(":")[0]
