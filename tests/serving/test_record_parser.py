"""Records parsed inside a graph are read like everywhere else."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.data.examples import decode_video
from yt8m.data.schema import Schema
from yt8m.serving.record_parser import parse

FRAMES = np.arange(12, dtype=np.uint8).reshape(3, 4)


def feature(*values):
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def record(layout, ids):
    """A record whose id is in the features of these names."""
    named = {name: feature(id.encode()) for name, id in ids.items()}
    if layout == "video":
        features = tf.train.Features(feature={**named, "mean_rgb": feature(0.5, 1.0, 1.5, 2.0)})
        return tf.train.Example(features=features).SerializeToString()
    frames = tf.train.FeatureList(feature=[feature(frame.tobytes()) for frame in FRAMES])
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=named),
        feature_lists=tf.train.FeatureLists(feature_list={"rgb": frames}),
    ).SerializeToString()


@pytest.mark.parametrize("layout", ["frame", "video"])
@pytest.mark.parametrize("names", [["id"], ["video_id"], ["id", "video_id"]])
def test_ids_match_those_of_the_reader(layout, names):
    schema = Schema({"rgb": 4}, classes=2, max_frames=5, layout=layout)
    payload = record(layout, {name: f"the {name}" for name in names})
    ids, frames, num_frames = parse(tf.constant([payload]), schema)
    video = decode_video(payload, schema, "here")
    assert [id.decode() for id in ids.numpy()] == [video.id] == [f"the {names[0]}"]
    np.testing.assert_array_equal(frames[0], np.atleast_2d(video.features["rgb"]))
    assert num_frames.numpy().tolist() == [3 if layout == "frame" else 1]
