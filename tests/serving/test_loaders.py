"""Graphs used by others: all of TensorFlow's ways to load one predict the same bits.

In separate processes, as strategies and limits of memory are per process.
"""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.soaking import mostly, soak
from yt8m.artefacts import GRAPH
from yt8m.serving.graph import load_graph

START = """
import gc, os, sys, threading
import numpy as np
import tensorflow as tf
path, other, given = sys.argv[1:]
with np.load(given) as file:
    frames, num_frames = tf.constant(file["frames"]), tf.constant(file["num_frames"])
    expected, of_other = file["expected"], file["of_other"]
def same(found, expected=expected):
    found = found["output_0"] if isinstance(found, dict) else found
    np.testing.assert_array_equal(np.asarray(found), expected)
def signature(graph, frames=frames, num_frames=num_frames):
    return graph.signatures["serving_default"](frames=frames, num_frames=num_frames)["output_0"]
"""

TWO_DEVICES = """
import tensorflow as tf
cpus = tf.config.list_physical_devices("CPU")
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpus[0], two)
"""

STRATEGY = """
strategy = {strategy}
with strategy.scope():
    graph = tf.saved_model.load(path)
def replica():
    return graph.predict_bytes(frames, num_frames)
def replica_by_signature():
    return signature(graph)
for each in (replica, replica_by_signature):
    same(each())  # outside
    for found in strategy.experimental_local_results(strategy.run(each)):
        same(found)
    for found in strategy.experimental_local_results(tf.function(lambda: strategy.run(each))()):
        same(found)
"""

IN_SCOPE = """
with strategy.scope():
    same(replica())
    same(signature(graph))
"""

STRATEGIES = {
    "one device": 'tf.distribute.OneDeviceStrategy("CPU:1")',
    "mirrored once": 'tf.distribute.MirroredStrategy(["CPU:0"])',
    "mirrored twice": 'tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])',
    "workers": "tf.distribute.MultiWorkerMirroredStrategy()",
    "central storage": 'tf.distribute.experimental.CentralStorageStrategy(["CPU:0", "CPU:1"])',
}

SESSION = """
with tf.compat.v1.Session(graph=tf.Graph()) as session:
    loaded = tf.compat.v1.saved_model.load(session, ["serve"], path)
    names = loaded.signature_def["serving_default"]
    fed = {names.inputs["frames"].name: frames.numpy()}
    fed[names.inputs["num_frames"].name] = num_frames.numpy()
    for _ in range(2):
        same(session.run(names.outputs["output_0"].name, fed))
"""

LAYER = """
import keras
layer = keras.layers.TFSMLayer(path, call_endpoint="predict_bytes")
same(layer(frames, num_frames=num_frames))
inputs = keras.Input(frames.shape[1:], dtype="uint8"), keras.Input([], dtype="int32")
model = keras.Model(inputs, layer(inputs[0], num_frames=inputs[1]))
same(model([frames, num_frames]))
same(model.predict([frames.numpy(), num_frames.numpy()], batch_size=len(frames), verbose=0))
"""

THREADS = """
graph, wrong = tf.saved_model.load(path), []
def call():
    for _ in range(10):
        if not np.array_equal(signature(graph), expected):
            wrong.append(1)
threads = [threading.Thread(target=call) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not wrong
"""

SEVERAL = """
first, second = tf.saved_model.load(path), tf.saved_model.load(path)
third = tf.saved_model.load(other)
for _ in range(2):
    same(signature(second)), same(signature(third), of_other)
    first = None
    gc.collect()
again = tf.saved_model.load(path)
same(signature(again)), same(signature(third), of_other)
"""

TRACED = """
graph = tf.saved_model.load(path)
@tf.function
def mine(frames, num_frames):
    return signature(graph, frames, num_frames), graph.predict_bytes(frames, num_frames)
for size in (len(frames), 1, 3):
    for found in mine(frames[:size], num_frames[:size]):
        np.testing.assert_allclose(found, expected[:size], atol=1e-6)
for found in mine(frames, num_frames):
    same(found)
"""

