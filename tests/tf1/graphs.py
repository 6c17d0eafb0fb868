"""Stored graphs (`.meta`) with the original's names and operations, built with compat.v1."""

import tensorflow as tf

v1 = tf.compat.v1


def write_graph(folder, build, scope=""):
    """`folder/inference_model.meta`: what `build` makes in the name scope `tower`."""
    graph = tf.Graph()
    with graph.as_default():
        tf.random.set_seed(1)  # which other tests' determinism asks for
        with v1.name_scope(f"{scope}tower"):
            build()
        v1.train.export_meta_graph(str(folder / "inference_model.meta"))
    return folder / "inference_model"


def variable(name, *shape, small=None):
    """A variable in a graph. small: "codebook" or "float16", as written by `quantize.py`.

    Names are the whole ones: they do not follow name scopes.
    """

    def stored(name, shape, dtype):
        return v1.get_variable(name, shape, dtype, use_resource=False)

    if small == "codebook":
        codes = stored(f"{name}_quants", shape, tf.uint8)
        return tf.gather(stored(f"{name}_space", (256,), tf.float32), tf.cast(codes, tf.int32))
    if small == "float16":
        return tf.cast(stored(f"{name}float16", shape, tf.float16), tf.float32)
    return stored(name, shape, tf.float32).read_value()


def gate(source, small=None):
    """Experts, and the gate of their probabilities; source: "prob" or "activation"."""
    classified = v1.placeholder("float32", [None, 4])
    with v1.name_scope("experts"):
        experts = tf.matmul(classified, variable("tower/experts/weights", 4, 4, small=small))
    probabilities = tf.reshape(tf.sigmoid(experts), [-1, 4])
    gated_by = probabilities if source == "prob" else classified
    return tf.matmul(gated_by, variable("tower/gating_prob_weights", 4, 4, small=small))


def coupled(factor, small=None):
    """Centres of clusters that are multiples of the kernel."""
    with v1.name_scope("video_FV"):
        return factor * variable("tower/video_FV/cluster_weights", 4, 4, small=small)


def drawing(sample_all=False, shuffle=False):
    """Frames as `model_utils` sampled them."""
    frames = v1.placeholder("float32", [None, 5, 4])
    sampled = tf.gather_nd(frames, tf.cast(v1.random_uniform([3, 5, 2]), tf.int32))
    if sample_all:
        tf.logical_not(sampled > 0.0)
    if shuffle:
        tf.math.top_k(v1.random_uniform([3, 5]), 5)
    return sampled
