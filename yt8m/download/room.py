"""Whether a disk has room for files that are about to be fetched."""

import shutil
from collections.abc import Sequence
from heapq import nlargest
from pathlib import Path

from yt8m.download.planned import Wanted
from yt8m.download.transfer import part_path
from yt8m.errors import OutputError
from yt8m.printable import counted


def check_room(wanted: Sequence[Wanted], connections: int) -> None:
    """Raises OutputError if the disk has no room for the files, as far as their sizes are known."""
    folder = wanted[0].path.parent
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    needed, free = _room(wanted, connections), shutil.disk_usage(there).free
    if needed > free:
        raise OutputError(
            f"{folder}: has no room for {counted(len(wanted), 'file')}, {needed:,} bytes: "
            f"{free:,} are free; free some space, or choose another dataset.source.folder or fewer "
            "files"
        )


def _room(wanted: Sequence[Wanted], connections: int) -> int:
    """Bytes that must be free. A file that is replaced stays until all of the new one has arrived,
    so its bytes count as free for none of the files that are fetched at the same time.
    """
    arriving = [max(0, (each.file.size_bytes or 0) - _arrived(each)) for each in wanted]
    replaced = [min(new, _size(each.path)) for new, each in zip(arriving, wanted, strict=True)]
    return sum(arriving) - sum(replaced) + sum(nlargest(connections, replaced))


def _arrived(wanted: Wanted) -> int:
    """Bytes of a file that have arrived before."""
    return _size(part_path(wanted.path, wanted.file))


def _size(path: Path) -> int:
    """Bytes of a file, 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0
