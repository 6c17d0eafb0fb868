"""Networks that users give: their numbers, and messages about what does not fit."""

from dataclasses import replace

import numpy as np
import pytest
from onnx import TensorProto

from tests.extractors.made import (
    IMAGES,
    inception_graph,
    onnx_file,
    pca_folder,
    saved_model_folder,
)
from tests.extractors.photos import noise
from yt8m.errors import ArtefactError, ConfigError
from yt8m.extractors.images import inception2015, onnx, saved_model
from yt8m.extractors.mel import RATE
from yt8m.extractors.preparation import IMAGENET_DEVIATION, IMAGENET_MEAN, vectors
from yt8m.extractors.sounds import onnx as onnx_sounds
from yt8m.recipes import read_recipe

PICTURES = noise(3, 8, 10)
MATRIX_5 = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
SCALED = (PICTURES - np.array(IMAGENET_MEAN)) / np.array(IMAGENET_DEVIATION)


def means(pictures):
    return pictures.mean(axis=(1, 2)) @ MATRIX_5


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def onnx_recipe(path, **words):
    return onnx.Recipe(**{"model": str(path), "size": 5, "resolution": (8, 10)} | words)


@pytest.mark.parametrize("rows", [None, 1, 2, 7])
@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_onnx_gets_scaled_pictures_in_its_layout_and_number(tmp_path, rows, layout):
    shape, axes = ([rows, 3, 8, 10], [2, 3]) if layout == "nchw" else ([rows, 8, 10, 3], [1, 2])
    path = onnx_file(tmp_path / "a.onnx", shape, axes, 5)
    close(onnx_recipe(path, layout=layout).load(1)(PICTURES), means(SCALED))


@pytest.mark.parametrize("kind", [TensorProto.FLOAT16, TensorProto.DOUBLE])
def test_onnx_gets_floats_of_its_own_type(tmp_path, kind):
    path = onnx_file(tmp_path / "a.onnx", [None, 3, 8, 10], [2, 3], 5, kind)
    found = onnx_recipe(path).load(1)(PICTURES)
    np.testing.assert_allclose(found, means(SCALED), atol=5e-3)
    assert found.dtype == np.float32


def test_onnx_of_bytes_gets_them_as_they_are(tmp_path):
    path = onnx_file(tmp_path / "a.onnx", [None, 8, 10, 3], [1, 2], 5, TensorProto.UINT8)
    close(onnx_recipe(path, layout="nhwc").load(1)(PICTURES), means(PICTURES.astype(float)))


def test_onnx_scales_by_its_settings_and_returns_the_named_output(tmp_path):
    path = onnx_file(tmp_path / "a.onnx", [None, 3, 8, 10], [2, 3], 5)
    words = {"mean": (1.0, 2.0, 3.0), "deviation": (2.0, 4.0, 8.0), "output": "mean", "size": 3}
    expected = ((PICTURES - np.array([1, 2, 3])) / np.array([2, 4, 8])).mean(axis=(1, 2))
    close(onnx_recipe(path, **words).load(1)(PICTURES), expected)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"size": 4}, r"images\.size: is 4, but the network returns 5 values"),
        ({"output": "other"}, r"images\.output: is 'other'; .*a\.onnx has mean, out"),
        ({"layout": "nhwc"}, r"images: the network takes any x 3 x 8 x 10, not 3 x 8 x 10 x 3"),
    ],
)
def test_onnx_that_does_not_suit_the_settings_is_refused(tmp_path, words, problem):
    path = onnx_file(tmp_path / "a.onnx", [None, 3, 8, 10], [2, 3], 5)
    with pytest.raises(ConfigError, match=problem):
        onnx_recipe(path, **words).load(1)(PICTURES)


def test_a_file_that_is_not_onnx_is_refused(tmp_path):
    (tmp_path / "a.onnx").write_text("hello")
    with pytest.raises(ArtefactError, match=r"a\.onnx: is not a network that onnxruntime reads"):
        onnx_recipe(tmp_path / "a.onnx").load(1)


