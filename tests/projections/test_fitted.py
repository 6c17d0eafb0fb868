"""Projections of an earlier run, taken from their file."""

from dataclasses import replace

import numpy as np
import pytest

from tests.projections.test_projection import FRAMES, RANGE, WHITENING
from yt8m.errors import ConfigError
from yt8m.projections.files import save_projections
from yt8m.recipes import as_entry, read_recipe


@pytest.fixture
def path(tmp_path):
    save_projections(tmp_path / "p.safetensors", {"rgb": WHITENING, "audio": RANGE})
    return tmp_path / "p.safetensors"


def recipe(path, **words):
    entry = {"kind": "fitted", "file": str(path), **words}
    return read_recipe("yt8m.projections", entry, "projection")


def test_new_frames_become_the_bytes_that_the_earlier_run_made(path):
    made = recipe(path, feature="rgb")
    assert not made.reads_frames
    found = made.fit(iter(()), 6, "")
    assert found.digest == WHITENING.digest
    np.testing.assert_array_equal(found.to_bytes(FRAMES), WHITENING.to_bytes(FRAMES))
    assert (made.low, made.high) == (-2, 2)
    assert (made.projected_size(6, ""), made.sized(3), made.inputs()) == (4, made, [str(path)])
    assert read_recipe("yt8m.projections", as_entry(made), "") == made


def test_the_only_feature_of_a_file_need_not_be_named(tmp_path):
    save_projections(tmp_path / "p", {"other": replace(RANGE, width=9)})
    assert recipe(tmp_path / "p").projected_size(9, "") == 9


def test_what_the_file_does_not_hold_is_refused(path, tmp_path):
    with pytest.raises(
        ConfigError, match=r"projection.feature: is ''; .*p.safetensors has audio, rgb"
    ):
        recipe(path)
    with pytest.raises(ConfigError, match=r"projection.feature: is 'video'; .* has audio, rgb"):
        recipe(path, feature="video")
    with pytest.raises(ConfigError, match=r"projection.file: .*none: no such file"):
        recipe(tmp_path / "none", feature="rgb")
    with pytest.raises(ConfigError, match=r"x.file: .* was fitted on frames of 6 values; .* 7"):
        recipe(path, feature="rgb").fit(iter(()), 7, "x")
