"""Inputs and their ids; places of extractors' files."""

import json
import os
from pathlib import Path

import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.labelling.extractor_files import moved
from yt8m.labelling.inputs import find_inputs


def found(*sources):
    return [(each.id, each.is_video) for each in find_inputs(list(sources))]


@pytest.fixture
def here(tmp_path, monkeypatch):
    names = ("a/x.mp4", "a/b/x.mov", "a/b/x.mp4", "a/y [1].npz", "a/z.txt", "c/x.mp4", "odd")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


def test_folders_give_what_may_be_labelled_with_ids_of_their_own(here):
    assert found("a") == [("b/x.mov", True), ("b/x.mp4", True), ("x", True), ("y [1]", False)]
    assert found("c", "odd") == [("x", True), ("odd", True)]
    assert [id for id, _ in found("a", "c")] == [
        "b/x.mov",
        "b/x.mp4",
        "a/x.mp4",
        "y [1]",
        "c/x.mp4",
    ]


def test_an_input_is_read_once_and_patterns_are_filled_in(here):
    assert found("c", "c/x.mp4", "c/*.mp4") == [("x", True)]
    assert found("a/y [1].npz", "x/{feature}/*.npy")[0] == ("y [1]", False)
    assert find_inputs(["x/{feature}/*.npy"])[0].path == Path("x/{feature}/*.npy")
    Path("none").mkdir()
    with pytest.raises(ArtefactError, match="none: the folder contains neither videos nor"):
        find_inputs(["none"])
    with pytest.raises(ConfigError, match="no file matches"):
        find_inputs(["c/*.mov"])


def test_rows_of_a_table_are_inputs_with_its_ids(here):
    Path("new.csv").write_text("id,path,note\ncat/1.0,a/x.mp4,seen\ny,a/y [1].npz,\n")
    assert found("new.csv", "c") == [("cat/1.0", True), ("y", False), ("x", True)]
    video, arrays, _ = find_inputs(["new.csv", "c"], ["rgb", "audio"])
    assert video.path == Path("a/x.mp4")
    assert set(arrays.path.paths) == {"rgb", "audio"}
    Path("new.csv").write_text("id,rgb\na,x.npy\n,y.npy\n")
    assert found("new.csv") == [("new", False)]
    with pytest.raises(ConfigError, match=r"new.csv, line 3, column id: is empty"):
        find_inputs(["new.csv"], ["rgb"])
    with pytest.raises(ConfigError, match=r"new.csv: has no column `audio` or `path`"):
        find_inputs(["new.csv"], ["rgb", "audio"])


def test_a_file_of_an_extractor_is_named_by_its_setting_if_there_are_several(tmp_path):
    path = tmp_path / "extraction.json"
    path.write_text(json.dumps({"images": {"kind": "inception2015"}, "sound": {"kind": "vggish"}}))
    places = {"images.graph": "g.pb", "images.pca": "pca", "sound": os.devnull}
    assert moved(path, places) == {
        "images": {"graph": "g.pb", "pca": "pca"},
        "sound": {"weights": os.devnull},
    }
    with pytest.raises(ConfigError, match=r"images is no file .*; its files: images.graph, images"):
        moved(path, {"images": "g.pb"})
    path.write_text(json.dumps({"images": {"kind": "efficientnet_lite0"}, "sound": None}))
    with pytest.raises(ConfigError, match="sound is unknown; this graph has images"):
        moved(path, {"sound": "x"})
    with pytest.raises(ConfigError, match="its files: none"):
        moved(path, {"images": "x"})
