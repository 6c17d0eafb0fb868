"""Allowed operations of graphs. A SavedModel is a program: it could access files or run Python.

Before one is loaded, all its operations are checked against a list: arithmetic, comparisons, moving
data, parsing of records, loops and branches. Everything else is refused, even in functions that
nothing seems to call. A graph that passes can still be slow or fail.
"""

from collections.abc import Iterator
from pathlib import Path

from tensorflow.core.framework.node_def_pb2 import NodeDef
from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from yt8m.errors import ArtefactError

SAVED_MODEL = "saved_model.pb"
FILES = (SAVED_MODEL, "fingerprint.pb", "variables/variables.*")
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

SAVING = {
    "DisableCopyOnRead",
    "MergeV2Checkpoints",
    "RestoreV2",
    "SaveV2",
    "ShardedFilename",
    "StaticRegexFullMatch",
    "StringJoin",
}
"""Operations of the two functions with which every SavedModel writes and reads its variables:
loaders of version 2 call neither, so nothing else may call them."""


def refuse_other_operations(folder: Path) -> None:
    """Raises ArtefactError for a SavedModel that could do more than compute.

    Raises google.protobuf.message.DecodeError for an invalid SavedModel, OSError for a missing one.
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


def _refused(folder: Path, problem: str) -> ArtefactError:
    return ArtefactError(
        f"{folder}: {problem}, unlike graphs made by yt8m; it is not loaded, since it could do "
        "more than predict; get it from a source that you trust, or make it again"
    )


def _others(meta_graph: MetaGraphDef) -> Iterator[tuple[str, str]]:
    """Operations that are not allowed, with the function that contains them."""
    savers = _savers(meta_graph)
    for where, node in _nodes(meta_graph):
        saves = where in savers.values() and node.op in SAVING
        if not saves and node.op not in ALLOWED:
            yield node.op, where or node.name
        if set(savers.values()) & set(_called(node)) and (where or node.name not in savers):
            yield "SaveV2 or RestoreV2", where or node.name
    objects = meta_graph.object_graph_def
    if any(name.encode() in objects.SerializeToString() for name in savers.values()):
        yield "SaveV2 or RestoreV2", "an object"
    for one in objects.nodes:
        if one.registered_name or one.registered_saver:
            yield one.registered_name or one.registered_saver, "an object"


def _savers(meta_graph: MetaGraphDef) -> dict[str, str]:
    """Node -> function, for the two functions that write and read variables."""
    saver = meta_graph.saver_def
    names = {saver.save_tensor_name.partition(":")[0], saver.restore_op_name}
    return {
        node.name: node.attr["f"].func.name
        for node in meta_graph.graph_def.node
        if node.name in names and node.attr["f"].func.name
    }


def _nodes(meta_graph: MetaGraphDef) -> Iterator[tuple[str, NodeDef]]:
    """Every node, with the name of the function that contains it, if any."""
    for node in meta_graph.graph_def.node:
        yield "", node
    for function in meta_graph.graph_def.library.function:
        for node in function.node_def:
            yield function.signature.name, node


def _called(node: NodeDef) -> Iterator[str]:
    """Names of functions that a node may call."""
    for value in node.attr.values():
        yield from (called.name for called in (value.func, *value.list.func) if called.name)
