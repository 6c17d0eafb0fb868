"""Features that are stored by content: found again, unless they are missing or damaged."""

import numpy as np
import pytest

from yt8m.video.store import Store

CONTENT = "ab" * 32
ARRAYS = {"rgb": np.arange(6, dtype=np.float16).reshape(3, 2)}


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def test_what_is_added_is_found_and_nothing_else(store):
    assert store.find(CONTENT) is None
    store.add(CONTENT, ARRAYS)
    found = store.find(CONTENT)
    assert found.keys() == {"rgb"} and np.array_equal(found["rgb"], ARRAYS["rgb"])
    assert store.find("cd" * 32) is None


def test_equal_arrays_are_equal_bytes(store):
    store.add(CONTENT, ARRAYS)
    before = store.path(CONTENT).read_bytes()
    store.add(CONTENT, ARRAYS)
    assert store.path(CONTENT).read_bytes() == before


@pytest.mark.parametrize("kept", [0, 10, -1])
def test_a_cut_file_counts_as_missing(store, kept):
    store.add(CONTENT, ARRAYS)
    path = store.path(CONTENT)
    path.write_bytes(path.read_bytes()[:kept])
    assert store.find(CONTENT) is None


def test_what_a_killed_extraction_left_beside_a_file_is_removed(store):
    store.add(CONTENT, ARRAYS)
    path = store.path(CONTENT)
    remains = path.with_name(f".{path.name}.part")
    remains.mkdir()
    (remains / "owner").touch()
    if store.find(CONTENT) is None:
        store.add(CONTENT, ARRAYS)
    assert store.find(CONTENT) is not None and list(path.parent.iterdir()) == [path]