def test_a_deviation_of_zero_is_refused():
    entry = {"kind": "onnx", "model": "a", "size": 1, "resolution": [8, 8], "deviation": [1, 0, 1]}
    with pytest.raises(ConfigError, match=r"images\.deviation: .* must not contain 0"):
        read_recipe("yt8m.extractors.images", entry, "images")


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_saved_model_gets_bytes_or_scaled_floats(tmp_path, dtype):
    path = saved_model_folder(tmp_path / "model", dtype)
    words = {"model": str(path), "resolution": (8, 10)}
    expected = PICTURES if dtype == "uint8" else SCALED
    found = saved_model.Recipe(**words, size=5, output="vector").load(1)(PICTURES)
    close(found, means(expected))
    found = saved_model.Recipe(**words, size=3, output="means").load(1)(PICTURES)
    close(found, expected.mean(axis=(1, 2)))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"output": ""}, r"images\.output: is ''; .* has means, vector"),
        ({"signature": "a"}, r"images\.signature: is 'a'; .* has serving_default"),
        ({"size": 6}, r"images\.size: is 6, but the network returns 5 values"),
        ({"resolution": (9, 10)}, r"images\.resolution: is \[9, 10\]; .* takes \(None, 8, 10, 3\)"),
    ],
)
def test_saved_model_that_does_not_suit_the_settings_is_refused(tmp_path, words, problem):
    path = saved_model_folder(tmp_path / "model")
    right = saved_model.Recipe(model=str(path), size=5, resolution=(8, 10), output="vector")
    recipe = replace(right, **words)
    with pytest.raises(ConfigError, match=problem):
        recipe.load(1)(noise(3, *recipe.resolution))


def test_a_folder_that_is_no_saved_model_is_refused(tmp_path):
    recipe = saved_model.Recipe(model=str(tmp_path), size=5, resolution=(8, 10))
    with pytest.raises(ArtefactError, match="is not a SavedModel"):
        recipe.load(1)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return IMAGES["keras_application"](tmp_path_factory.mktemp("application"))


def test_keras_application_prepares_pictures_as_its_network_wants_them(application):
    import keras

    pictures = noise(2, 64, 64)
    network = keras.applications.MobileNet((64, 64, 3), include_top=False, weights=None)
    network.load_weights(application.weights)
    maps = network.predict(pictures / 127.5 - 1, verbose=0)
    close(application.load(1)(pictures), maps.mean(axis=(1, 2)))


@pytest.mark.parametrize(
    ("words", "error", "problem"),
    [
        ({"name": "MobilNet"}, ConfigError, r"images\.name: .*did you mean 'MobileNet'"),
        ({"name": "VGG16"}, ArtefactError, "are not weights of VGG16 without its top"),
        ({"name": "MobileNetV2"}, ArtefactError, "are not weights of MobileNetV2"),
        ({"weights": __file__}, ArtefactError, "are not weights of MobileNet"),
        ({"weights": "none.h5"}, ArtefactError, "are not weights of MobileNet"),
        ({"resolution": (16, 16)}, ConfigError, r"images\.resolution: MobileNet refuses it"),
        ({"size": 2048}, ConfigError, r"images\.size: is 2048, .* returns 1024 values"),
    ],
)
def test_keras_application_that_does_not_suit_is_refused(application, words, error, problem):
    recipe = replace(application, **words)
    with pytest.raises(error, match=problem):
        recipe.load(1)(noise(1, 64, 64))


def test_weights_of_another_network_are_one_error_and_no_warnings(application, recwarn):
    with pytest.raises(ArtefactError):
        replace(application, name="MobileNetV2").load(1)
    assert not [w for w in recwarn if "freshly-initialized" in str(w.message)]


