"""The wheel has all that the library needs, and works without the checkout."""

import email
import subprocess
import zipfile

import numpy as np
import pytest

import yt8m
from tests.packaging.conftest import run
from tests.report.fabricated import fabricate
from tests.serving.own_features import NAMES, write_given, write_linear
from tests.workflow.project import ROOT
from yt8m.serving.archive import write_archive
from yt8m.serving.ensemble import export_ensemble

SESSION = """
import sys
import numpy as np
import yt8m
print(yt8m.__file__)
videos = yt8m.read_records("mine.tfrecord", yt8m.Schema({"rgb": 24, "audio": 8}, 6))
found = yt8m.load("made.tar.gz").predict(next(videos.batches()))
np.save("found.npy", found)
"""


@pytest.fixture(scope="module")
def content(dist):
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with an archive and videos for it."""
    folder = tmp_path_factory.mktemp("user")
    given = write_given(folder / "given")
    export_ensemble("made", {write_linear(folder / "m"): 1.0}, folder / "made", given=given)
    write_archive(folder / "made", folder / "made.tar.gz")
    frames = np.random.default_rng(1).integers(0, 256, (7, 32), np.uint8)
    np.save(folder / "clip.npy", frames)
    features = {"rgb": frames[:, :24], "audio": frames[:, 24:]}
    schema = yt8m.Schema({"rgb": 24, "audio": 8}, 6)
    yt8m.write_records(folder / "mine.tfrecord", [yt8m.Video("v", (1,), features)], schema)
    return folder


def test_it_has_every_file_of_the_library_and_nothing_else(content):
    listed = subprocess.check_output(["git", "-C", ROOT, "ls-files", "yt8m"], text=True)
    tracked = set(listed.split())
    assert {name for name in content if ".dist-info/" not in name} == tracked
    assert {".css", ".html", ".py", ".txt"} <= {name[name.rindex(".") :] for name in tracked}


def test_it_says_what_it_is(content):
    (about,) = (content[name] for name in content if name.endswith(".dist-info/METADATA"))
    about = email.message_from_bytes(about)
    assert (about["Name"], about["Version"]) == ("yt8m", yt8m.__version__)
    assert about["Description-Content-Type"] == "text/markdown"
    assert about.get_payload(decode=True) == (ROOT / "README.md").read_bytes()
    assert about["License-Expression"] == "Apache-2.0"


def test_its_commands_and_its_library_work_without_the_checkout(installed, place):
    assert run(installed, place, "yt8m", "--version").split()[-1] == yt8m.__version__
    said = run(
        *(installed, place, "yt8m", "label", "made.tar.gz", "clip.npy"),
        *("--every", "2", "--timeline", "page.html"),
    )
    assert any(name in said for name in NAMES)
    assert "<style>" in (place / "page.html").read_text()
    imported = run(installed, place, "python", "-c", SESSION)
    assert imported.startswith(f"{installed}/lib/")
    expected = yt8m.load(place / "made.tar.gz").predict(np.load(place / "clip.npy"))
    np.testing.assert_allclose(np.load(place / "found.npy"), expected, atol=1e-6)


def test_it_writes_a_report(installed, tmp_path):
    fabricate(tmp_path / "results")
    run(installed, tmp_path, "yt8m", "report", "results", "--out", "page.html")
    assert "</html>" in (tmp_path / "page.html").read_text()
