"""Files per feature, by a pattern or by folders, are divided into videos."""

import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.feature_files import feature_files
from yt8m.outputs.named_files import ARRAYS_IN_FOLDERS, files_of

FEATURES = ("clip", "sound")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def touch(*names):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()

    return touch


def of_folder(folder):
    """id or name -> features, or None for a file of its own."""
    found = files_of(folder, ARRAYS_IN_FOLDERS, "arrays", FEATURES)
    return {str(each.shown): sorted(getattr(each.source, "paths", ())) or None for each in found}


def test_a_pattern_names_all_videos_that_have_any_feature(here):
    here("f/clip/a.npy", "f/sound/a.npy", "f/clip/b.npy", "f/sound/c.npy", "f/other/d.npy")
    found = feature_files("f/{feature}/*.npy", FEATURES)
    assert [(each.id, sorted(each.paths)) for each in found] == [
        ("a", ["clip", "sound"]),
        ("b", ["clip"]),
        ("c", ["sound"]),
    ]
    (alone,) = feature_files("f/{feature}/c.npy", FEATURES)
    assert (alone.id, str(alone)) == ("c", "f/{feature}/c.npy")
    assert alone.paths == {"sound": "f/sound/c.npy"}
    for pattern in ("f/{feature}/x.npy", "f/{feature}/*.npz"):
        with pytest.raises(ConfigError, match="no file matches"):
            feature_files(pattern, FEATURES)


def test_folders_named_as_features_hold_files_of_one_video_each(here):
    here("in/clip/a.npy", "in/sound/a.npz", "in/sound/deep/a.npy", "in/whole.npz")
    here("in/day/clip/a.v2.npy", "in/day/sound/note.txt", "in/sole/clip/a.npy")
    assert of_folder("in") == {
        "a.npy": ["clip", "sound"],
        "day/a.v2.npy": ["clip"],
        "deep/a.npy": ["sound"],
        "sole/clip/a.npy": None,
        "whole.npz": None,
    }
    assert of_folder("in/clip") == {"a.npy": None}


def test_two_files_of_one_feature_and_video_are_refused(here):
    here("in/clip/a.npy", "in/clip/a.npz", "in/sound/a.npy")
    with pytest.raises(ArtefactError, match=r"clip/a.npz: is a second file of .* in/clip/a.npy"):
        of_folder("in")
