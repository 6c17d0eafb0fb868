"""Graphs that could do more than compute: refused before any part of them runs."""

import shutil

import pytest
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel
from tensorflow.python.framework import op_def_registry

import yt8m
from tests.small import SCHEMA
from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.serving.archive import write_archive
from yt8m.serving.archive_reader import open_graph
from yt8m.serving.contents import file_digests
from yt8m.serving.operations import ALLOWED, READING, SAVED_MODEL, WRITING, read_graph

RUNS = {"Case", "If", "StatefulPartitionedCall", "While"}
HOLDS = {"AssignVariableOp", "ReadVariableOp", "ResourceGather", "ResourceGatherNd"}
HOLDS |= {"VarHandleOp", "VarIsInitializedOp", "VariableShape"}


def test_allowed_operations_access_nothing_but_their_inputs_and_memory():
    """All stateful operations either call functions that are checked too, or only fail."""
    known = {name: op_def_registry.get(name) for name in ALLOWED | READING | WRITING}
    assert None not in known.values()
    with_state = {name for name in ALLOWED if known[name].is_stateful}
    assert with_state == RUNS | HOLDS | {"Assert"}


@pytest.mark.parametrize("decode", ["at_load", "per_call"])
def test_our_own_graphs_are_accepted(decode, both):
    read_graph(both[decode] / GRAPH)


class Hostile(tf.Module):
    """A graph that looks like one of ours and does `act` while it predicts."""

    def __init__(self, act):
        super().__init__()
        frames = tf.TensorSpec([None, None, SCHEMA.feature_size], tf.uint8, "frames")
        signature = [frames, tf.TensorSpec([None], tf.int32, "num_frames")]

        def predict(frames, num_frames):
            act()
            return tf.zeros([tf.shape(frames)[0], SCHEMA.classes])

        self.predict_bytes = tf.function(predict, input_signature=signature, autograph=False)


class Resource(tf.saved_model.experimental.TrackableResource):
    """Does `act` when it is initialised: by a loader's init op, or when a checkpoint is read."""

    def __init__(self, act, restoring):
        super().__init__()
        self._act, self._restoring = act, restoring
        if restoring:
            self._serialize_to_tensors = lambda: {"x": tf.constant(1.0)}
            self._restore_from_tensors = lambda restored: self._act()

    def _create_resource(self):
        return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[])

    def _initialize(self):
        if not self._restoring:
            self._act()


def nested(act):
    """Calls `act` three functions deep, in a branch that is not taken."""
    inner = tf.function(lambda: (act(), tf.constant(0.0))[1], autograph=False)
    middle = tf.function(lambda: tf.cond(tf.reduce_any(tf.zeros([1]) > 2), inner, lambda: 0.0))
    return lambda: tf.function(middle, autograph=False)()


def holding(resource):
    module = Hostile(lambda: None)
    module.resource = resource
    return module


def write(path):
    return lambda: tf.io.write_file(str(path), "written")


HOSTILE = {
    "it writes while it predicts": ("WriteFile", lambda p: Hostile(write(p))),
    "a function in a function does": ("WriteFile", lambda p: Hostile(nested(write(p)))),
    "it writes when it is loaded": ("WriteFile", lambda p: holding(Resource(write(p), False))),
    "its way to read weights writes": ("WriteFile", lambda p: holding(Resource(write(p), True))),
    "it reads a file": ("ReadFile", lambda p: Hostile(lambda: tf.io.read_file("/etc/hostname"))),
    "it lists a folder": ("MatchingFiles", lambda p: Hostile(lambda: tf.io.matching_files("/*"))),
    "it reads records": (
        "[A-Za-z]*(Dataset|Iterator)[A-Za-z0-9]*",
        lambda p: Hostile(lambda: next(iter(tf.data.TFRecordDataset(["/x"])))),
    ),
    "it runs Python": ("EagerPyFunc", lambda p: Hostile(lambda: tf.py_function(write(p), [], []))),
    "it prints": ("PrintV2|StringFormat", lambda p: Hostile(lambda: tf.print("\x1b[2J"))),
    "it saves variables": ("SaveV2", lambda p: Hostile(lambda: save(p))),
    "it reads others' variables": ("RestoreV2", lambda p: Hostile(lambda: restore(p))),
}
"""What a graph does: the operation that reveals it, and how to make it, given a file to write."""


