"""Only regular files are opened; anything else is refused immediately instead of blocking."""

import os
import socket

import pytest

from yt8m.files import check_regular, open_regular


def make_pipe(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def make_link_to_a_pipe(path):
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


KINDS = [
    (make_pipe, "a named pipe"),
    (make_socket, "a socket"),
    (os.mkdir, "a folder"),
    (make_link_to_a_pipe, "a named pipe"),
    (lambda path: path.symlink_to("/dev/zero"), "a device"),
]


@pytest.mark.parametrize(("make", "words"), KINDS)
def test_anything_but_a_regular_file_is_refused_immediately(tmp_path, monkeypatch, make, words):
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    path = tmp_path / "x"
    make(path.relative_to(tmp_path) if make is make_socket else path)
    for read in (check_regular, open_regular):
        with pytest.raises(OSError) as error:
            read(path)
        assert error.value.strerror == f"it is {words}; expected a regular file"


@pytest.mark.parametrize(
    ("name", "words"),
    [("a\0b", "the name contains a NUL"), ("a\ud800b", "the name is not valid Unicode")],
)
def test_an_invalid_file_name_is_refused(name, words):
    with pytest.raises(OSError) as error:
        open_regular(name)
    assert error.value.strerror == words


def test_a_regular_file_is_opened_directly_or_through_a_link(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    (tmp_path / "b").symlink_to("a")
    with open_regular(tmp_path / "b") as file:
        assert file.read() == b"content"
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "c")
