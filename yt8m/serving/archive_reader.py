"""Graphs from a folder of this project or from an archive.

Untrusted archives are unpacked with care: only the files in their list of digests.
"""

import gzip
import hashlib
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.artefacts import DIGESTS, ENSEMBLE
from yt8m.errors import ArtefactError, Yt8mError
from yt8m.printable import printable
from yt8m.serving.graph import Graph, load_graph

MOST_BYTES = 10**8
MOST_TIMES = 20
"""Limits on unpacked bytes: absolute, and as a multiple of the archive's size; the larger applies.

ASSUME weights never compress to a twentieth: codes are nearly random.
"""

CHUNK = 2**20
LINE = re.compile(r"([0-9a-f]{64})  ([^\s\0-\x1f\x7f][^\0-\x1f\x7f]*)")
LONGEST_NAME, LONGEST_PATH, MOST_PARTS = 255, 1000, 16
"""Limits on the name of a file or folder, and on a whole path: bytes and folders."""

DAMAGE = (
    *(tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error),
    *(ValueError, RecursionError),  # of numbers in headers, and of headers that follow each other
)


def open_graph(path: Path) -> Graph:
    """A model's stage folder, an ensemble's folder or its archive (.tar.gz) as a graph.

    An archive is only read, and completely checked before anything in it is loaded.
    Raises ArtefactError for anything else, or if it is damaged.
    """
    with as_folder(path) as folder:
        return load_graph(folder)


@contextmanager
def as_folder(path: Path) -> Iterator[Path]:
    """The folder itself (or a weights file), or an archive's content in a temporary folder."""
    if path.is_dir() or path.suffix == ".safetensors":
        yield path
    else:
        with unpacked(path) as folder:
            yield folder


class _Refused(Exception):
    """What is wrong with an archive, without its name."""


class _Bounded:
    """A size-limited stream for `tarfile`, which would read as much at once as a header claims."""

    def __init__(self, packed: gzip.GzipFile, most: int):
        self._packed, self._most, self.tell = packed, most, packed.tell

    def read(self, size: int) -> bytes:
        self._check(size, size)
        return self._packed.read(size)

    def seek(self, place: int) -> int:
        self._check(0, place - self.tell())
        return self._packed.seek(place)

    def _check(self, at_once: int, ahead: int) -> None:
        if at_once > CHUNK or self.tell() + ahead > self._most:
            raise _Refused("unpacks to far more than an ensemble could, or claims to")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack an archive's ensemble into a temporary folder that is removed after the block.

    Raises ArtefactError for a file that is not an archive of an ensemble, truncated, or different
    from its SHA256SUMS: other content, missing or extra files, links, devices, paths outside.
    This project's errors about the folder's content name the archive and the file in it.
    """
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="yt8m-") as place:
        try:
            folder = _unpack(path, Path(place))
        except _Refused as problem:
            raise _error(path, str(problem)) from None
        except DAMAGE as error:
            raise _error(path, f"is truncated, damaged or not a .tar.gz ({error})") from None
        try:
            yield folder
        except Yt8mError as error:
            text = str(error).replace(f"{folder}/", f"{path}, ").replace(str(folder), str(path))
            raise type(error)(_one_line(text)) from error


def _error(path: Path, problem: str) -> ArtefactError:
    text = f"{path}: {problem}; get it again, or make it with `yt8m archive`"
    return ArtefactError(_one_line(text))


def _one_line(text: str) -> str:
    return " ".join(printable(text).splitlines())


def _unpack(path: Path, place: Path) -> Path:
    """Unpack the archive; returns its single top-level folder."""
    most = max(MOST_BYTES, MOST_TIMES * path.stat().st_size)
    with (
        gzip.open(path) as packed,
        tarfile.open(fileobj=_Bounded(packed, most), mode="r:") as archive,
    ):
        first = archive.next()
        if first is None or not first.name.endswith(f"/{DIGESTS}") or first.size > CHUNK:
            raise _Refused(f"does not begin with {DIGESTS}; it is not an archive of an ensemble")
        folder = first.name.removesuffix(f"/{DIGESTS}")
        _check_entry(first, most)
        digests = _read_digests(archive.extractfile(first).read(), folder)
        _write_all(archive, digests, place, most)
        if any(packed.read(CHUNK)) or packed.read(1):  # up to the end, where gzip has a checksum
            raise _Refused("has data after its end")
    if not (place / folder / ENSEMBLE).is_file():
        raise _Refused(f"contains no {ENSEMBLE}; it is not an archive of an ensemble")
    return place / folder


def _write_all(archive: tarfile.TarFile, digests: dict[str, str], place: Path, most: int) -> None:
    """Write the files after the digests, each exactly once and verified by its digest."""
    while (entry := archive.next()) is not None:
        _check_entry(entry, most)
        most -= entry.size
        if entry.name not in digests:
            raise _Refused(f"contains {entry.name!r} twice, or it is not in {DIGESTS}")
        if _write(archive, entry, place / entry.name) != digests.pop(entry.name):
            raise _Refused(f"{entry.name} differs from {DIGESTS} (its digest differs)")
    if digests:
        raise _Refused(f"lacks {min(digests)}, which its {DIGESTS} lists")


def _check_entry(entry: tarfile.TarInfo, most: int) -> None:
    """Check that an entry is a regular file inside the folder, of at most `most` bytes."""
    parts = entry.name.split("/")
    if not entry.isreg() or entry.issparse():
        raise _Refused(f"{entry.name!r} is a link, a device or a folder; only files are expected")
    if {"", ".", ".."} & set(parts) or set("\\:\0") & set(entry.name):
        raise _Refused(f"{entry.name!r} is outside of its folder")
    longest = max(len(part.encode()) for part in parts)
    whole = len(entry.name.encode())
    if longest > LONGEST_NAME or whole > LONGEST_PATH or len(parts) > MOST_PARTS:
        raise _Refused(f"{entry.name[:40]!r}... is too long, or in too many folders")
    if not 0 <= entry.size <= most:
        raise _Refused("unpacks to far more than an ensemble could, or claims to")


def _read_digests(text: bytes, folder: str) -> dict[str, str]:
    """Name in the archive -> SHA-256."""
    found = {}
    for line in text.decode(errors="replace").splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            raise _Refused(
                f"its {DIGESTS} has a line {line[:40]!r}, which is not a digest and a name"
            )
        found[f"{folder}/{match[2]}"] = match[1]
    return found


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    """Write a file of the archive; returns its SHA-256."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(exist_ok=False)
    except (FileExistsError, NotADirectoryError):
        raise _Refused(f"contains {entry.name!r} both as a file and as a folder") from None
    digest = hashlib.sha256()
    with archive.extractfile(entry) as content, target.open("wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
