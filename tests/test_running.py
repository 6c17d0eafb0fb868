"""Which jobs run, and the table of them."""

import json
import os
import re
import socket
from dataclasses import asdict, replace

import pytest

from yt8m.activity import Activity, activity_file, this_process, write_activity
from yt8m.running import clock, jobs_table, read_jobs, seconds_left, state_of

NOW = 1_000_000.0
ME = this_process()
DOING = Activity("train vlad", "step", 100, 400, 2.0, "loss 0.345 GAP 0.678", "", NOW, NOW, 9.0)


def write(folder, name, activity=DOING, process=ME):
    log = folder / f"logs/{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    write_activity(activity_file(log), activity, process)
    return activity_file(log)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "running"),
        ({"started": "1"}, "stopped"),  # another process has got the number
        ({"pid": 2**22 + 1}, "stopped"),
        ({"host": "other", "pid": 2**22 + 1}, "running"),
        ({"namespace": "0", "pid": 2**22 + 1}, "running"),  # in a container, which is not visible
    ],
)
def test_a_process_of_this_machine_is_looked_up(change, state):
    assert state_of(replace(ME, **change), DOING, NOW + 299) == state


def test_a_job_of_another_machine_runs_as_long_as_there_is_news():
    other = replace(ME, host=f"not-{socket.gethostname()}")
    assert state_of(other, DOING, NOW + 301) == "silent"
    slow = replace(DOING, slowest=200.0)
    assert state_of(other, slow, NOW + 599) == "running"
    assert state_of(other, slow, NOW + 601) == "silent"
    assert state_of(other, replace(DOING, error="no room"), NOW) == "failed"


def test_the_time_left_is_that_of_the_rest_at_the_rate_less_the_time_since():
    assert seconds_left(DOING, NOW) == 150 and seconds_left(DOING, NOW + 30) == 120
    assert seconds_left(DOING, NOW + 999) == 0
    assert seconds_left(replace(DOING, rate=None), NOW) is None
    assert seconds_left(replace(DOING, rate=0.0), NOW) is None
    assert seconds_left(replace(DOING, total=0), NOW) is None


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (65, "1:05"), (7200, "2:00:00")])
def test_a_time_is_written_like_a_clock(seconds, text):
    assert clock(seconds) == text


def test_a_table_of_all_kinds_of_jobs_fits_80_characters(tmp_path):
    write(tmp_path, "train/netvlad_of_seed_3")
    write(tmp_path, "quantise/bag", Activity(began=NOW - 5, updated=NOW - 5))
    write(tmp_path, "ema/bag", process=replace(ME, started="1"))
    write(tmp_path, "predict/final-test", replace(DOING, error="no room"))
    write(tmp_path, "train/far", process=replace(ME, host="node7"))
    state = tmp_path / "state/ema/bag/0123456789abcdef/state.safetensors"
    state.parent.mkdir(parents=True)
    state.touch()
    os.utime(state, (NOW, NOW))
    jobs = read_jobs(tmp_path, NOW + 400)
    table = jobs_table(jobs, NOW + 400, width=80)
    assert max(map(len, table.splitlines())) <= 80
    words = " ".join(table.split())
    assert words.startswith("job done rate left now quantise/bag for 6:45 train/net")
    assert re.search(r"train/netvlad_of_seed_3 100/400 2 steps/s 0:00 loss 0.345 GAP", words)
    assert re.search(r"ema/bag 100/400 stopped; its state was saved on \d\d \w+, ", words)
    assert "predict/final-test 100/400 failed: no room" in words
    assert "train/far 100/400 no news from node7 for 6:40" in words
    assert jobs_table([], NOW) == ""


def test_a_job_that_works_on_another_model_says_on_which(tmp_path):
    write(tmp_path, "train/bag")
    assert "train vlad: loss 0.345" in jobs_table(read_jobs(tmp_path, NOW), NOW)


GOOD = asdict(DOING) | {"process": asdict(ME)}


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"title": "tra',
        "[]",
        "null",
        "\0\xff",
        json.dumps({key: GOOD[key] for key in GOOD if key != "slowest"}),
        json.dumps(GOOD | {"done": "7"}),
        json.dumps(GOOD | {"rate": float("nan")}),
        json.dumps(GOOD | {"process": 7}),
    ],
    ids=["empty", "half", "list", "null", "bytes", "no_slowest", "text", "nan", "no_process"],
)
def test_half_a_file_or_one_of_another_version_is_left_out(tmp_path, content):
    path = write(tmp_path, "train/vlad")
    path.write_text(content)
    (path.parent / ".b.log.activity").mkdir()
    (path.parent / ".c.log.activity").symlink_to("nowhere")
    assert read_jobs(tmp_path, NOW) == []
    path.write_text(json.dumps(GOOD | {"later": 1}))
    assert len(read_jobs(tmp_path, NOW)) == 1


def test_a_folder_without_logs_has_no_jobs(tmp_path):
    assert read_jobs(tmp_path) == read_jobs(tmp_path / "missing") == []
