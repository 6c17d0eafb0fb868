"""All long steps, interrupted in all ways: they resume and end with the same bits."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mounts import mounted
from tests.small import SCHEMA, SOURCE, config, generate_split
from tests.soaking import soak
from tests.workflow.outcome import digests
from yt8m.artefacts import CONFIG
from yt8m.config.experiment import read_experiment
from yt8m.data.manifest import write_manifest
from yt8m.data.survey import build_manifest
from yt8m.json_files import write_json
from yt8m.recipes import read_recipe
from yt8m.weights import load_weights

pytestmark = pytest.mark.xdist_group("resume")  # one undisturbed run of each step serves all

ROOT = Path(__file__).parents[2]
SHARDS, VIDEOS = 30, 150
OUT = ("*.safetensors", "history.csv", "*.tfrecord", "*.parquet")
BATCH = ["--batch-size", "5"]


@dataclass(frozen=True)
class Step:
    """A command that can be interrupted.

    arguments: from the folder of what was made before. batches: that it takes in all.
    saved: of those, how many a state holds. Its files, by a pattern below the state's folder.
    """

    arguments: Callable[[Path], list]
    batches: int
    files: str
    saved: Callable[[list[Path]], int]


def position(states: list[Path]) -> int:
    return load_weights(states[0])[1]["position"] if states else 0


STEPS = {
    "train": Step(
        lambda made: [made / CONFIG, "--state-seconds", "0", "--out"],
        batches=45,  # three epochs of ten videos per step
        files="*/state.safetensors",
        saved=position,
    ),
    "ema": Step(
        lambda made: [
            *(made / CONFIG, "--source", made / "train/weights.safetensors"),
            *("--state-seconds", "0", "--out"),
        ],
        batches=45,
        files="*/state.safetensors",
        saved=position,
    ),
    "distil": Step(
        lambda made: [made / "train", *BATCH, "--shards", f"0-{SHARDS - 1}", "--out"],
        batches=SHARDS,
        files="*/shard-*.tfrecord",
        saved=len,
    ),
    "predict": Step(
        lambda made: [made / "train", *BATCH, "--top-k", "3", "--out"],
        batches=SHARDS,
        files="*/piece-*.parquet",
        saved=lambda parts: 2 * len(parts),
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Shards, their manifest, a model's settings, and the outputs of each step if uninterrupted."""
    folder = tmp_path_factory.mktemp("made")
    settings = read_recipe(
        "yt8m.data.sources", {**SOURCE, "splits": {"train": [SHARDS, VIDEOS]}}, "made"
    )
    shards = generate_split(settings, SCHEMA, "train", folder / "data")
    write_manifest(build_manifest(shards, SCHEMA, "train", 1), folder / "train.json")
    whole = config(epochs=3, log_steps=1)
    whole["ema"]["epochs"] = 3
    write_json(folder / CONFIG, read_experiment(whole).models["vlad"].entry())
    for name in STEPS:
        process = start(name, folder, folder, pause=0)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
        assert said.count("a batch") == STEPS[name].batches
    return folder


def start(
    name: str, made: Path, folder: Path, pause: float = 0.2, state: str = "state"
) -> subprocess.Popen:
    """Start a step as a separate process; its state and its output go below `folder`."""
    out = folder / name / "all.parquet" if name == "predict" else folder / name
    arguments = [*STEPS[name].arguments(made), out, "--records", made / "train.json"]
    arguments += ["--state", folder / f"{state}-{name}", "--threads", "1"]
    slowly = Path(__file__).parent / "startup/slowly.py"
    return subprocess.Popen(
        [sys.executable, str(slowly), str(pause), name, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def saved_files(name: str, folder: Path) -> list[Path]:
    return list((folder / f"state-{name}").glob(STEPS[name].files))


def kill(process: subprocess.Popen, folder: Path) -> None:
    process.kill()


def ask_to_stop(process: subprocess.Popen, folder: Path) -> None:
    process.send_signal(signal.SIGTERM)


def fill_the_disk(process: subprocess.Popen, folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as filler:
        try:
            while process.poll() is None:
                filler.write(bytes(4096))
        except OSError:
            process.wait(300)


@pytest.mark.parametrize(
    ("name", "state", "refused"),
    [
        ("train", "state", "state-train"),
        soak("distil", "state", "state-distil"),
        soak("train", "other", "train"),
        ("ema", "other", "ema"),
    ],
)
def test_a_second_command_with_the_same_state_or_results_is_refused(
    made, tmp_path, name, state, refused
):
    first = start(name, made, tmp_path, pause=5)
    end = time.monotonic() + 300
    while not saved_files(name, tmp_path):
        assert first.poll() is None and time.monotonic() < end
        time.sleep(0.1)
    second = start(name, made, tmp_path, pause=0, state=state)
    _, said = second.communicate(timeout=300)
    assert second.returncode == 1 and first.poll() is None
    assert f"{tmp_path / refused}: is being written by process {first.pid} on " in said
    assert saved_files(name, tmp_path) and not digests(tmp_path / name, OUT)
    first.kill()
    first.communicate()


WAYS = [(name, disturb) for name in STEPS for disturb in (kill, ask_to_stop, fill_the_disk)]
OFTEN = [*((name, kill) for name in STEPS), ("train", fill_the_disk)]
"""In other files, training and averaging are asked to stop, too."""


@pytest.mark.parametrize(("name", "disturb"), [w if w in OFTEN else soak(*w) for w in WAYS])
def test_a_step_resumes_and_ends_with_the_same_bits(made, tmp_path, name, disturb):
    step, chance = STEPS[name], random.Random(f"{name} {disturb}")
    disk = disturb is fill_the_disk
    with mounted(tmp_path, "8m") if disk else nullcontext():
        process = start(name, made, tmp_path)
        end, enough = time.monotonic() + 300, chance.randint(1, 5)
        while step.saved(saved_files(name, tmp_path)) < enough:
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        disturb(process, tmp_path)
        _, said = process.communicate(timeout=300)
        assert process.returncode != 0
        assert ("No space left on device" in said) == disk, said
        assert not digests(tmp_path / name, OUT)
        (tmp_path / "filler").unlink(missing_ok=True)

        saved = step.saved(saved_files(name, tmp_path))
        process = start(name, made, tmp_path, pause=0)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said
        assert saved >= enough and said.count("a batch") == step.batches - saved
        assert digests(tmp_path / name, OUT) == digests(made / name, OUT)
        assert not (tmp_path / f"state-{name}").exists()
        assert not list(tmp_path.rglob("*.part*"))
