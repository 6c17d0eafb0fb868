"""Where the system refuses to write: what a command says, its exit code, and what is left."""

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
    a_folder_has_its_name: "cannot be written (Is a directory); choose another place",
    a_file_is_where_its_folder_should_be: "cannot be written (Not a directory); choose another",
    its_name_is_too_long: "cannot be written (File name too long); choose another place",
    it_is_where_nothing_can_be_made: "cannot be written (No such file or directory); choose",
}


@pytest.fixture
def configure(tmp_path):
    """Run a command that writes one small file, with an exit code and words for an answer."""
    entry = write_model_config(tmp_path / "model", "vlad").entry
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
    assert done.returncode == 1
    assert done.stderr.startswith(f"yt8m: error: {out}: {REFUSED[refused]}")
    assert done.stderr.count("\n") == 1 and ".part" not in done.stderr
    assert sorted((tmp_path / "disk").rglob("*")) == before


@pytest.mark.parametrize("why", ["No space left on device", "Read-only file system"])
def test_a_disk_that_takes_nothing_is_told_by_the_file(configure, tmp_path, why):
    with mounted(tmp_path / "disk", "8k"):
        (tmp_path / "disk/filler").write_bytes(bytes(4096))
        remount(tmp_path / "disk", "ro" if why.startswith("Read") else "size=4k")
        done = configure(plain(tmp_path / "disk"))
        assert done.returncode == 1
        said = f"yt8m: error: {tmp_path}/disk/out.json: cannot be written ({why})"
        assert done.stderr.startswith(said) and done.stderr.count("\n") == 1
        assert [p.name for p in (tmp_path / "disk").iterdir()] == ["filler"]


def test_a_limit_on_the_size_of_files_is_told(configure, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    done = configure(plain(tmp_path / "disk"), preexec_fn=limit)
    assert done.returncode == 1 and "(File too large); raise the limit" in done.stderr
    assert list((tmp_path / "disk").iterdir()) == []


def test_a_full_disk_behind_what_is_printed_is_told():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "yt8m", "settings"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1 and done.stderr.startswith("yt8m: error: No space left on device: ")
