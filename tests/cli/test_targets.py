"""Commands check that they can write their outputs before they begin."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from yt8m.cli import main
from yt8m.cli.targets import NewFile, NewFolder

TARGETS = ("--out", "--classes-out", "--state", "--tensorboard")


def convert(type, value):
    return type.convert(str(value), None, None)


def place(tmp_path, kind):
    """A place where nothing can be written."""
    file = tmp_path / "file"
    file.write_text("mine")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return {
        "behind a file": file / "x.csv",
        "far behind a file": file / "deep" / "x.csv",
        "a folder": tmp_path / "folder",
        "a file": file,
        "a pipe": tmp_path / "pipe",
        "a device": "/dev/null",
        "a loop of links": tmp_path / "loop" / "x.csv",
        "too long": tmp_path / f"{'x' * 300}.csv",
        "too long a folder": tmp_path / ("x" * 300) / "x.csv",
        "no file system for it": "/proc/x.csv",
        "a NUL": f"{tmp_path}/a\0b.csv",
        "empty": "",
    }[kind]


FILES = {
    "behind a file": "file is not a folder",
    "far behind a file": "file is not a folder",
    "a folder": "is a folder; name a file",
    "a pipe": "is a device or a pipe",
    "a device": "is a device or a pipe",
    "a loop of links": "cannot be written",
    "too long": "File name too long",
    "too long a folder": "File name too long",
    "no file system for it": "'/proc/x.csv' cannot be written",
    "a NUL": "null byte",
    "empty": "is a folder",
}
FOLDERS = {
    "behind a file": "file is not a folder",
    "a file": "is a file; name a folder",
    "a pipe": "is a file; name a folder",
    "a device": "is a file; name a folder",
    "a loop of links": "cannot be written",
    "too long": "File name too long",
    "no file system for it": "'/proc/x.csv' cannot be written",
    "a NUL": "null byte",
}
CASES = [(NewFile(), kind, said) for kind, said in FILES.items()]
CASES += [(NewFolder(), kind, said) for kind, said in FOLDERS.items()]


@pytest.mark.parametrize(("type", "kind", "said"), CASES, ids=lambda c: getattr(c, "name", c))
def test_an_unwritable_path_is_reported_and_left_unchanged(tmp_path, type, kind, said):
    value = place(tmp_path, kind)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(click.BadParameter, match=said):
        convert(type, value)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("type", [NewFile(), NewFolder()])
@pytest.mark.parametrize("name", ["x.csv", "a/b/x.csv", "[a] {b} $c *.csv", ".csv"])
def test_a_writable_path_is_left_unchanged(tmp_path, type, name):
    assert convert(type, tmp_path / name) == tmp_path / name
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("type", [NewFile(), NewFolder()])
@pytest.mark.parametrize("name", ["new/../x.csv", "new/../../sub/b/x.csv", "../../b/x.csv"])
def test_a_path_through_parents_is_left_unchanged(tmp_path, monkeypatch, type, name):
    (tmp_path / "sub/own").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "sub/own")
    assert convert(type, name) == Path(name)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "sub", tmp_path / "sub/own"]


@pytest.mark.parametrize("type", [NewFile(), NewFolder()])
def test_several_processes_may_try_one_path_at_the_same_time(tmp_path, type):
    """As workers do that start together."""
    value = tmp_path / "a" / "b" / "x.csv"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: convert(type, value), range(400)))
    assert set(found) == {value} and list(tmp_path.iterdir()) == []


def test_an_existing_output_may_be_replaced_and_keeps_its_content_until_then(tmp_path):
    (tmp_path / "x.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone")
    assert convert(NewFile(".csv"), tmp_path / "x.csv") == tmp_path / "x.csv"
    assert convert(NewFile(".csv"), tmp_path / "link.csv") == tmp_path / "link.csv"
    assert convert(NewFolder(), tmp_path) == tmp_path
    assert (tmp_path / "x.csv").read_text() == "mine"


@pytest.mark.parametrize("name", ["x", "x.txt", "x.CSV", "csv", "x.csv.gz"])
def test_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(click.BadParameter, match=r"must end in \.parquet or \.csv"):
        convert(NewFile(".parquet", ".csv"), tmp_path / name)


ENDINGS = {
    "it.zip": ["archive", ".", "--out"],
    ".tar.gz": ["archive", ".", "--out"],
    "it.tflite": ["export", ".", "--format", "onnx", "--out"],
    "it.onnx": ["export", ".", "--out", "it.onnx", "--format", "litert", "--out"],
    "it.pb": ["export", ".", "--format", "litert", "--out"],
}


@pytest.mark.parametrize("name", ENDINGS)
def test_an_ending_that_belongs_to_another_format_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*ENDINGS[name], name])
    right = {"archive": ".tar.gz", "onnx": ".onnx", "litert": ".tflite"}
    expected = next(right[word] for word in ENDINGS[name] if word in right)
    assert done.exit_code == 2 and f"must end in {expected}." in done.output


def options(group, above=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from options(command, (*above, name))
            continue
        for param in command.params:
            if set(param.opts) & set(TARGETS):
                yield (*above, name), param


@pytest.mark.parametrize(
    ("command", "param"), options(main), ids=lambda c: str(getattr(c, "name", c))
)
def test_every_command_checks_its_outputs_first(tmp_path, command, param):
    assert isinstance(param.type, NewFile | NewFolder)
    (tmp_path / "file").touch()
    arguments = [*command, param.opts[0], str(tmp_path / "file" / "x.csv")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2


def test_two_outputs_with_the_same_path_are_refused(tmp_path):
    (tmp_path / "m.json").touch()
    same = str(tmp_path / "same.parquet")
    arguments = ["evaluate", str(tmp_path), "--records", str(tmp_path / "m.json")]
    done = CliRunner().invoke(main, [*arguments, "--out", same, "--classes-out", same])
    assert done.exit_code == 2 and "name the same file" in done.output
