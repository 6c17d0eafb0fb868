"""The commands that download by hand: killed, resumed, and with settings that do not work."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from tests.download.loopback import stalls

ROOT = Path(__file__).parents[2]
CONTENTS = {f"train{x}{x}.tfrecord": os.urandom(100_000 + n) for n, x in enumerate("abc")}


@pytest.fixture
def config(loopback, tmp_path):
    """A function that writes a config, of which only the source is read."""
    loopback.publish("train", CONTENTS)

    def write(**more):
        source = {"kind": "youtube8m", "splits": ["train"], "address": loopback.address, **more}
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump({"dataset": {"source": source}}))

    write()
    return write


def start(tmp_path, *words) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "yt8m", "records", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output_of(tmp_path, *words, code=0) -> str:
    process = start(tmp_path, *words)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == code and "Traceback" not in output, output
    return output


def test_a_killed_download_continues_where_it_was_and_fetches_nothing_twice(
    config, loopback, tmp_path
):
    config(connections=1)
    _, second, third = CONTENTS
    killed = threading.Event()
    loopback.fail(second, stalls(50_000, killed))
    process = start(tmp_path, "download", "mine.yaml")
    part = tmp_path / "youtube8m/2/frame/.train0063.tfrecord.download/train0063.tfrecord"
    end = time.monotonic() + 300
    while not (part.exists() and part.stat().st_size):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    killed.set()
    arrived = part.stat().st_size
    assert 0 < arrived < len(CONTENTS[second])
    loopback.seen.clear()
    output = output_of(tmp_path, "download", "mine.yaml")
    assert output.startswith("train: 2 files fetched (200,003 bytes), 1 was there already")
    gets = [(path.rpartition("/")[2], begin) for _, path, begin in loopback.seen]
    assert gets == [(second, arrived), (third, 0)]
    for number, data in zip((0, 63, 126), CONTENTS.values(), strict=True):
        assert (part.parents[1] / f"train{number:04d}.tfrecord").read_bytes() == data


def test_the_first_download_makes_the_plan_too(config, loopback, tmp_path):
    output = output_of(tmp_path, "download", "mine.yaml")
    plan = "youtube8m/2/frame/train.1-of-1.json: 3 files of train, 300,003 bytes"
    assert output.splitlines() == [
        plan,
        "train: 3 files fetched (300,003 bytes), 0 were there already",
    ]


@pytest.mark.parametrize(
    ("more", "words", "problem"),
    [
        ({"kind": "generated"}, (), "source.kind: is 'generated', which downloads nothing"),
        ({"splits": ["test"]}, (), "frame_test.json: the server has no such file (404); check"),
        ({}, ("--split", "other"), "--split other: dataset.source has train"),
    ],
)
def test_what_cannot_be_downloaded_is_refused_in_one_line(config, tmp_path, more, words, problem):
    config(**more) if "kind" not in more else (tmp_path / "mine.yaml").write_text(
        yaml.safe_dump({"dataset": {"source": more}})
    )
    output = output_of(tmp_path, "plan", *words, "mine.yaml", code=2 if words else 1)
    assert problem in output


def test_a_part_of_another_plan_than_planned_is_refused(config, tmp_path):
    output_of(tmp_path, "plan", "mine.yaml")
    source = '{"kind": "youtube8m", "splits": ["train"]}'
    words = ["--source", source, "--split", "train", "--files", "0" * 32, "--out", "list.json"]
    for part in ("0", "1"):
        output = output_of(tmp_path, "download-part", *words, "--part", part, code=1)
        assert "train.1-of-1.json: has changed since this run was planned; run again" in output
