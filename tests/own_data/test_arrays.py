"""Arrays from files of all formats."""

import os
import pickle

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tensorflow.core.example.example_pb2 import SequenceExample

from yt8m.data.tfrecord import write_records
from yt8m.errors import RecordError
from yt8m.own_data.arrays import as_float32, read_array

VALUES = np.random.default_rng(0).standard_normal((7, 5)).astype(np.float32)


def sequence_example(lists):
    message = SequenceExample()
    for name, frames in lists.items():
        for frame in frames:
            feature = message.feature_lists.feature_list[name].feature.add()
            feature.float_list.value.extend(frame)
    return message.SerializeToString()


def write(path, values):
    """An array in the format of the file's suffix, named rgb where it needs a name."""
    if path.suffix == ".npy":
        np.save(path, values)
    elif path.suffix == ".npz":
        np.savez_compressed(path, rgb=values, other=values[::-1])
    elif path.suffix == ".h5":
        with h5py.File(path, "w") as file:
            file["rgb"] = values
            file["videos/cat"] = values[::-1]
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({"second": range(len(values)), "rgb": list(values)}), path)
    elif path.suffix == ".pb":
        path.write_bytes(sequence_example({"RGB/feature/floats": values, "AUDIO": values[::-1]}))
    else:
        write_records(path, [sequence_example({"rgb": values})])
    return str(path)


SUFFIXES = [".npy", ".npz", ".h5", ".parquet", ".pb", ".tfrecord"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_frames(tmp_path, suffix):
    location = write(tmp_path / f"a b[1]ö{suffix}", VALUES)
    found = read_array(location, "rgb", 5)
    np.testing.assert_array_equal(found, VALUES)
    assert found.dtype == np.float32 and found.flags.c_contiguous
    np.testing.assert_array_equal(read_array(location, "rgb", max_frames=3), VALUES[:3])
    np.testing.assert_array_equal(read_array(location, "rgb", max_frames=30), VALUES)


@pytest.mark.parametrize(
    ("suffix", "inside"),
    [(".npz", "other"), (".h5", "/videos/cat"), (".h5", "videos/cat"), (".pb", "AUDIO")],
)
def test_an_array_is_chosen_by_its_name(tmp_path, suffix, inside):
    location = f"{write(tmp_path / f'a{suffix}', VALUES)}:{inside}"
    np.testing.assert_array_equal(read_array(location, "rgb"), VALUES[::-1])
    with pytest.raises(RecordError, match=rf"a{suffix}:none: has no 'none' among its .*rgb|RGB"):
        read_array(location.replace(inside, "none"), "rgb")


def test_the_only_array_needs_no_name(tmp_path):
    np.savez(tmp_path / "a.npz", VALUES)
    np.testing.assert_array_equal(read_array(f"{tmp_path}/a.npz", "rgb"), VALUES)


def test_a_file_with_a_colon_in_its_name_is_found(tmp_path):
    location = write(tmp_path / "a.h5:b.npy", VALUES)
    np.testing.assert_array_equal(read_array(location, "rgb"), VALUES)


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f2", ">f4", "u1", "i1", "i8", "u8"])
@pytest.mark.parametrize("suffix", [".npy", ".h5"])
def test_numbers_of_other_types_are_converted(tmp_path, suffix, dtype):
    values = (VALUES * 10).astype(dtype)
    location = write(tmp_path / f"a{suffix}", values)
    found = read_array(location, "rgb")
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, values.astype(np.float32))


@pytest.mark.parametrize("rows", [None, 3])
def test_arrays_in_fortrans_order_are_read(tmp_path, rows):
    location = write(tmp_path / "a.npy", np.asfortranarray(VALUES))
    found = read_array(location, "rgb", 5, rows)
    np.testing.assert_array_equal(found, VALUES[:rows])
    assert found.flags.c_contiguous


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".h5"])
def test_a_vector_is_one_frame(tmp_path, suffix):
    location = write(tmp_path / f"a{suffix}", VALUES[0])
    np.testing.assert_array_equal(read_array(location, "rgb", 5, max_frames=2), VALUES[:1])


def test_many_frames_of_a_parquet_file_are_read_in_parts(tmp_path):
    values = np.arange(4000, dtype=np.float64).reshape(2000, 2)
    column = pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), 2)
    pq.write_table(pa.table({"rgb": column}), tmp_path / "a.parquet", row_group_size=700)
    for rows in (1, 512, 513, 1999, 2000, 5000):
        found = read_array(f"{tmp_path}/a.parquet", "rgb", 2, rows)
        np.testing.assert_array_equal(found, values[:rows])


