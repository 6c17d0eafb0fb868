"""Graphs from wherever they are: a folder of this project, or an archive of one."""

from pathlib import Path

from yt8m.serving.graph import Graph, load_graph
from yt8m.serving.unpacking import unpacked


def open_graph(path: Path) -> Graph:
    """A model's stage folder, an ensemble's folder or its archive (.tar.gz) as a graph.

    An archive is read from alone, and checked whole before anything of it is loaded.
    Raises ArtefactError for what is none of these, or damaged.
    """
    if path.is_dir() or path.suffix == ".safetensors":
        return load_graph(path)
    with unpacked(path) as folder:
        return load_graph(folder)