def test_inception_resizes_pictures_of_any_size_itself(tmp_path):
    recipe = inception2015.Recipe(graph=str(inception_graph(tmp_path / "graph.pb")))
    assert recipe.resolution is None and recipe.size == 2048
    picture = noise(1, 6, 8)
    quarters = picture[0, ::3, ::4].astype(np.float32)  # legacy bilinear, at whole places
    matrix = np.random.default_rng(0).normal(size=(12, 2048)).astype(np.float32)
    close(recipe.load(1)(picture)[0], ((quarters - 128) / 128).reshape(12) @ matrix)


def test_inception_projects_as_google_does(tmp_path):
    graph, pca = inception_graph(tmp_path / "graph.pb"), pca_folder(tmp_path / "pca")
    raw = inception2015.Recipe(graph=str(graph)).load(1)(PICTURES)
    recipe = inception2015.Recipe(graph=str(graph), pca=str(pca))
    mean = np.load(pca / "mean.npy")[:, 0]
    values = np.load(pca / "eigenvals.npy")[:1024, 0]
    vectors_ = np.load(pca / "eigenvecs.npy").T[:, :1024]
    expected = [(row - mean).astype("f8").dot(vectors_) / np.sqrt(values + 1e-4) for row in raw]
    np.testing.assert_allclose(recipe.load(1)(PICTURES), expected, rtol=1e-3, atol=0.05)
    assert recipe.size == 1024 and len(recipe.files()) == 4


@pytest.mark.parametrize("name", inception2015.PCA_FILES)
def test_a_pca_of_another_shape_is_refused(tmp_path, name):
    pca = pca_folder(tmp_path / "pca")
    np.save(pca / name, np.zeros((3, 3)))
    with pytest.raises(ArtefactError, match=name):
        inception2015.read_pca(str(pca))


def test_a_pickled_array_is_refused(tmp_path):
    pca = pca_folder(tmp_path / "pca")
    np.save(pca / "mean.npy", np.array([{}] * 2048, object), allow_pickle=True)
    with pytest.raises(ArtefactError, match=r"mean\.npy: is not an array of NumPy"):
        inception2015.read_pca(str(pca))


@pytest.mark.parametrize(
    ("shape", "expected"), [([16000], 1), ([None, 16000], 1), ([1, 16000], 1), ([2, 16000], 1)]
)
def test_onnx_gets_each_second_of_sound(tmp_path, shape, expected):
    path = onnx_file(tmp_path / "a.onnx", shape, [], 7)
    sound = np.random.default_rng(3).normal(size=3 * RATE).astype(np.float32)
    matrix = np.random.default_rng(0).normal(size=(RATE, 7)).astype(np.float32)
    found = onnx_sounds.Recipe(model=str(path), size=7).load(1)(sound, 3)
    np.testing.assert_allclose(found, sound.reshape(3, RATE) @ matrix, rtol=1e-3, atol=1e-2)


def test_onnx_may_take_the_start_of_each_second_only(tmp_path):
    path = onnx_file(tmp_path / "a.onnx", [None, 100], [], 7)
    sound = np.random.default_rng(3).normal(size=3 * RATE).astype(np.float32)
    matrix = np.random.default_rng(0).normal(size=(100, 7)).astype(np.float32)
    found = onnx_sounds.Recipe(model=str(path), size=7, samples=100).load(1)(sound, 3)
    np.testing.assert_allclose(
        found, sound.reshape(3, RATE)[:, :100] @ matrix, rtol=1e-3, atol=1e-3
    )


def test_maps_that_are_not_pooled_are_no_vectors():
    pooled = np.ones((2, 5, 1, 1))
    assert vectors(pooled, 2, 5, "images").shape == (2, 5)
    for maps in (np.ones((2, 5, 7, 7)), np.ones((2, 245)), np.ones((5, 2)), np.ones(10)):
        with pytest.raises(ConfigError, match=r"images\.size: is 5"):
            vectors(maps, 2, 5, "images")
