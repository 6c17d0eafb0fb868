"""The kinds of projections."""

import numpy as np
import pytest

from tests.projections.samples import batches_of, frames_of
from yt8m.errors import ConfigError, RecordError
from yt8m.projections.levels import RoundTrip
from yt8m.recipes import as_entry, kinds, read_recipe

FRAMES = frames_of(3000, 10)


def recipe(kind, **words):
    return read_recipe("yt8m.projections", {"kind": kind, **words}, "projection")


def fit(kind, frames=FRAMES, **words):
    return recipe(kind, **words).fit(batches_of(frames, 70), frames.shape[1], "projection")


def refused(error, message, kind, **words):
    with pytest.raises(error, match=message):
        fit(kind, **words)


@pytest.fixture
def files(tmp_path):
    """Files as Google's: 10 eigenvectors in rows, and columns of means and eigenvalues."""
    values, vectors = np.linalg.eigh(np.cov(FRAMES.T.astype(np.float64)))
    arrays = {
        "mean": FRAMES.mean(axis=0)[:, None],
        "eigenvectors": vectors[:, ::-1].T,
        "eigenvalues": values[::-1, None],
    }
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    return {name: f"{tmp_path}/{name}.npy" for name in arrays}


def test_the_kinds_are_known():
    assert kinds("yt8m.projections") == ["fitted", "given", "none", "pca_whiten", "scale"]


def test_whitening_is_principal_component_analysis_done_slowly():
    """Against singular values of all frames at once."""
    fitted = fit("pca_whiten", size=4)
    centred = FRAMES.astype(np.float64) - FRAMES.mean(axis=0, dtype=np.float64)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    expected = centred @ rows[:4].T / np.sqrt(singular[:4] ** 2 / (len(FRAMES) - 1) + 1e-4)
    found = fitted.apply(FRAMES)
    signs = np.sign(np.sum(found * expected, axis=0))
    np.testing.assert_allclose(found, expected * signs, atol=2e-4)
    assert (fitted.kind, fitted.width, fitted.size, fitted.frames) == ("pca_whiten", 10, 4, 3000)


def test_whitened_values_are_uncorrelated_with_unit_variance():
    found = fit("pca_whiten", size=10, epsilon=0.0).apply(FRAMES).astype(np.float64)
    np.testing.assert_allclose(np.cov(found.T), np.eye(10), atol=1e-3)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-3)


def test_epsilon_is_added_to_the_variances():
    one, other = (fit("pca_whiten", size=2, epsilon=e) for e in (0.0, 5.0))
    ratio = one.deviations.astype(np.float64) ** 2 + 5
    np.testing.assert_allclose(other.deviations.astype(np.float64) ** 2, ratio, rtol=1e-5)


def test_scaled_values_have_unit_variance_and_constants_become_zero():
    frames = FRAMES.copy()
    frames[:, 3], frames[:, 5] = 0, 0.1
    found = fit("scale", frames).apply(frames)
    varying = np.delete(found, [3, 5], axis=1).astype(np.float64)
    np.testing.assert_allclose(varying.std(axis=0, ddof=1), 1, rtol=1e-5)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found[:, [3, 5]], 0, atol=1e-7)


def test_values_in_range_stay_as_they_are_and_others_are_clipped_and_counted():
    fitted = fit("none", low=0.0, high=1.0)
    values = np.array([[0.5, -0.5] + [0.25] * 8], np.float32)
    error = RoundTrip()
    bytes = fitted.to_bytes(values, error)
    assert bytes[0, :2].tolist() == [127, 0]
    assert (error.clipped, error.values) == (1, 10)


def test_given_files_give_googles_formula_and_bytes(files):
    mean, vectors, values = (np.load(files[name]) for name in files)
    values, vectors = values[:6, 0], vectors.T[:, :6]
    expected = (FRAMES - mean[:, 0]) @ vectors / np.sqrt(values + 1e-4)
    fitted = fit("given", size=6, rounding="nearest", **files)
    np.testing.assert_allclose(fitted.apply(FRAMES), expected, atol=2e-4)
    places = (np.clip(expected, -2, 2) + 2) * 255 / 4
    found = fitted.to_bytes(FRAMES).astype(int)
    certain = np.abs(places - np.floor(places) - 0.5) > 0.02
    assert certain.mean() > 0.9
    np.testing.assert_array_equal(found[certain], np.rint(places)[certain])
    assert np.abs(found - np.rint(places)).max() <= 1


def test_fitted_and_given_axes_agree(files):
    given, fitted = fit("given", size=5, **files), fit("pca_whiten", size=5)
    one, other = given.apply(FRAMES), fitted.apply(FRAMES)
    signs = np.sign(np.sum(one * other, axis=0))
    np.testing.assert_allclose(one * signs, other, atol=1e-3)


def test_given_vectors_may_be_columns_and_unscaled(files, tmp_path):
    vectors = np.load(files["eigenvectors"])[:7].T  # [10, 7]
    np.savez(tmp_path / "all.npz", vectors=vectors, mean=np.load(files["mean"])[:, 0])
    words = {"mean": f"{tmp_path}/all.npz:mean", "eigenvectors": f"{tmp_path}/all.npz:vectors"}
    fitted = fit("given", size=6, eigenvectors_in="columns", **words)
    assert fitted.deviations is None
    expected = (FRAMES - FRAMES.mean(axis=0)) @ vectors[:, :6]
    np.testing.assert_allclose(fitted.apply(FRAMES), expected, atol=1e-3)
    assert recipe("given", **words).inputs() == [f"{tmp_path}/all.npz"]


