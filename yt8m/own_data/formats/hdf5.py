"""HDF5 files: `file.h5:/path/of/dataset`. Only the frames needed are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from yt8m.files import check_regular
from yt8m.own_data.formats.array import Array, Unsuitable, named
from yt8m.printable import listed


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The dataset of that path; without one the feature's, or the only one at the top."""
    import h5py

    check_regular(path)
    with h5py.File(path, "r", locking=False) as file:  # locks fail on some network file systems
        name = inside if inside in file else named(inside, feature, list(file), "datasets")
        found = file[name]
        if not isinstance(found, h5py.Dataset):
            raise Unsuitable(f"has a group {name!r}, not a dataset; it holds {listed(list(found))}")
        yield Array(found.shape or (), found.dtype, lambda rows: found[:rows])
