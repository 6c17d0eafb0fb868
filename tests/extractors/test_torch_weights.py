"""Files of PyTorch's weights: strides, damage, and code that must not run."""

import io
import os
import pickle
from collections import OrderedDict

import numpy as np
import pytest

from yt8m.errors import ArtefactError
from yt8m.extractors.torch_weights import MAGIC, VERSION, read_torch_weights


class Global:
    """Pickled as the name of something in a module that need not exist."""

    def __init__(self, module, name):
        self.name = (module, name)


class Call:
    """Pickled as a call of a `Global`."""

    def __init__(self, called, *args):
        self.called, self.args = called, args


class Storage:
    def __init__(self, key, values):
        self.key, self.values = key, np.asarray(values, "<f4")


class Writer(pickle._Pickler):
    """Python's own pickler, which may write names that cannot be imported."""

    def save(self, item, save_persistent_id=True):
        if isinstance(item, Global):
            self.write(pickle.GLOBAL + "{}\n{}\n".format(*item.name).encode())
        elif isinstance(item, Call):
            self.save(item.called)
            self.save(item.args)
            self.write(pickle.REDUCE)
        else:
            super().save(item, save_persistent_id)

    def persistent_id(self, item):
        if isinstance(item, Storage):
            kind = Global("torch", "FloatStorage")
            return ("storage", kind, item.key, "cpu", len(item.values), None)
        return None


def tensor(storage, offset, shape, strides):
    rebuild = Global("torch._utils", "_rebuild_tensor_v2")
    return Call(rebuild, storage, offset, shape, strides, False, OrderedDict())


def content(tensors, storages, magic=MAGIC, version=VERSION):
    file = io.BytesIO()
    facts = {"protocol_version": version, "little_endian": True}
    for item in (magic, version, facts, tensors, [s.key for s in storages]):
        Writer(file, 2).dump(item)
    for storage in storages:
        file.write(len(storage.values).to_bytes(8, "little") + storage.values.tobytes())
    return file.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(written):
        (tmp_path / "weights.pth").write_bytes(written)
        return read_torch_weights(tmp_path / "weights.pth")

    return read


STORAGE = Storage("7", np.arange(12))


def test_tensors_are_read_by_their_strides_and_offsets(read):
    tensors = OrderedDict(
        rows=tensor(STORAGE, 0, (3, 4), (4, 1)),
        columns=tensor(STORAGE, 0, (3, 4), (1, 3)),
        part=tensor(STORAGE, 5, (2, 2), (4, 1)),
        number=tensor(STORAGE, 11, (), ()),
        none=tensor(STORAGE, 0, (0, 4), (4, 1)),
    )
    found = read(content(tensors, [STORAGE]))
    expected = np.arange(12, dtype=np.float32)
    assert list(found) == list(tensors)
    np.testing.assert_array_equal(found["rows"], expected.reshape(3, 4))
    np.testing.assert_array_equal(found["columns"], expected.reshape(4, 3).T)
    np.testing.assert_array_equal(found["part"], [[5, 6], [9, 10]])
    assert found["number"] == 11 and found["none"].shape == (0, 4)
    assert all(a.flags["C_CONTIGUOUS"] for a in found.values())


@pytest.mark.parametrize("module", ["posix", "os", "builtins", "torch", "collections"])
def test_nothing_but_tensors_is_called(read, tmp_path, module):
    mark = tmp_path / "ran"
    name = "mkdir" if module in ("posix", "os") else "eval"
    argument = str(mark) if name == "mkdir" else f"__import__('os').mkdir({str(mark)!r})"
    harmful = OrderedDict(a=Call(Global(module, name), argument))
    with pytest.raises(ArtefactError, match=rf"contains {module}\.{name}, which is not a tensor"):
        read(content(harmful, []))
    assert not mark.exists()
    if name == "mkdir":  # Python's own unpickler would have
        file = io.BytesIO()
        Writer(file, 2).dump(harmful)
        pickle.loads(file.getvalue())
        assert mark.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        tensor(STORAGE, 0, (13,), (1,)),
        tensor(STORAGE, 9, (4,), (1,)),
        tensor(STORAGE, -1, (4,), (1,)),
        tensor(STORAGE, 3, (2,), (-1,)),
        tensor(STORAGE, 0, (2, 2), (1,)),
        3,
    ],
)
def test_a_tensor_beyond_its_storage_is_refused(read, wrong):
    with pytest.raises(ArtefactError, match="is not a file of PyTorch's weights"):
        read(content(OrderedDict(a=wrong), [STORAGE]))


def test_every_truncated_file_is_refused(read):
    whole = content(OrderedDict(a=tensor(STORAGE, 0, (12,), (1,))), [STORAGE])
    assert read(whole)["a"].sum() == 66
    for length in range(len(whole)):
        with pytest.raises(ArtefactError, match=r"weights\.pth: is not a file of PyTorch's"):
            read(whole[:length])


@pytest.mark.parametrize("words", [{"magic": 3}, {"version": 3}])
def test_another_format_is_refused(read, words):
    with pytest.raises(ArtefactError, match="does not begin as they do"):
        read(content(OrderedDict(), [], **words))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ArtefactError, match=os.strerror(2)):
        read_torch_weights(tmp_path / "none.pth")
