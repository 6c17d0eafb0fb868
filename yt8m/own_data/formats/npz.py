"""NumPy's .npz files: ZIP archives of .npy files, `file.npz:name`; read as far as needed."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from yt8m.files import open_regular
from yt8m.own_data.formats.array import Array, named
from yt8m.own_data.formats.npy import array_in

_SUFFIX = ".npy"


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The named array; without a name the feature's, or the only one."""
    with open_regular(path) as file, zipfile.ZipFile(file) as archive:
        names = [name.removesuffix(_SUFFIX) for name in archive.namelist()]
        name = named(inside, feature, names, "arrays") + _SUFFIX
        with archive.open(name) as member:
            yield array_in(member, archive.getinfo(name).file_size)
