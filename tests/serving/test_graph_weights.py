"""When codes become floats: at load or in each call."""

import gc
import json

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from yt8m.artefacts import ENSEMBLE, GRAPH
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.graph import load_graph


def described(folder):
    return json.loads((folder / ENSEMBLE).read_text())


def test_both_predict_the_same_bits_and_have_the_same_fingerprint(both, batch):
    one, other = (load_graph(folder).predict(batch) for folder in both.values())
    np.testing.assert_array_equal(one, other)
    assert fingerprint(described(both["at_load"])) == fingerprint(described(both["per_call"]))


def test_the_choice_is_recorded_in_the_description(both):
    assert {when: described(folder)["decode"] for when, folder in both.items()} == {
        "at_load": "at_load",
        "per_call": "per_call",
    }


def test_both_take_the_same_bytes_for_weights(both):
    sizes = [
        (folder / GRAPH / "variables/variables.data-00000-of-00001").stat().st_size
        for folder in both.values()
    ]
    assert abs(sizes[0] - sizes[1]) < 20_000  # names of objects; as floats they were 3 times more


def test_the_models_are_stored_once(both):
    """Bytes, dequantised frames and records go through the same function."""
    for folder in both.values():
        content = (folder / GRAPH / "saved_model.pb").read_bytes()
        (saved,) = saved_model_pb2.SavedModel.FromString(content).meta_graphs
        functions = saved.graph_def.library.function
        names = [
            f.signature.name
            for f in functions
            if any(node.op == "MatMul" and "classifier" in node.name for node in f.node_def)
        ]
        assert len(names) == 1, names


def test_graphs_of_one_process_share_nothing(both, batch):
    first, second = load_graph(both["at_load"]), load_graph(both["at_load"])
    expected = first.predict(batch)
    del first
    gc.collect()
    np.testing.assert_array_equal(second.predict(batch), expected)


def test_a_graph_loaded_in_a_session_decodes_at_load(both, batch):
    expected = load_graph(both["at_load"]).predict(batch)
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], str(both["at_load"] / GRAPH))
        signature = loaded.signature_def["serving_default"]
        fed = {
            signature.inputs["frames"].name: batch.frames,
            signature.inputs["num_frames"].name: batch.num_frames,
        }
        (output,) = signature.outputs.values()
        for _ in range(2):
            np.testing.assert_array_equal(session.run(output.name, fed), expected)
