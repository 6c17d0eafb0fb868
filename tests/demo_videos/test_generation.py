"""Generated mp4 files and their table, and what happens to files that are there already."""

import hashlib
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.video.reading import sound_of
from yt8m.cli import main
from yt8m.demo_videos import drawing, sounds
from yt8m.demo_videos.generation import CLIPS, MADE_WITH, NEW, TABLE, generate_videos
from yt8m.demo_videos.random_clips import new_clip, random_clip
from yt8m.errors import OutputError
from yt8m.json_files import read_json, write_json
from yt8m.own_data.table import read_table
from yt8m.video.frames import frames_of
from yt8m.video.sound import RATE

VIDEOS, SEED = 6, 3
COMMAND = ("records", "generate-videos", "--videos", VIDEOS, "--seed", SEED)


def contents(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos") / "demo"
    arguments = [str(word) for word in (*COMMAND, "--threads", 1, "--out", folder)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "7 clips encoded, 0 were there already" in result.output
    return folder


@pytest.fixture(scope="module")
def table(made):
    return read_table(made / TABLE, {"video": "path"})


@pytest.fixture
def kept(made, tmp_path):
    """A copy of the folder, with times of modification that show what is written again."""
    return Path(shutil.copytree(made, tmp_path / "kept"))


@pytest.mark.parametrize("name", [f"{CLIPS}/clip-0002.mp4", NEW, TABLE])
def test_files_that_it_did_not_generate_are_not_replaced(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(OutputError, match=f"{name}: is not a generated one"):
        generate_videos(tmp_path, VIDEOS, SEED)
    assert contents(tmp_path) == {name: hashlib.sha256(b"mine").hexdigest()}


def test_the_table_lists_every_clip_with_its_labels_and_split(made, table):
    assert list(table.ids) == [f"clip-{number:04d}" for number in range(VIDEOS)]
    assert list(table.labels) == [random_clip(SEED, number).labels for number in range(VIDEOS)]
    assert list(table.splits) == ["train"] * 4 + ["validate", "test"]
    assert sorted(table.locations["video"]) == sorted(map(str, (made / CLIPS).glob("*.mp4")))


def test_pictures_that_are_read_back_are_those_that_were_drawn(table):
    for number, path in enumerate(table.locations["video"]):
        clip = random_clip(SEED, number)
        drawn = list(drawing.pictures_of(clip))[:: drawing.RATE]
        read = list(frames_of(path, 300))
        assert len(read) == len(drawn) == round(clip.seconds)
        error = np.mean(
            [np.abs(a.astype(float) - b).mean() for a, b in zip(read, drawn, strict=True)]
        )
        assert error < 10, clip


def test_sound_that_is_read_back_is_that_which_was_made(table):
    clips = [random_clip(SEED, number) for number in range(VIDEOS)]
    assert {clip.sounds is None for clip in clips} == {True, False}
    for clip, path in zip(clips, table.locations["video"], strict=True):
        made, read = sounds.sound_of_clip(clip), sound_of(path, 300)
        assert (made is None) == (read is None)
        if made is not None:
            assert len(read) == pytest.approx(clip.seconds * RATE, abs=0.1 * RATE)
            assert spectrum(read, RATE) == pytest.approx(spectrum(made, sounds.RATE), abs=0.06)


def spectrum(samples: np.ndarray, rate: int) -> np.ndarray:
    """Shares of the power in bands of 250 Hz, up to 4 kHz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    bands, _ = np.histogram(hertz, np.arange(0, 4001, 250), weights=power)
    return bands / bands.sum()


def test_the_clip_outside_the_table_has_30_seconds_with_sound(made):
    assert len(list(frames_of(made / NEW, 300))) == new_clip(SEED).seconds == 30
    assert len(sound_of(made / NEW, 300)) == pytest.approx(30 * RATE, rel=0.01)


def test_clips_that_are_there_are_kept_and_missing_ones_made(made, kept):
    lost = kept / CLIPS / "clip-0002.mp4"
    lost.unlink()
    times = {path: path.stat().st_mtime_ns for path in kept.rglob("*.mp4")}
    assert generate_videos(kept, VIDEOS, SEED).encoded == 1
    assert contents(kept) == contents(made)
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_more_clips_leave_the_others_as_they_are(made, kept):
    assert generate_videos(kept, VIDEOS + 1, SEED).encoded == 1
    found, before = contents(kept), contents(made)
    assert {name for name in found if found[name] != before.get(name)} == {
        TABLE,
        f"{CLIPS}/clip-0006.mp4",
    }


def test_clips_of_another_seed_are_replaced_by_the_same_bytes_in_any_number_of_threads(made, kept):
    about = read_json(kept / MADE_WITH)
    write_json(kept / MADE_WITH, {**about, "seed": SEED + 1})
    assert generate_videos(kept, VIDEOS, SEED, threads=3).encoded == VIDEOS + 1
    assert contents(kept) == contents(made)


def test_a_killed_command_is_completed_by_the_next_one(made, tmp_path):
    words = [sys.executable, "-m", "yt8m", *map(str, COMMAND), "--out", str(tmp_path / "demo")]
    command = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    while command.poll() is None and not list((tmp_path / "demo").glob(f"{CLIPS}/*.mp4")):
        time.sleep(0.01)
    command.send_signal(signal.SIGKILL)
    assert command.wait() == -signal.SIGKILL
    assert not (tmp_path / "demo" / TABLE).exists()
    generate_videos(tmp_path / "demo", VIDEOS, SEED)
    assert contents(tmp_path / "demo") == contents(made)


def test_fewer_clips_than_splits_are_refused(tmp_path):
    result = CliRunner().invoke(
        main, [*map(str, COMMAND[:2]), "--videos", "5", "--out", str(tmp_path)]
    )
    assert result.exit_code == 2 and "6" in result.output
