"""Interrupted runs end as if they had not been interrupted."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.small import write_model_config
from tests.soaking import soak
from tests.training.runs import content, digest, equal_mean, interrupt_after
from tests.training.workers.processes import PLAIN, finished, holding
from yt8m.errors import ArtefactError
from yt8m.training import loop
from yt8m.training.run import average, train

pytestmark = pytest.mark.slow  # each trains, is killed and trains again


def start_training(
    folder: Path, model: Path, out: Path, state: Path, program: str = PLAIN
) -> subprocess.Popen:
    """Start `yt8m train` as a separate process."""
    arguments = [model / "config.json", "--records", folder / "train.json"]
    arguments += ["--state", state, "--out", out, "--state-seconds", "0"]
    arguments += ["--threads", "1"]
    return subprocess.Popen(
        [sys.executable, "-c", program, "train", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.soak
@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_run_resumes_and_ends_as_if_undisturbed(folder, tmp_path, stop):
    """At full speed; `workflow/test_resume.py` does it with pauses, in which it takes less time."""
    write_model_config(tmp_path, "vlad", epochs=60)
    undisturbed = start_training(folder, tmp_path, tmp_path / "whole", tmp_path / "s1")
    finished(undisturbed)

    held = holding(60, tmp_path / "go on") + PLAIN
    killed = start_training(folder, tmp_path, tmp_path / "again", tmp_path / "s2", held)
    deadline = time.monotonic() + 600
    while not list((tmp_path / "s2").glob("*/state.safetensors")):
        assert time.monotonic() < deadline and killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(stop)
    (tmp_path / "go on").touch()
    _, stderr = killed.communicate(timeout=300)
    assert killed.returncode != 0
    assert not (tmp_path / "again/weights.safetensors").exists()
    if stop != signal.SIGKILL:
        assert "state saved" in stderr and "Traceback" not in stderr

    resumed = start_training(folder, tmp_path, tmp_path / "again", tmp_path / "s2")
    assert "step 1/" not in finished(resumed)
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    assert not (tmp_path / "s2").exists()


@pytest.fixture(scope="module")
def averaged(data, trained, tmp_path_factory):
    """The folder of the average that the settings of `vlad` make of its trained weights."""
    folder = tmp_path_factory.mktemp("averaged")
    config = write_model_config(folder, "vlad")
    average(config, trained / "a/weights.safetensors", data["train"], folder / "a", folder / "s")
    return folder / "a"


OTHERS = {"settings": ("train", {"learning_rate": 0.5}), "data": ("validate", {})}


@pytest.mark.parametrize("other", OTHERS)
def test_a_state_of_other_settings_or_records_is_not_resumed(
    data, trained, tmp_path, monkeypatch, other
):
    """The state of a run with another learning rate or other records must not be used."""
    split, settings = OTHERS[other]
    config = write_model_config(tmp_path, "vlad", **settings)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(3, patch)
        train(config, data[split], tmp_path / "x", tmp_path / "s")
    assert len(list((tmp_path / "s").glob("*/state.safetensors"))) == 1
    config = write_model_config(tmp_path, "vlad")
    train(config, data["train"], tmp_path / "b", tmp_path / "s")
    assert digest(tmp_path / "b") == digest(trained / "a")


def test_a_state_in_place_of_another_is_refused(data, tmp_path, monkeypatch):
    states = []
    for folder, settings in (("ours", {}), ("theirs", {"seed": 8})):
        config = write_model_config(tmp_path / folder, "vlad", **settings)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt_after(3, patch)
            train(config, data["train"], tmp_path / "x", tmp_path / folder / "s")
        states += (tmp_path / folder).glob("s/*/state.safetensors")
    ours, theirs = states
    shutil.copy(theirs, ours)
    config = write_model_config(tmp_path / "ours", "vlad")
    with pytest.raises(ArtefactError, match=f"{ours}: is the state of another run; delete it"):
        train(config, data["train"], tmp_path / "x", tmp_path / "ours/s")
    assert ours.read_bytes() == theirs.read_bytes() and not (tmp_path / "x").exists()


@pytest.mark.parametrize("other", OTHERS)
def test_a_state_of_another_averaging_is_not_resumed(
    data, trained, averaged, tmp_path, monkeypatch, other
):
    split, settings = OTHERS[other]
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    config = write_model_config(tmp_path, "vlad")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(2, patch)
        words = replace(config.ema, learning_rate=0.5) if settings else config.ema
        average(replace(config, ema=words), start, data[split], tmp_path / "x", state)
    assert len(list(state.glob("*/state.safetensors"))) == 1
    average(config, start, data["train"], tmp_path / "again", state)
    assert digest(tmp_path / "again") == digest(averaged)
    assert not state.exists()


def test_averaging_resumes_bit_for_bit_and_only_from_its_own_start(
    data, trained, averaged, tmp_path, monkeypatch
):
    config, records = write_model_config(tmp_path, "vlad"), data["train"]
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    firsts, original = [], loop._remaining_batches
    monkeypatch.setattr(loop, "_remaining_batches", lambda *a: firsts.append(a[3]) or original(*a))
    for then, first in ((averaged / "weights.safetensors", 0), (start, 4)):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt_after(4, patch)
            average(config, start, records, tmp_path / "again", state)
        assert len(list(state.glob("*/state.safetensors"))) == 1
        average(config, then, records, tmp_path / "again", state)
        assert firsts[-1] == first and not state.exists()
    assert digest(tmp_path / "again") == digest(averaged)


@pytest.mark.parametrize("steps", [3, soak(4)])
def test_the_equal_mean_resumes_bit_for_bit(data, trained, tmp_path, monkeypatch, steps):
    """Stopped between two averaged steps, and right after one."""
    config = equal_mean(write_model_config(tmp_path, "vlad"), 2)
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    average(config, start, data["train"], tmp_path / "whole", state)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(steps, patch)
        average(config, start, data["train"], tmp_path / "again", state)
    assert len(list(state.glob("*/state.safetensors"))) == 1
    average(config, start, data["train"], tmp_path / "again", state)
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    average(equal_mean(config, 3), start, data["train"], tmp_path / "other", state)
    assert content(tmp_path / "other") != content(tmp_path / "whole")


def test_steps_in_parts_are_reproducible_and_resume_bit_for_bit(
    data, trained, tmp_path, monkeypatch
):
    config = write_model_config(tmp_path, "vlad", micro_batches=2)
    train(config, data["train"], tmp_path / "whole", tmp_path / "s")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(7, patch)
        train(config, data["train"], tmp_path / "again", tmp_path / "s")
    assert len(list((tmp_path / "s").glob("*/state.safetensors"))) == 1
    train(config, data["train"], tmp_path / "again", tmp_path / "s")
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    assert content(tmp_path / "again") != content(trained / "a")
    assert not (tmp_path / "s").exists()