def save(path):
    tf.raw_ops.SaveV2(
        prefix=str(path), tensor_names=["x"], shape_and_slices=[""], tensors=[tf.zeros([])]
    )


def restore(path):
    tf.raw_ops.RestoreV2(
        prefix=str(path), tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
    )


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_graph_is_refused_and_does_nothing(how, ensemble, tmp_path):
    """From an archive whose digests are correct."""
    target = tmp_path / "written"
    operation, make = HOSTILE[how]
    module = make(target)
    shutil.copytree(ensemble, tmp_path / "theirs")
    shutil.rmtree(tmp_path / "theirs" / GRAPH)
    graph = tmp_path / "theirs" / GRAPH
    tf.saved_model.save(module, str(graph), signatures={"serving_default": module.predict_bytes})
    target.unlink(missing_ok=True)
    with pytest.raises(
        ArtefactError, match=f"has an operation '({operation})'.* not loaded"
    ) as error:
        read_graph(graph)
    assert "\n" not in str(error.value) and "\x1b" not in str(error.value)
    described = {**read_ensemble(tmp_path / "theirs"), "files": file_digests(graph)}
    write_json(tmp_path / "theirs" / ENSEMBLE, described)
    write_archive(tmp_path / "theirs", tmp_path / "theirs.tar.gz")
    for load in (open_graph, yt8m.load):
        with pytest.raises(ArtefactError, match=f"has an operation '({operation})'.* not loaded"):
            load(tmp_path / "theirs.tar.gz")
    assert not list(tmp_path.glob("written*"))


def calls_its_saver(meta_graph):
    """A function of the graph calls the one that writes variables."""
    saver = meta_graph.saver_def.save_tensor_name.partition(":")[0]
    (node,) = [node for node in meta_graph.graph_def.node if node.name == saver]
    functions = meta_graph.graph_def.library.function
    other = next(f for f in functions if f.signature.name != node.attr["f"].func.name)
    other.node_def.add(name="x", op="StatefulPartitionedCall").attr["f"].CopyFrom(node.attr["f"])


def has_an_object_that_saves(meta_graph):
    saver = meta_graph.saver_def.save_tensor_name.partition(":")[0]
    (node,) = [node for node in meta_graph.graph_def.node if node.name == saver]
    one = meta_graph.object_graph_def.nodes.add()
    one.function.concrete_functions.append(node.attr["f"].func.name)


def has_a_class_of_its_own(meta_graph):
    meta_graph.object_graph_def.nodes[0].registered_name = "Theirs"


def writes_while_it_reads_its_weights(meta_graph):
    """The function that a loader calls to read variables also writes them, elsewhere."""
    reader, writer = savers(meta_graph)
    (save,) = [node for node in writer.node_def if node.op == "SaveV2"]
    reader.node_def.add().CopyFrom(save)


def reads_other_weights(meta_graph):
    """The path of the variables is not the one that the loader gives."""
    reader, _ = savers(meta_graph)
    reader.node_def.add(name="elsewhere", op="Const")
    (restore,) = [node for node in reader.node_def if node.op == "RestoreV2"]
    restore.input[0] = "elsewhere:output:0"


def is_called_with_another_path(meta_graph):
    saver = meta_graph.saver_def
    (call,) = [n for n in meta_graph.graph_def.node if n.name == saver.restore_op_name]
    call.input[0] = meta_graph.graph_def.node[0].name


def writes_when_it_is_initialised(meta_graph):
    """The operation that a loader runs first is the one that writes variables."""
    saver = meta_graph.saver_def
    (output,) = meta_graph.signature_def["__saved_model_init_op"].outputs.values()
    output.name = saver.save_tensor_name.partition(":")[0]


