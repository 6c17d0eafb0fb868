"""Graphs from wherever they are: a folder of this project, or an archive of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.serving.graph import Graph, load_graph
from yt8m.serving.unpacking import unpacked


def open_graph(path: Path) -> Graph:
    """A model's stage folder, an ensemble's folder or its archive (.tar.gz) as a graph.

    An archive is read from alone, and checked whole before anything of it is loaded.
    Raises ArtefactError for what is none of these, or damaged.
    """
    with as_folder(path) as folder:
        return load_graph(folder)


@contextmanager
def as_folder(path: Path) -> Iterator[Path]:
    """The folder itself (or a file of weights), or an archive's content for as long as it takes."""
    if path.is_dir() or path.suffix == ".safetensors":
        yield path
    else:
        with unpacked(path) as folder:
            yield folder
