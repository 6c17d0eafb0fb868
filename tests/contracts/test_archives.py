"""Contracts of the archives of all kinds of models: an archive alone predicts the same."""

import numpy as np
import pytest

from tests.contracts.test_models import MODELS, SCHEMA, small
from tests.serving.stages import write_kind
from yt8m.artefacts import WEIGHTS
from yt8m.compression.quantisers import uniform
from yt8m.config.steps import Quantisation
from yt8m.data.schema import Batch
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.quantisation import quantise_stage
from yt8m.recipes import recipe_class
from yt8m.serving.archive import write_archive
from yt8m.serving.archive_reader import open_graph
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph

VIDEOS = 64


@pytest.fixture(scope="module", params=MODELS)
def packed(request, tmp_path_factory):
    """The graph of a quantised model, and the same read from its archive only."""
    folder, kind = tmp_path_factory.mktemp("packed"), request.param
    recipe = small(recipe_class("yt8m.models", kind, kind)())
    write_kind(folder / "trained", kind, recipe, SCHEMA)
    settings = Quantisation(uniform.Recipe(), min_elements=20)
    quantise_stage(folder / "trained" / WEIGHTS, settings, folder / "quantised")
    export_ensemble("packed", {folder / "quantised": 1.0}, folder / "ensemble")
    write_archive(folder / "ensemble", folder / "packed.tar.gz")
    return load_graph(folder / "quantised"), open_graph(folder / "packed.tar.gz")


@pytest.fixture(scope="module")
def videos():
    """uint8 [64, 9, 12], garbage past the ends, and int32 [64]."""
    random = np.random.default_rng(3)
    frames = random.integers(0, 256, (VIDEOS, 9, 12), np.uint8)
    return frames, random.integers(1, 10, VIDEOS).astype(np.int32)


def predicted(graph, frames, num_frames):
    labels = np.zeros((len(frames), SCHEMA.classes), bool)
    return graph.predict(Batch([""] * len(frames), frames, num_frames, labels))


def test_an_archive_predicts_the_same_at_every_batch_size_padded_or_not_as_bytes_or_floats(
    packed, videos
):
    original, graph = packed
    frames, num_frames = videos
    expected = predicted(original, frames, num_frames)
    assert expected.std() > 0
    floats = frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)
    padded = np.pad(frames, ((0, 0), (0, 5), (0, 0)), constant_values=200)
    for given in (frames, floats, padded):
        for size in (1, 7, VIDEOS):
            rows = [slice(first, first + size) for first in range(0, VIDEOS, size)][:10]
            found = np.concatenate([predicted(graph, given[r], num_frames[r]) for r in rows])
            np.testing.assert_allclose(found, expected[: len(found)], atol=1e-5)
    for row in range(8):  # alone, without padding
        n = num_frames[row]
        alone = predicted(graph, frames[row : row + 1, :n], num_frames[row : row + 1])
        np.testing.assert_allclose(alone[0], expected[row], atol=1e-5)