SAVED = """
graph = tf.saved_model.load(path)
tf.saved_model.save(graph, given + ".saved", signatures=dict(graph.signatures))
def data(folder):
    return os.path.getsize(folder + "/variables/variables.data-00000-of-00001")
assert data(given + ".saved") < data(path) + 2000  # codes still
same(signature(graph))
again = tf.saved_model.load(given + ".saved")
same(signature(again)), same(again.predict_bytes(frames, num_frames))
tf.saved_model.save(again, given + ".twice", signatures=dict(again.signatures))
same(signature(tf.saved_model.load(given + ".twice")), expected)
"""

LIMITED = """
import resource
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 2**30, taken + 2**30))
same(signature(tf.saved_model.load(path)))
"""

WAYS = {
    "a server's session": SESSION,
    "by tags": 'same(signature(tf.saved_model.load(path, tags=["serve"])))',
    "a layer of Keras": LAYER,
    "many threads at once": THREADS,
    "several in one process": SEVERAL,
    "in a function of theirs": TRACED,
    "saved again": SAVED,
    "with little memory": LIMITED,
}
OFTEN = "a server's session", "a layer of Keras", "many threads at once", "saved again"
TOGETHER = [OFTEN, *(soak((way,)) for way in WAYS)]
"""Ways that follow each other in one process: its start takes as long as two of them."""


@pytest.fixture(scope="module")
def given(both, quantised, batch, tmp_path_factory):
    """Frames, num_frames, and what both graphs predict for them."""
    path = tmp_path_factory.mktemp("given") / "in.npz"
    expected, of_other = (load_graph(g).predict(batch) for g in (both["at_load"], quantised["bag"]))
    arrays = {"frames": batch.frames, "num_frames": batch.num_frames}
    np.savez(path, **arrays, expected=expected, of_other=of_other)
    return path


@pytest.fixture(scope="module")
def other(quantised, tmp_path_factory):
    from yt8m.serving.ensemble import export_ensemble

    out = tmp_path_factory.mktemp("other")
    export_ensemble("other", {quantised["bag"]: 1.0}, out)
    return out / GRAPH


def run(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-I", "-c", TWO_DEVICES + START + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("ways", TOGETHER, ids=", ".join)
def test_a_loaded_graph_predicts_the_same_bits(ways, both, other, given):
    run("".join(WAYS[way] for way in ways), both["at_load"] / GRAPH, other, given)


@pytest.mark.parametrize("name", mostly(STRATEGIES, ("mirrored twice",)))
def test_a_graph_in_the_scope_of_a_strategy_predicts_the_same_bits(name, both, other, given):
    """Also if it is called in a cross-replica context, which variables would not allow."""
    code = STRATEGY.format(strategy=STRATEGIES[name]) + IN_SCOPE
    run(code, both["at_load"] / GRAPH, other, given)


def test_a_graph_decoded_per_call_predicts_the_same_bits_in_a_strategy(both, other, given):
    code = STRATEGY.format(strategy=STRATEGIES["mirrored twice"])
    run(code, both["per_call"] / GRAPH, other, given)


def test_a_copy_elsewhere_does_not_need_the_original(both, other, given, tmp_path):
    shutil.copytree(both["at_load"], tmp_path / "there", ignore=lambda *_: ["ensemble.json"])
    shutil.move(tmp_path / "there", tmp_path / "elsewhere")
    run(WAYS["by tags"], tmp_path / "elsewhere" / GRAPH, other, given)


def test_saved_model_cli_shows_and_runs_a_graph(both, batch, given, tmp_path):
    command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli"]
    arguments = ["--dir", str(both["at_load"] / GRAPH), "--tag_set", "serve"]
    arguments += ["--signature_def", "serving_default"]
    shown = subprocess.run([*command, "show", *arguments], capture_output=True, text=True)
    assert shown.returncode == 0 and "inputs['num_frames']" in shown.stdout
    for name in ("frames", "num_frames"):
        np.save(tmp_path / f"{name}.npy", getattr(batch, name))
    inputs = ";".join(f"{n}={tmp_path / n}.npy" for n in ("frames", "num_frames"))
    done = subprocess.run(
        [*command, "run", *arguments, "--inputs", inputs, "--outdir", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    np.testing.assert_array_equal(
        np.load(tmp_path / "output_0.npy"), load_graph(both["at_load"]).predict(batch)
    )