@pytest.mark.parametrize("kind", ["none", "given"])
def test_kinds_that_are_not_fitted_read_no_frames(kind, files):
    def batches():
        raise AssertionError
        yield

    words = {"low": 0.0, "high": 1.0} if kind == "none" else {"size": 2, **files}
    made = recipe(kind, **words)
    assert not made.reads_frames
    assert made.fit(batches(), 10, "").frames == 0
    assert recipe("scale").reads_frames and recipe("pca_whiten", size=2).reads_frames


@pytest.mark.parametrize(
    ("kind", "words", "size"),
    [
        ("scale", {}, 10),
        ("none", {"low": 0.0, "high": 1.0}, 10),
        ("pca_whiten", {"size": 4}, 4),
        ("pca_whiten", {}, 10),
    ],
)
def test_the_size_is_known_before_anything_is_read(kind, words, size):
    made = recipe(kind, **words)
    assert made.projected_size(10, "") == size
    assert fit(kind, **words).size == size
    assert made.inputs() == []
    assert read_recipe("yt8m.projections", as_entry(made), "") == made


def test_the_size_of_the_arrays_is_known_before_the_fit(files):
    without = {name: files[name] for name in ("mean", "eigenvectors")}
    for kind, words in [
        ("scale", {}),
        ("none", {"low": 0.0, "high": 1.0}),
        ("pca_whiten", {"size": 4}),
        ("pca_whiten", {}),
        ("given", {"size": 3, **files}),
        ("given", without),
    ]:
        arrays = fit(kind, **words).arrays().values()
        assert recipe(kind, **words).array_size(10) == sum(array.size for array in arrays)


def test_too_few_frames_or_varying_directions_are_refused():
    text = "the 5 frames vary in only 4 of 10 directions; set dataset.features.projection .* to 4"
    refused(RecordError, text, "pca_whiten", frames=FRAMES[:5], size=6)
    assert fit("pca_whiten", FRAMES[:5], size=4).size == 4
    constant = FRAMES.copy()
    constant[:, 2:] = 7
    refused(RecordError, "only 2 of 10 directions", "pca_whiten", frames=constant, size=3)
    text = "vary in only 0 of 10 directions"
    refused(RecordError, text, "pca_whiten", frames=np.ones((9, 10), np.float32), size=1)
    refused(RecordError, "has 1 frames to fit on", "scale", frames=FRAMES[:1])
    text = "projection.size: is 11; frames have only 10 values"
    refused(ConfigError, text, "pca_whiten", size=11)


def test_given_files_that_do_not_fit_are_refused(files, tmp_path):
    refused(ConfigError, "size: is 11; frames have only 10", "given", size=11, **files)
    text = r"projection.eigenvectors: .*shape \[4, 10\]; expected 5 or more rows of 10 values"
    np.save(tmp_path / "few.npy", np.load(files["eigenvectors"])[:4])
    few = files | {"eigenvectors": f"{tmp_path}/few.npy"}
    refused(ConfigError, text, "given", size=5, **few)
    text = r"shape \[4, 10\]; expected 4 or more columns of 10 values"
    refused(ConfigError, text, "given", size=4, eigenvectors_in="columns", **few)
    text = "projection.mean: .*mean.npy has 10 values; frames have 9"
    refused(ConfigError, text, "given", frames=FRAMES[:, :9], size=2, **files)
    np.save(tmp_path / "ascending.npy", np.load(files["eigenvalues"])[::-1])
    wrong = files | {"eigenvalues": f"{tmp_path}/ascending.npy"}
    refused(ConfigError, "begins with the smallest; sort by", "given", size=2, **wrong)
    np.save(tmp_path / "negative.npy", np.array([3.0, -1.0, -2.0]))
    wrong = files | {"eigenvalues": f"{tmp_path}/negative.npy"}
    refused(ConfigError, "holds -1; variances must be positive", "given", size=2, **wrong)
    refused(ConfigError, "has 3 values; expected 4 or more", "given", size=4, **wrong)
    wrong = files | {"mean": f"{tmp_path}/none.npy"}
    refused(RecordError, "none.npy: no such file", "given", size=2, **wrong)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"kind": "pca_whiten", "size": 0}, "projection.size: is 0; 1 or more"),
        ({"kind": "none", "low": 0}, "projection.high: is missing"),
        ({"kind": "none", "low": 1, "high": 1}, "high: is 1; more than low, 1"),
        ({"kind": "none", "low": 1e6, "high": 1000001}, "too close to low, 1e.06; subtract"),
        ({"kind": "scale", "rounding": "up"}, "rounding: is 'up'; expected one of 'floor' or 'nea"),
        ({"kind": "pca"}, "unknown kind 'pca'"),
        ({"kind": "given", "mean": ""}, "projection.mean: is an empty text|eigenvectors: is miss"),
    ],
)
def test_wrong_settings_are_refused(words, message):
    with pytest.raises(ConfigError, match=message):
        read_recipe("yt8m.projections", words, "projection")


def test_a_size_that_is_left_open_is_that_of_the_records():
    assert recipe("pca_whiten").sized(3) == recipe("pca_whiten", size=3)
    assert recipe("pca_whiten", size=5).sized(3) == recipe("pca_whiten", size=5)
    assert recipe("scale").sized(3) == recipe("scale")