def test_no_more_is_read_than_needed(tmp_path):
    """The rest of the file is damaged, which does not matter for the first frames."""
    path = tmp_path / "a.npz"
    values = np.random.default_rng(1).standard_normal((40_000, 10)).astype(np.float32)
    np.savez(path, rgb=values)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    np.testing.assert_array_equal(read_array(str(path), "rgb", 10, 100), values[:100])
    with pytest.raises(RecordError, match=r"a.npz: cannot be read as .npz"):
        read_array(str(path), "rgb", 10)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_width_and_transposed_arrays_are_refused(tmp_path, suffix):
    location = write(tmp_path / f"a{suffix}", VALUES)
    expected = rf"a{suffix}: has shape \[7, 5\]"
    with pytest.raises(RecordError, match=rf"{expected}; expected \[frames, 6\], or \[6\] for one"):
        read_array(location, "rgb", 6)
    with pytest.raises(
        RecordError, match=rf"{expected}, so it is transposed; expected \[frames, 7"
    ):
        read_array(location, "rgb", 7)


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".h5", ".parquet", ".tfrecord"])
@pytest.mark.parametrize(
    ("value", "message"), [(np.nan, "is nan; all must be finite"), (-np.inf, "is -inf; all must")]
)
def test_values_that_are_not_finite_are_refused_with_their_place(tmp_path, suffix, value, message):
    values = VALUES.copy()
    values[2, 3] = value
    values[4, 0] = np.nan
    location = write(tmp_path / f"a{suffix}", values)
    with pytest.raises(RecordError, match=rf"a{suffix}: frame 2, value 3 {message}"):
        read_array(location, "rgb")
    assert len(read_array(location, "rgb", max_frames=2)) == 2


def test_numbers_beyond_float32_are_refused(tmp_path):
    location = write(tmp_path / "a.npy", np.array([[1.0, 1e39]]))
    with pytest.raises(RecordError, match=r"frame 0, value 1 is 1e\+39; which float32 cannot"):
        read_array(location, "rgb")


