"""What all extractors of pictures have in common."""

import numpy as np
import pytest

from tests.extractors.made import IMAGES
from tests.extractors.photos import noise
from yt8m.recipes import kinds

KINDS = [kind for kind in kinds("yt8m.extractors.images") if kind != "keras_hub"]
"""All but the one whose package is not among the locked ones: see `test_keras_hub`."""


@pytest.fixture(scope="module", params=KINDS)
def recipe(request, tmp_path_factory):
    return IMAGES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def extract(recipe):
    return recipe.load(threads=1)


@pytest.fixture(scope="module")
def pictures(recipe):
    height, width = recipe.resolution or (30, 40)
    return noise(4, height, width) // np.uint8([[[[1]]], [[[2]]], [[[3]]], [[[4]]]])


def test_there_is_a_vector_of_the_stated_size_for_each_picture(recipe, extract, pictures):
    found = extract(pictures)
    assert found.shape == (4, recipe.size) and found.dtype == np.float32
    assert np.isfinite(found).all()
    assert np.abs(found[0] - found[1]).max() > 1e-3


def test_a_row_depends_on_its_picture_only(extract, pictures):
    together = extract(pictures)
    for row, picture in zip(together, pictures, strict=True):
        np.testing.assert_allclose(extract(picture[None])[0], row, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(extract(pictures[::-1]), together[::-1], rtol=1e-4, atol=1e-4)