def writes_when_it_predicts(meta_graph):
    """Predictions wait for the operation that writes variables."""
    (output,) = meta_graph.signature_def["serving_default"].outputs.values()
    name = output.name.partition(":")[0]
    (node,) = [node for node in meta_graph.graph_def.node if node.name == name]
    node.input.append("^" + meta_graph.saver_def.save_tensor_name.partition(":")[0])


def writes_by_a_function_that_is_an_argument(meta_graph):
    """The name of the function is an attribute of the one that is called."""
    saver = meta_graph.saver_def.save_tensor_name.partition(":")[0]
    (node,) = [node for node in meta_graph.graph_def.node if node.name == saver]
    call = meta_graph.graph_def.node.add(name="x", op="StatefulPartitionedCall").attr["f"].func
    call.name = meta_graph.graph_def.library.function[0].signature.name
    call.attr["g"].func.name = node.attr["f"].func.name


def writes_by_a_collection(meta_graph):
    saver = meta_graph.saver_def.save_tensor_name.partition(":")[0]
    meta_graph.collection_def["saved_model_main_op"].node_list.value[:] = [saver]


def reads_a_path_of_its_own(meta_graph):
    """The node whose value a loader would give is a constant."""
    path = meta_graph.saver_def.filename_tensor_name.partition(":")[0]
    (node,) = [node for node in meta_graph.graph_def.node if node.name == path]
    node.op = "Const"


def reads_the_second_output(meta_graph):
    path = meta_graph.saver_def.filename_tensor_name.partition(":")[0]
    meta_graph.saver_def.filename_tensor_name = f"{path}:1"


def savers(meta_graph):
    """The functions that read and write variables."""
    saver, graph = meta_graph.saver_def, meta_graph.graph_def
    functions = {function.signature.name: function for function in graph.library.function}
    called = {node.name: node.attr["f"].func.name for node in graph.node}
    names = saver.restore_op_name, saver.save_tensor_name.partition(":")[0]
    return [functions[called[name]] for name in names]


CHANGED = {
    calls_its_saver: "SaveV2 or RestoreV2",
    has_an_object_that_saves: "SaveV2 or RestoreV2",
    has_a_class_of_its_own: "Theirs",
    writes_while_it_reads_its_weights: "SaveV2",
    reads_other_weights: "RestoreV2",
    is_called_with_another_path: "RestoreV2",
    reads_a_path_of_its_own: "RestoreV2",
    reads_the_second_output: "RestoreV2",
    writes_when_it_is_initialised: "SaveV2 or RestoreV2",
    writes_when_it_predicts: "SaveV2 or RestoreV2",
    writes_by_a_function_that_is_an_argument: "SaveV2 or RestoreV2",
    writes_by_a_collection: "SaveV2 or RestoreV2",
}


@pytest.mark.parametrize("change", CHANGED, ids=lambda f: f.__name__)
def test_a_manipulated_graph_is_refused(change, ensemble, tmp_path):
    shutil.copytree(ensemble / GRAPH, tmp_path / GRAPH)
    path = tmp_path / GRAPH / SAVED_MODEL
    saved = SavedModel.FromString(path.read_bytes())
    change(saved.meta_graphs[0])
    path.write_bytes(saved.SerializeToString())
    with pytest.raises(ArtefactError, match=f"has an operation '{CHANGED[change]}'"):
        read_graph(tmp_path / GRAPH)


@pytest.mark.parametrize("name", ["saved_model.cpb", "saved_model.pbtxt", "assets/vocabulary.txt"])
def test_further_files_that_a_loader_would_read_are_refused(name, ensemble, tmp_path):
    shutil.copytree(ensemble, tmp_path / "theirs")
    (tmp_path / "theirs" / GRAPH / name).write_text("x")
    with pytest.raises(ArtefactError, match=f"contains '{name}'"):
        read_graph(tmp_path / "theirs" / GRAPH)


def test_a_graph_of_tensorflow_1_is_refused(tmp_path):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float32)
        outputs = {"y": x + 1}
        tf.compat.v1.saved_model.simple_save(session, str(tmp_path / GRAPH), {"x": x}, outputs)
    with pytest.raises(ArtefactError, match="is not a single graph of TensorFlow 2"):
        read_graph(tmp_path / GRAPH)
