"""What is known about files that have arrived: their content, remembered so that it is not read
again.

Each file has a small file in a hidden folder beside it, which no other process writes meanwhile,
and which says what the file was when its content was verified: a file that is another one now, by
size, times or inode, counts as unknown.
"""

from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from yt8m.data.identity import Identity, identity_of
from yt8m.errors import ArtefactError, OutputError, RecordError
from yt8m.json_files import NUMBER, TEXT, read_json, write_json

FOLDER = ".verified"
_SHAPE = {"content": TEXT, "identity": dict.fromkeys((f.name for f in fields(Identity)), NUMBER)}


def note_of(path: Path) -> Path:
    """The file that remembers the content of a file."""
    return path.parent / FOLDER / f"{path.name}.json"


def remember(path: Path, content_id: str) -> None:
    """Remember the `PlannedFile.content_id` of a file as it is now, unless no note can be written,
    as in a folder of others. Raises RecordError if there is no file.
    """
    note, content = note_of(path), {"content": content_id, "identity": asdict(identity_of(path))}
    with suppress(OSError, OutputError):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_json(note, content)


def known_content(path: Path) -> str | None:
    """The `content_id` of a file, if it is the one that was remembered."""
    try:
        note = read_json(note_of(path), _SHAPE)
        same = asdict(identity_of(path)) == {w: note["identity"][w] for w in note["identity"]}
    except (ArtefactError, RecordError):
        return None
    return note["content"] if same else None
