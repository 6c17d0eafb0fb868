"""Facts read from a stored graph. The graphs are built with TensorFlow's own compat.v1."""

import pytest
import tensorflow as tf

from tests.tf1.graphs import coupled, drawing, gate, variable, write_graph
from yt8m.errors import ArtefactError
from yt8m.tf1.graph_facts import GraphFacts, read_graph_facts

v1 = tf.compat.v1


def facts_of(folder, build):
    graph = tf.Graph()
    with graph.as_default():
        tf.random.set_seed(1)  # which other tests' determinism asks for
        build()
        v1.train.export_meta_graph(str(folder / "inference_model.meta"))
    return read_graph_facts(folder / "inference_model")


def model(remove=False, pool=None, l2=None):
    with v1.name_scope("tower"):
        frames = v1.placeholder("float32", [None, 5, 4])
        weights = tf.ones([4, 4])
        if remove:
            tf.linalg.diag_part(weights)
        if pool:
            pool(frames, 1)
        if l2:
            v1.constant(l2, name="gates/kernel/Regularizer/l2_regularizer/scale")
    tf.reduce_mean(frames)  # the loss, outside


def test_a_gate_without_its_diagonal_is_recognised(tmp_path):
    assert facts_of(tmp_path, lambda: model(remove=True)).settings("") == {
        "gating_remove_diagonal": True
    }
    assert facts_of(tmp_path, model).settings("") == {"gating_remove_diagonal": False}


@pytest.mark.parametrize(
    ("pool", "word"), [(tf.reduce_max, "max"), (tf.reduce_mean, "average")], ids=["max", "average"]
)
def test_pooling_and_penalty_are_recognised(tmp_path, pool, word):
    found = facts_of(tmp_path, lambda: model(pool=pool, l2=1e-6)).settings("")
    assert found == {"gating_remove_diagonal": False, "pooling": word, "l2": 1e-6}


def test_members_have_facts_and_weights_of_their_own(tmp_path):
    def ensemble():
        with v1.name_scope("model_0"):
            model(remove=True)
            first = tf.ones([2], name="div")
        with v1.name_scope("model_1"):
            model(l2=0.5)
            second = tf.ones([2], name="div")
            _ = second * 9.0
        _ = first * 0.7 + second * 0.3

    facts = facts_of(tmp_path, ensemble)
    assert facts.settings("model_0/") == {"gating_remove_diagonal": True}
    assert facts.settings("model_1/") == {"gating_remove_diagonal": False, "l2": 0.5}
    assert facts.member_weights() == {0: 0.7, 1: 0.3}


SMALL = pytest.mark.parametrize("small", [None, "codebook", "float16"], ids=str)


@SMALL
@pytest.mark.parametrize("source", ["prob", "activation"])
def test_the_source_of_a_gate_is_recognised_through_quantised_variables(tmp_path, source, small):
    facts = read_graph_facts(write_graph(tmp_path, lambda: gate(source, small)))
    word = {"prob": "probabilities", "activation": "activations"}[source]
    assert facts.settings("") == {"gating_remove_diagonal": False, "gated_by": word}


@SMALL
def test_the_factor_of_coupled_centres_is_recognised(tmp_path, small):
    facts = read_graph_facts(write_graph(tmp_path, lambda: coupled(0.02, small)))
    assert facts.settings("")["coupling_factor"] == 0.02


def uncoupled():
    with v1.name_scope("video_FV"):
        return tf.ones([3, 4]) @ variable("tower/video_FV/cluster_weights", 4, 4) * 0.5


def test_a_factor_of_anything_else_is_ignored(tmp_path):
    facts = read_graph_facts(write_graph(tmp_path, uncoupled))
    assert "coupling_factor" not in facts.settings("")


CHANCES = [
    (lambda: drawing(sample_all=True), []),
    (drawing, ["sampled frames at random (no sample_all); here all frames are used"]),
    (
        lambda: drawing(sample_all=True, shuffle=True),
        ["shuffled frames (frame_shuffle); here they keep their order"],
    ),
]


@pytest.mark.parametrize(("build", "lines"), CHANCES, ids=["sample_all", "some", "shuffled"])
def test_random_operations_of_a_graph_are_reported(tmp_path, build, lines):
    facts = read_graph_facts(write_graph(tmp_path, build))
    assert facts.chances("") == lines
    assert facts.chances("model_0/") == []


def test_a_training_graph_gives_no_facts_about_predictions(tmp_path):
    def build():
        drawing(shuffle=True)
        with v1.name_scope("gradients"):
            tf.ones([])

    assert read_graph_facts(write_graph(tmp_path, build)).chances("") == []


def test_a_cyclic_graph_does_not_hang(tmp_path):
    graph = write_graph(tmp_path, lambda: gate("prob"))
    facts = read_graph_facts(graph)
    for node in facts.nodes.values():
        if node.op == "Identity":
            node.input[0] = node.name
        if node.op == "MatMul":
            del node.input[1:]
    assert facts.settings("") == {"gating_remove_diagonal": False}


def test_without_a_graph_there_are_no_facts(tmp_path):
    facts = read_graph_facts(tmp_path / "inference_model")
    assert facts == GraphFacts()
    assert facts.settings("") == facts.member_weights() == {}


def test_a_damaged_graph_is_refused(tmp_path):
    (tmp_path / "inference_model.meta").write_bytes(b"\x0a\xff no graph")
    with pytest.raises(ArtefactError, match=r"inference_model.meta: is not a TensorFlow graph"):
        read_graph_facts(tmp_path / "inference_model")


def test_the_graphs_of_2018_are_read(golden):
    facts = read_graph_facts(golden("checkpoints/ensemble/inference_model"))
    assert facts.member_weights() == {0: 0.5, 1: 0.3, 2: 0.2}
    assert facts.settings("model_0/") == {"gating_remove_diagonal": False, "l2": 1e-6}
    assert facts.settings("model_1/")["l2"] == 1e-8
    assert not any(facts.chances(f"model_{i}/") for i in range(3))
