"""Extractors' values in a graph: the same bytes and predictions as by way of records."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.projections.samples import frames_of
from tests.serving.own_features import fitted, raw_videos, records_of, write_linear
from tests.small import SCHEMA
from yt8m.data.schema import Batch, Schema, split_features
from yt8m.errors import ArtefactError
from yt8m.projections.files import save_projections
from yt8m.projections.levels import Levels
from yt8m.projections.projection import Projection
from yt8m.recipes import kinds, read_recipe
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import Graph
from yt8m.serving.mean_graph import mean_graph
from yt8m.serving.member import load_member
from yt8m.serving.preprocessing import GivenFiles
from yt8m.serving.raw_features import arrays_of, to_bytes
from yt8m.serving.tensor_functions import predictor

LENGTHS = np.array([10, 3, 1, 10, 7], np.int32)


@pytest.fixture(scope="module", params=["at_load", "per_call"])
def module(request, tmp_path_factory):
    stage = write_linear(tmp_path_factory.mktemp("models") / "linear", SCHEMA)
    return mean_graph([load_member(stage)], [1.0], decode=request.param, projections=fitted())


def raw(module, values, num_frames):
    inputs = [tf.constant(values[name]) for name in SCHEMA.features]
    return module.predict_raw(*inputs, tf.constant(num_frames))["predictions"].numpy()


def on_levels(videos=5, frames=10):
    """Values whose projections are in the middle between the edges of levels, and their bytes."""
    bytes = np.random.default_rng(1).integers(0, 256, (videos, frames, SCHEMA.feature_size))
    values = {}
    for name, some in split_features(bytes.astype(np.float64), SCHEMA).items():
        by = fitted()[name]
        middle = some if by.levels.rounding == "nearest" else (some + 0.5).clip(max=254.75)
        low, high = by.levels.low, by.levels.high
        projected = (middle * (high - low) / 255 + low) * by.deviations
        back = projected if by.vectors is None else projected @ by.vectors.T
        values[name] = (back + by.mean).astype(np.float32)
    bytes[..., : SCHEMA.features["rgb"]].clip(max=254, out=bytes[..., : SCHEMA.features["rgb"]])
    return values, bytes.astype(np.uint8)


def test_raw_values_predict_exactly_as_the_records_made_of_them(module):
    values, bytes = on_levels()
    np.testing.assert_array_equal(records_of(values), bytes)
    expected = module.predict_bytes(tf.constant(bytes), tf.constant(LENGTHS)).numpy()
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_array_equal(raw(module, values, LENGTHS), expected)


@pytest.mark.parametrize("rounding", ["floor", "nearest"])
@pytest.mark.parametrize("kind", kinds("yt8m.projections"))
def test_bytes_differ_from_those_of_records_only_at_the_edge_of_a_level(kind, rounding, tmp_path):
    frames = frames_of(300, 64) / 20
    projection = projection_of(kind, frames, rounding, tmp_path)
    arrays = arrays_of({"rgb": projection})
    found, finite = to_bytes(
        [tf.constant(frames[None])], {"rgb": projection}, lambda name: tf.constant(arrays[name])
    )
    expected = projection.to_bytes(frames)
    difference = np.abs(found.numpy()[0].astype(int) - expected)
    scaled = (projection.apply(frames).astype(np.float64) + 2) * 255 / 4
    from_edge = np.abs(scaled % 1 - 0.5)
    from_edge = from_edge if rounding == "nearest" else 0.5 - from_edge
    assert finite.numpy().all() and len(np.unique(expected)) == 256
    assert difference.max() <= 1 and from_edge[difference > 0].max(initial=0) < 1e-3
    assert difference.mean() < 1e-3


def projection_of(kind, frames, rounding, folder):
    """A projection of some kind to values of about -2 to 2 in 64 dimensions or fewer."""
    files = {
        "mean": frames.mean(axis=0),
        "eigenvectors": np.linalg.qr(frames.T @ frames)[0][:48],
        "eigenvalues": np.sort(frames.var(axis=0))[::-1],
    }
    for name, array in files.items():
        np.save(folder / f"{name}.npy", array)
    known = {"mean": files["mean"], "deviations": frames.std(axis=0)}
    earlier = Projection("scale", 64, Levels(), **known)
    save_projections(folder / "earlier", {"rgb": earlier})
    words = {
        "fitted": {"file": f"{folder}/earlier"},
        "none": {"low": -2, "high": 2},
        "scale": {"low": -2, "high": 2},
        "given": {name: f"{folder}/{name}.npy" for name in files} | {"size": 48},
        "pca_whiten": {"size": 48},
    }[kind]
    return replace(
        read_recipe("yt8m.projections", {"kind": kind, **words}, kind).fit([frames], 64, kind),
        levels=Levels(-2, 2, rounding),
    )


def test_padding_is_ignored_and_a_value_that_is_not_finite_gives_nan_for_its_video_only(module):
    values = raw_videos(5, 10)
    expected = raw(module, values, LENGTHS)
    assert np.isfinite(expected).all()
    values["rgb"][1, 3:] = np.nan
    values["audio"][2, 1:] = np.inf
    np.testing.assert_array_equal(raw(module, values, LENGTHS), expected)
    values["audio"][1, 2, 4] = np.nan
    values["rgb"][4, 0, 0] = -np.inf
    found = raw(module, values, LENGTHS)
    assert np.isnan(found[[1, 4]]).all()
    np.testing.assert_array_equal(found[[0, 2, 3]], expected[[0, 2, 3]])


def test_a_feature_that_a_video_lacks_is_its_neutral_value(module):
    values = raw_videos(5, 10)
    values["audio"][1] = fitted()["audio"].neutral
    bytes = records_of(values)
    bytes[1, :, SCHEMA.features["rgb"] :] = fitted()["audio"].absent(10)
    expected = module.predict_bytes(tf.constant(bytes), tf.constant(LENGTHS)).numpy()
    np.testing.assert_array_equal(raw(module, values, LENGTHS)[1], expected[1])


def test_a_model_of_means_takes_the_mean_of_what_the_bytes_stand_for(tmp_path):
    schema = replace(SCHEMA, layout="video")
    member = load_member(write_linear(tmp_path, schema))
    module = mean_graph([member], [1.0], projections=fitted())
    values, bytes = on_levels()
    parts = split_features(bytes, schema)
    back = np.concatenate([fitted()[n].from_bytes(part) for n, part in parts.items()], axis=2)
    means = np.stack([video[:n].mean(axis=0) for video, n in zip(back, LENGTHS, strict=True)])
    graph = Graph("means", schema, "", predictor(module.predict_bytes, module.predict_floats), "")
    batch = Batch([""] * 5, means[:, None], np.ones(5, np.int32), np.zeros((5, 6), bool))
    found = raw(module, values, LENGTHS)
    np.testing.assert_allclose(found, graph.predict(batch), rtol=1e-5)


def test_a_feature_with_the_name_of_another_input_is_refused(tmp_path):
    schema = Schema({"num_frames": 8}, classes=6, max_frames=10)
    stage = write_linear(tmp_path / "linear", schema)
    save_projections(tmp_path / "p.safetensors", {"num_frames": fitted()["audio"]})
    given = GivenFiles(tmp_path / "p.safetensors")
    with pytest.raises(ArtefactError, match=r"set `raw: false` for ensembles.final"):
        export_ensemble("final", {stage: 1.0}, tmp_path / "out", given=given)
