"""If the system refuses to write: the message of a command, its exit code, and what is left."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mounts import mounted, remount
from tests.small import write_model_config

ROOT = Path(__file__).parents[2]


def plain(folder):
    return folder / "out.json"


def a_folder_has_its_name(folder):
    (folder / "out.json").mkdir()
    return folder / "out.json"


def a_file_is_where_its_folder_should_be(folder):
    (folder / "in").write_text("")
    return folder / "in/out.json"


def its_name_is_too_long(folder):
    return folder / ("a" * 255)


def it_is_where_nothing_can_be_made(folder):
    return Path("/proc/1/out.json")


REFUSED = {
    # what is the matter: words behind the path
    a_folder_has_its_name: "is a folder; name a file",
    a_file_is_where_its_folder_should_be: "cannot be written: ",
    its_name_is_too_long: "cannot be written: File name too long",
    it_is_where_nothing_can_be_made: "cannot be written: No such file or directory",
}


@pytest.fixture
def configure(tmp_path):
    """Run a command that writes one small file; returns its exit code and output."""
    entry = write_model_config(tmp_path / "model", "vlad").entry()
    (tmp_path / "disk").mkdir()

    def configure(out, **options):
        command = [sys.executable, "-m", "yt8m", "configure", "--entry", json.dumps(entry)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [*command, "--out", str(out)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    return configure


@pytest.mark.parametrize("refused", REFUSED)
def test_what_cannot_be_written_is_named(configure, tmp_path, refused):
    out = refused(tmp_path / "disk")
    before = sorted((tmp_path / "disk").rglob("*"))
    done = configure(out)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"Invalid value for '--out': '{out}' {REFUSED[refused]}" in done.stderr
    assert ".part" not in done.stderr
    assert sorted((tmp_path / "disk").rglob("*")) == before


@pytest.mark.parametrize(
    ("mode", "code", "said"),
    [
        (
            "size=4k",
            1,
            "yt8m: error: {out}: cannot be written (No space left on device); free some",
        ),
        ("ro", 2, "Invalid value for '--out': '{out}' cannot be written: Read-only file system."),
    ],
)
def test_a_full_or_read_only_disk_is_reported_with_the_file(configure, tmp_path, mode, code, said):
    with mounted(tmp_path / "disk", "8k"):
        (tmp_path / "disk/filler").write_bytes(bytes(4096))
        remount(tmp_path / "disk", mode)
        done = configure(plain(tmp_path / "disk"))
        assert done.returncode == code and "Traceback" not in done.stderr
        assert said.format(out=f"{tmp_path}/disk/out.json") in done.stderr
        assert [p.name for p in (tmp_path / "disk").iterdir()] == ["filler"]


def test_a_limit_on_the_size_of_files_is_reported(configure, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    done = configure(plain(tmp_path / "disk"), preexec_fn=limit)
    assert done.returncode == 1 and "(File too large); raise the limit" in done.stderr
    assert list((tmp_path / "disk").iterdir()) == []


def test_a_full_disk_behind_standard_output_is_reported():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "yt8m", "settings"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1 and done.stderr.startswith("yt8m: error: No space left on device: ")