def test_huge_finite_values_are_fine():
    values = np.full((2, 3), 3e38, np.float32)
    np.testing.assert_array_equal(as_float32(values, ""), values)
    assert as_float32(values, "") is values  # not copied


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_that_are_none_are_refused(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    with pytest.raises(RecordError, match=rf"a{suffix}: (no such file|cannot be read .No such)"):
        read_array(str(path), "rgb")
    path.write_bytes(b"")
    with pytest.raises(RecordError, match=rf"a{suffix}: (is empty \(0 bytes\)|holds no record)"):
        read_array(str(path), "rgb")
    path.write_bytes(b"<!DOCTYPE html><html>" + b" " * 1000)
    with pytest.raises(RecordError, match=rf"a{suffix}.* \(it looks like HTML or XML, such as"):
        read_array(str(path), "rgb")
    path.unlink()
    path.mkdir()
    with pytest.raises(RecordError, match=rf"a{suffix}: cannot be read .it is a folder"):
        read_array(str(path), "rgb")
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(RecordError, match=rf"a{suffix}: cannot be read .it is a named pipe"):
        read_array(str(path), "rgb")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_that_are_cut_off_are_refused(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write(path, VALUES)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(RecordError, match=rf"a{suffix}.*(cut off|cannot be read|needs)"):
        read_array(str(path), "rgb")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_wherever_a_file_is_cut_off_the_reason_is_given_and_not_its_own_type(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write(path, VALUES)
    content = path.read_bytes()
    for end in range(8, len(content) - 1, max(1, len(content) // 40)):
        path.write_bytes(content[:end])
        with pytest.raises(RecordError) as caught:
            read_array(str(path), "rgb")
        text = str(caught.value)
        assert "looks like" not in text and "\n" not in text and text.startswith(str(path))
        assert any(word in text for word in ("cut off", " bytes", "Error")), text


@pytest.mark.parametrize("suffix", [".npy", ".h5"])
def test_a_frame_of_absurdly_many_values_is_refused_without_memory_for_it(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    if suffix == ".h5":
        with h5py.File(path, "w") as file:
            file.create_dataset("rgb", (2, 10**12), "f4", chunks=(1, 1000))  # nothing is stored
    else:
        with path.open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": (2, 1 << 21)}
            np.lib.format.write_array_header_1_0(file, header)
            file.truncate(1 << 25)
    with pytest.raises(RecordError, match=r"has shape \[2, \d+\]; at most 1,048,576 values per"):
        read_array(str(path), "rgb")


class Trap:
    """Shows whether it was unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("unpickled",))


@pytest.mark.parametrize("name", ["object.npy", "object.npz", "pickle.npy", "named.npz"])
def test_pickles_are_refused_and_never_loaded(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if name == "object.npy":
        np.save(path, np.array([Trap()], object), allow_pickle=True)
    elif name == "object.npz":
        np.savez(path, rgb=np.array([Trap()], object))
    else:
        path.write_bytes(pickle.dumps(Trap()))
    message = "pickled Python objects, which are never loaded" if "object" in name else ""
    with pytest.raises(RecordError, match=rf"{name}.*{message}"):
        read_array(str(path), "rgb")
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((0, 5)), r"has shape \[0, 5\], so it is empty"),
        (np.zeros((5, 0)), r"has shape \[5, 0\], so it is empty"),
        (np.zeros(()), r"has shape \[\]; expected \[frames, values\]"),
        (np.zeros((1, 7, 5)), r"has shape \[1, 7, 5\]; expected \[frames, values\]"),
        (np.zeros((2, 5), bool), r"is of type bool; expected floats or whole numbers"),
        (np.zeros((2, 5), "V2"), r"is of type \|V2; expected floats"),
        (np.array([["a"]]), r"is of type <U1; expected floats"),
        (np.zeros((2, 5), "c8"), r"is of type complex64; expected floats"),
    ],
)
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_arrays_of_other_shapes_and_types_are_refused(tmp_path, suffix, values, message):
    location = f"{tmp_path}/a{suffix}"
    np.save(location, values) if suffix == ".npy" else np.savez(location, values)
    with pytest.raises(RecordError, match=rf"a{suffix}: {message}"):
        read_array(location, "rgb")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1.0, 2.0], [3.0]], "has frames of different lengths in column 'rgb': 1 and 2 values"),
        ([[1.0, 2.0], None], "has frames without a value in column 'rgb'; leave them out"),
        ([[1.0, None]], "has missing values inside frames of column 'rgb'; fill them in"),
        ([1.0, 2.0], "has double in column 'rgb'; expected a list of numbers in each row"),
        ([["a"]], "has list<.*> in column 'rgb'; expected a list of numbers"),
        ([[1.0] * 2] * 600 + [[1.0] * 3], "different lengths in column 'rgb': 2 and 3 values"),
    ],
)
def test_columns_that_are_not_frames_are_refused(tmp_path, rows, message):
    pq.write_table(pa.table({"rgb": rows}), tmp_path / "a.parquet")
    with pytest.raises(RecordError, match=rf"a.parquet: .*{message}"):
        read_array(f"{tmp_path}/a.parquet", "rgb")


def test_sequence_examples_that_do_not_fit_are_refused(tmp_path):
    (tmp_path / "a.pb").write_bytes(sequence_example({"RGB": [[1, 2], [3]]}))
    with pytest.raises(RecordError, match="frame 0 has 2 values, frame 1 has 1"):
        read_array(f"{tmp_path}/a.pb:RGB", "rgb")
    message = SequenceExample()
    message.feature_lists.feature_list["rgb"].feature.add().bytes_list.value.append(b"ab")
    (tmp_path / "a.pb").write_bytes(message.SerializeToString())
    with pytest.raises(RecordError, match=r"a.pb.*rgb, frame 0: holds byte strings; expected"):
        read_array(f"{tmp_path}/a.pb", "rgb")
    write_records(tmp_path / "a.tfrecord", [sequence_example({"rgb": VALUES})] * 2)
    with pytest.raises(RecordError, match="holds several records; expected the one of this video"):
        read_array(f"{tmp_path}/a.tfrecord", "rgb")


def test_groups_of_hdf5_are_refused(tmp_path):
    location = write(tmp_path / "a.h5", VALUES)
    with pytest.raises(RecordError, match="has a group 'videos', not a dataset; it holds cat"):
        read_array(f"{location}:videos", "rgb")


@pytest.fixture
def linked(tmp_path):
    """An HDF5 file with ways into other files, and beside it one of them."""
    write(tmp_path / "other.h5", VALUES)
    (tmp_path / "secret").write_bytes(VALUES.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["link"] = h5py.ExternalLink("other.h5", "/rgb")
        file["soft"] = h5py.SoftLink("/folder/link")
        folder = file.create_group("folder")
        folder["link"] = h5py.SoftLink("../link")  # HDF5 does not know `..`
        folder["link2"] = h5py.SoftLink("./group")
        folder["group"] = h5py.ExternalLink("other.h5", "/")
        stored = [(str(tmp_path / "secret"), 0, VALUES.nbytes)]
        file.create_dataset("raw", VALUES.shape, "f4", external=stored)
        layout = h5py.VirtualLayout(VALUES.shape, "f4")
        layout[:] = h5py.VirtualSource("other.h5", "rgb", VALUES.shape)
        file.create_virtual_dataset("virtual", layout)
        file["circle"] = h5py.SoftLink("/circle")
        folder["own"] = VALUES
        file["good"] = h5py.SoftLink("folder/own")
    return tmp_path / "a.h5"


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("link", "has the link '/link' in another file, which is not opened"),
        ("/folder/link2/rgb", "has the link '/folder/group' in another file"),
        ("folder/group/rgb", "has the link '/folder/group' in another file"),
        ("raw", "has the values of 'raw' in another file"),
        ("virtual", "has the values of 'virtual' in another file"),
        ("circle", "has a circle of links, or too many, on the way to 'circle'"),
        ("soft", "has no 'soft'|cannot be read"),
    ],
)
def test_hdf5_files_do_not_reach_into_other_files(linked, inside, message):
    with pytest.raises(RecordError, match=rf"a.h5.*{message}"):
        read_array(f"{linked}:{inside}", "rgb")
    if inside in ("link", "raw"):
        with pytest.raises(RecordError, match=message):
            read_array(str(linked), inside)


def test_links_inside_an_hdf5_file_are_followed(linked):
    np.testing.assert_array_equal(read_array(f"{linked}:good", "rgb"), VALUES)


def test_unknown_formats_are_refused(tmp_path):
    with pytest.raises(RecordError, match=r"a.mat: is not of a known format; expected .npy, .npz"):
        read_array(f"{tmp_path}/a.mat", "rgb")
