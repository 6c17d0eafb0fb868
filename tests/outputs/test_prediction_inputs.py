"""Inputs that a user names are classified, or refused, before anything is loaded."""

import os

import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.prediction_inputs import find_inputs

FILES = ["s/b.tfrecord", "s/a.tfrecord", "s/notes.txt", "n/v.npy", "n/w.npz", "shard-00001"]
FILES += ["m.json", "m2.json", "both/a.npy", "both/a.tfrecord", "odd/a.txt", "deep/x/y/v.h5"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    (tmp_path / "none").mkdir()
    os.mkfifo(tmp_path / "pipe.npy")
    monkeypatch.chdir(tmp_path)


INPUTS = [
    (["s"], "shards", ["s/a.tfrecord", "s/b.tfrecord"]),
    (["s/b.tfrecord", "shard-00001"], "shards", ["s/b.tfrecord", "shard-00001"]),
    (["s/*.tfrecord"], "shards", ["s/a.tfrecord", "s/b.tfrecord"]),
    (["n"], "arrays", ["n/v.npy", "n/w.npz"]),
    (["deep"], "arrays", ["deep/x/y/v.h5"]),
    (["n/w.npz", "n/v.npy"], "arrays", ["n/w.npz", "n/v.npy"]),
    (["n/*.np?"], "arrays", ["n/v.npy", "n/w.npz"]),
    (["m.json"], "manifest", ["m.json"]),
]


@pytest.mark.parametrize(("sources", "kind", "paths"), INPUTS)
def test_files_patterns_and_folders_resolve_to_files_of_one_kind(place, sources, kind, paths):
    found = find_inputs(sources)
    assert (found.kind, [str(path) for path in found.paths]) == (kind, paths)


REFUSED = [
    (["both"], r"files of other kinds: arrays \(both/a.npy\), shards \(both/a.tfrecord\)"),
    (["n/v.npy", "s"], "files of other kinds"),
    (["m.json", "n/v.npy"], "files of other kinds"),
    (["m.json", "s"], "files of other kinds"),
    (["m.json", "m2.json"], "m.json: is given with 1 other manifests"),
    (["none"], r"none: the folder contains neither shards \(.tfrecord\) nor files of arrays"),
    (["odd"], "odd: the folder contains neither"),
    (["gone.npy"], "gone.npy: no such file"),
    (["s", "gone"], "gone: no such file"),
    (["pipe.npy"], "pipe.npy: is not a file"),
    (["gone-*.npy"], "no file matches"),
]


@pytest.mark.parametrize(("sources", "said"), REFUSED, ids=lambda value: str(value))
def test_anything_else_is_refused(place, sources, said):
    with pytest.raises((ArtefactError, ConfigError), match=said):
        find_inputs(sources)
