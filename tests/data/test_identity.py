"""A file's identity changes whenever it is replaced, without its content being read."""

import os
import shutil
import subprocess

import pytest

from yt8m.data.identity import digest_of_identities, identity_of
from yt8m.errors import RecordError


def write(path, content: bytes, date: float | None = None):
    path.write_bytes(content)
    if date is not None:
        os.utime(path, (date, date))
    return path


def moved(new, path):
    new.rename(path)


def copied(new, path):
    shutil.copy2(new, path)  # as cp -p


def synchronised(new, path):
    """rsync -a: a temporary file with the date of its source, then a rename."""
    shutil.copy2(new, path.with_name(".part"))
    path.with_name(".part").rename(path)


def restored(new, path):
    """From an archive, with the date it had."""
    subprocess.run(["tar", "-cf", "backup.tar", new.name], cwd=new.parent, check=True)
    subprocess.run(["tar", "-xf", "../backup.tar"], cwd=path.parent, check=True)


def relinked(new, path):
    path.unlink()
    path.symlink_to(new)


def behind_a_linked_folder(new, path):
    folder = path.parent
    other = folder.with_name("other folder")
    other.mkdir()
    shutil.copy2(new, other / path.name)
    folder.rename(folder.with_name("put aside"))
    folder.symlink_to(other)


def written_in_place(new, path):
    """Later, by the clock of the file system, which may tick only every few milliseconds."""
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        write(path, new.read_bytes(), before.st_mtime)


WAYS = [
    moved,
    copied,
    synchronised,
    restored,
    relinked,
    behind_a_linked_folder,
    written_in_place,
]


@pytest.mark.parametrize("date", ["the same date", "an older date"])
@pytest.mark.parametrize("way", WAYS)
def test_a_replacement_of_the_same_size_is_detected_whatever_its_date(tmp_path, way, date):
    folder = tmp_path / "here"
    folder.mkdir()
    path = write(folder / "shard", b"one", 1e9)
    new = write(tmp_path / "shard", b"two", 1e9 if date == "the same date" else 1e8)
    before = digest_of_identities([path])
    way(new, path)
    assert path.read_bytes() == b"two"
    assert digest_of_identities([path]) != before


def test_reading_and_linking_do_not_change_the_identity(tmp_path):
    path = write(tmp_path / "shard", b"one")
    before = identity_of(path)
    path.read_bytes()
    os.link(path, tmp_path / "elsewhere")
    (tmp_path / "elsewhere").unlink()
    assert identity_of(path).inode == before.inode
    link = tmp_path / "link"
    link.symlink_to(path)
    assert identity_of(link) == identity_of(path)


def test_the_digest_depends_on_order_and_names(tmp_path):
    one, two = write(tmp_path / "1", b"a"), write(tmp_path / "2", b"a")
    assert digest_of_identities([one, two]) != digest_of_identities([two, one])


NO_FILES = {
    "missing": (lambda path: None, "cannot be read (No such file or directory)"),
    "a broken link": (lambda path: path.symlink_to("nowhere"), "cannot be read (No such file"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read (Too many levels"),
    "a folder": (
        lambda path: path.mkdir(),
        "cannot be read (it is a folder; expected a regular file)",
    ),
    "a pipe": (os.mkfifo, "cannot be read (it is a named pipe; expected a regular file)"),
    "below a file": (lambda path: path.parent.joinpath("x").touch(), "cannot be read (Not a dir"),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_a_path_that_is_not_a_file_is_refused_with_the_reason(tmp_path, kind):
    make, message = NO_FILES[kind]
    path = tmp_path / "x"
    make(path)
    path = path / "y" if kind == "below a file" else path
    with pytest.raises(RecordError) as error:
        identity_of(path)
    assert str(error.value).startswith(f"{path}: {message}")
