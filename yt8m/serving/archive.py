"""An ensemble as one file to hand on."""

import gzip
import tarfile
from pathlib import Path

from yt8m.artefacts import ENSEMBLE, GRAPH
from yt8m.atomic import replacing


def write_archive(folder: Path, path: Path) -> None:
    """The graph and description in `folder` as .tar.gz, without dates, owners or the host's order.

    Files stand below one folder of the ensemble's name.
    """
    files = [folder / ENSEMBLE, *sorted(p for p in (folder / GRAPH).rglob("*") if p.is_file())]
    with (
        replacing(path) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in files:
            entry = tarfile.TarInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}")
            entry.size, entry.mode = file.stat().st_size, 0o644
            with file.open("rb") as content:
                archive.addfile(entry, content)
