"""Fitted projections, and their files."""

from dataclasses import replace

import numpy as np
import pytest

from tests.projections.samples import frames_of
from yt8m.errors import ArtefactError, RecordError
from yt8m.projections.files import load_projections, save_projections
from yt8m.projections.levels import Levels, RoundTrip
from yt8m.projections.projection import BLOCK, Projection
from yt8m.weights import load_weights, save_weights

RNG = np.random.default_rng(0)
WHITENING = Projection(
    "pca_whiten",
    6,
    Levels(-2, 2, "nearest"),
    frames=100,
    mean=RNG.standard_normal(6).astype(np.float32),
    vectors=RNG.standard_normal((6, 4)).astype(np.float32),
    deviations=RNG.uniform(1, 2, 4).astype(np.float32),
)
RANGE = Projection("none", 3, Levels(0, 1))
FRAMES = frames_of(5, 6)


def slowly(projection, frame):
    """One frame, value by value."""
    centred = [float(v) - float(m) for v, m in zip(frame, projection.mean, strict=True)]
    return [
        sum(c * float(v) for c, v in zip(centred, vector, strict=True)) / float(deviation)
        for vector, deviation in zip(projection.vectors.T, projection.deviations, strict=True)
    ]


def test_a_projection_does_what_a_slow_loop_does():
    expected = [slowly(WHITENING, frame) for frame in FRAMES]
    found = WHITENING.apply(FRAMES)
    assert (found.dtype, WHITENING.size) == (np.float32, 4)
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-4)


def test_without_arrays_values_stay_as_they_are():
    values = RNG.uniform(0, 1, (4, 3)).astype(np.float32)
    np.testing.assert_array_equal(RANGE.apply(values), values)
    assert RANGE.size == 3


def test_bytes_and_their_error_come_together():
    error = RoundTrip()
    bytes = WHITENING.to_bytes(FRAMES, error)
    projected = WHITENING.apply(FRAMES)
    assert (bytes.dtype, bytes.shape) == (np.uint8, (5, 4))
    np.testing.assert_array_equal(bytes, WHITENING.levels.to_bytes(projected))
    np.testing.assert_array_equal(WHITENING.to_bytes(FRAMES), bytes)
    assert error.values == 20
    difference = WHITENING.from_bytes(bytes).astype(np.float64) - projected
    np.testing.assert_allclose(error.mean_error, difference.mean(), rtol=1e-5)


@pytest.mark.parametrize("arrays", [("mean", "deviations"), ("mean", "vectors"), ()])
def test_long_videos_give_the_bytes_and_the_error_of_all_frames_at_once(arrays):
    width = 6
    parts = {"mean": RNG.standard_normal(width), "deviations": RNG.uniform(1, 2, width)}
    parts["vectors"] = RNG.standard_normal((width, width))
    parts = {name: parts[name].astype(np.float32) for name in arrays}
    projection = Projection("any", width, Levels(-3, 2), **parts)
    frames = RNG.standard_normal((2 * BLOCK // width + 5, width)).astype(np.float32)
    found, expected = RoundTrip(), RoundTrip()
    bytes = projection.to_bytes(frames, found)
    projected = projection.apply(frames)
    np.testing.assert_array_equal(bytes, projection.levels.to_bytes(projected))
    expected.add(projected, bytes, projection.levels)
    assert (found.values, found.clipped) == (expected.values, expected.clipped)
    assert found.clipped > 100
    sums = [[e.total, e.squares, e.squares_inside] for e in (found, expected)]
    np.testing.assert_allclose(*sums, rtol=1e-6)


def test_the_input_is_not_changed():
    before = FRAMES.copy()
    WHITENING.to_bytes(FRAMES)
    np.testing.assert_array_equal(FRAMES, before)
    values = np.array([[0.5, 2.0, -1.0]], np.float32)
    RANGE.to_bytes(values)
    np.testing.assert_array_equal(values, [[0.5, 2.0, -1.0]])


def test_frames_that_do_not_fit_are_refused():
    with pytest.raises(RecordError, match=r"shape \[5, 5\]; the projection needs \[frames, 6\]"):
        WHITENING.apply(FRAMES[:, :5])
    with pytest.raises(RecordError, match="overflow in the projection"):
        WHITENING.apply(np.full((1, 6), 3e38, np.float32))


def test_projections_come_back_from_their_file(tmp_path):
    path = tmp_path / "projections.safetensors"
    save_projections(path, {"rgb": WHITENING, "audio": RANGE})
    found = load_projections(path)
    assert list(found) == ["rgb", "audio"]
    for name, before in {"rgb": WHITENING, "audio": RANGE}.items():
        assert found[name].about() == before.about()
        assert found[name].digest == before.digest
    np.testing.assert_array_equal(found["rgb"].to_bytes(FRAMES), WHITENING.to_bytes(FRAMES))
    save_projections(tmp_path / "again", found)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_the_digest_tells_what_changes_the_bytes():
    others = [
        replace(WHITENING, levels=Levels(-2, 2)),
        replace(WHITENING, levels=Levels(-2, 3, "nearest")),
        replace(WHITENING, mean=WHITENING.mean + 1),
        replace(WHITENING, deviations=None),
        RANGE,
        replace(RANGE, width=4),
    ]
    digests = {projection.digest for projection in [WHITENING, *others]}
    assert len(digests) == 7
    assert replace(WHITENING, frames=3, kind="given").digest == WHITENING.digest
    vectors = np.asfortranarray(WHITENING.vectors)
    assert replace(WHITENING, vectors=vectors).digest == WHITENING.digest


def test_files_that_are_none_are_refused(tmp_path):
    path = tmp_path / "p.safetensors"
    with pytest.raises(ArtefactError, match="no such file; fit the projections first"):
        load_projections(path)
    save_projections(path, {"rgb": WHITENING})
    damaged = bytearray(path.read_bytes())
    damaged[-3] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ArtefactError, match=r"p.safetensors: is damaged"):
        load_projections(path)
    save_weights(path, {}, {"kind": "other"})
    with pytest.raises(ArtefactError, match="holds a 'other'; expected a 'projections'"):
        load_projections(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 7}, r"rgb/mean is float32 \[6\]; expected float32 \[7\]"),
        ({"size": 3}, r"rgb/vectors is float32 \[6, 4\]; expected float32 \[6, 3\]"),
        ({"levels": {"low": 0, "high": 1, "rounding": "up"}}, "rounding: is 'up'; expected 'floor"),
        ({"levels": {"low": 0}}, "levels.high: is missing"),
        ({"frames": -1}, r"frames: is -1; expected a whole number"),
    ],
)
def test_files_whose_parts_contradict_each_other_are_refused(tmp_path, change, message):
    path = tmp_path / "p.safetensors"
    save_projections(path, {"rgb": WHITENING})
    arrays, header = load_weights(path)
    header["features"][0] |= change
    save_weights(path, arrays, header)
    with pytest.raises(ArtefactError, match=message):
        load_projections(path)


def test_an_absent_feature_gets_the_bytes_of_the_mean_or_else_of_the_middle():
    for projection, value in ((WHITENING, 0), (RANGE, 0.5)):
        found = projection.absent(4)
        assert found.shape == (4, projection.size) and found.dtype == np.uint8
        step = (projection.levels.high - projection.levels.low) / 255
        np.testing.assert_allclose(projection.from_bytes(found), value, atol=step)
