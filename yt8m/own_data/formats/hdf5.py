"""HDF5 files: `file.h5:/path/of/dataset`. Only the frames needed are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from yt8m.files import check_regular
from yt8m.own_data.formats.array import Array, Unsuitable, named
from yt8m.printable import listed

MOST_STEPS = 100
"""Most groups and links on the way to a dataset."""

ELSEWHERE = (
    "has the {} in another file, which is not opened, as a file could name any of yours so; save "
    "the values in the file itself"
)


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The dataset of that path; without one the feature's, or the only one at the top."""
    import h5py

    check_regular(path)
    with h5py.File(path, "r", locking=False) as file:  # locks fail on some network file systems
        _refuse_external_links(file, inside or feature)  # before `in`, which follows links
        name = inside if inside in file else named(inside, feature, list(file), "datasets")
        _refuse_external_links(file, name)
        found = file[name]
        if not isinstance(found, h5py.Dataset):
            raise Unsuitable(f"has a group {name!r}, not a dataset; it holds {listed(list(found))}")
        if found.external or found.is_virtual:
            raise Unsuitable(ELSEWHERE.format(f"values of {name!r}"))
        yield Array(found.shape or (), found.dtype, lambda rows: found[:rows])


def _refuse_external_links(file, name: str) -> None:
    """Raises Unsuitable if the way to a name, if it exists, leads into another file."""
    import h5py

    place, parts = "/", _parts(name)
    for _ in range(MOST_STEPS):
        if not parts:
            return
        path = f"{place}{parts.pop(0)}"
        link = file.get(path, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            raise Unsuitable(ELSEWHERE.format(f"link {path!r}"))
        if isinstance(link, h5py.SoftLink):
            parts = _parts(link.path) + parts
            place = "/" if link.path.startswith("/") else place
        else:
            place = f"{path}/"
    raise Unsuitable(f"has a circle of links, or too many, on the way to {name!r}")


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]
