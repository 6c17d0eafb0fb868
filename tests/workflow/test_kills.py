"""Kills at random moments: the run goes on afterwards, and ends as if nothing had happened."""

import fnmatch
import os
import random
import runpy
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from tests.workflow.outcome import differences, digests
from tests.workflow.project import ROOT, Project
from tests.workflow.promises import FIRST
from yt8m.weights import load_weights

DEMO = os.environ.get("YT8M_DEMO")
"""The results of a demo that was not disturbed, where there are some, as for `make soak`."""

KILLS = 20
"""Of the demo."""

AGAIN = "--- tried again"
"""Stands in a log between two tries."""

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def saved_steps(project: Project) -> dict[str, int]:
    """Positions of the training runs that have a saved state, by model and stage."""
    states = project.path("state").glob("*/*/*/state.safetensors")
    return {"/".join(s.parts[-4:-2]): load_weights(s)[1]["position"] for s in states}


def interrupt(project: Project, jobs: int, seconds: float, how: signal.Signals) -> str:
    """Start a run and end it some time after so many jobs. Returns what it had printed by then.

    All its processes get the signal, as from a terminal, timeout(1), or a batch system; those that
    have not ended after half a minute are killed.
    """
    process, lines = project.start(), []
    while jobs and (line := process.stdout.readline()):
        lines.append(line)
        jobs -= line.startswith("Finished jobid")
    time.sleep(seconds)
    os.killpg(process.pid, how)
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    if process.poll() is None or how == signal.SIGKILL:
        _kill_all(process.pid)
    rest, _ = process.communicate()
    return "".join(lines) + rest


def _kill_all(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def run_through_kills(project: Project, undisturbed: Path, kills: int, jobs: int, tell) -> None:
    """Kill a run that starts from nothing again and again, then let it end; compare all it made.

    Not even the folder's name may leave a trace in any file but those that tell of time.
    jobs: how many an undisturbed run has. tell: gets a line about each kill.
    """
    expected, chance = digests(undisturbed), random.Random(1)
    project.real = True  # forks keep the threads of BLAS that their server started with
    most = max(1, jobs // (kills + 1))
    for number in range(kills):
        how = SIGNALS[number % len(SIGNALS)]
        output = interrupt(project, chance.randint(most // 2, most), chance.uniform(0, 6), how)
        # An interrupt may find an interpreter that is only starting.
        assert how == signal.SIGINT or "Traceback" not in output, output[-3000:]
        done, saved = output.count("Finished jobid"), saved_steps(project) or "nothing"
        tell(f"kill {number + 1} of {kills}: {how.name}, {done} jobs were done, {saved} saved")
        found = digests(project.path("."))
        assert {n: d for n, d in found.items() if expected[n] != d} == {}
        project.snakemake("--unlock")
    project.snakemake()
    assert differences(digests(project.path(".")), expected) == []
    assert not list(project.path(".").rglob("*.part")) and saved_steps(project) == {}
    assert project.plan() == {}


@pytest.fixture
def tell(capsys):
    """Prints in the middle of a test."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    return tell


@pytest.mark.soak
def test_a_run_killed_three_times_ends_like_one_that_was_not(built, tmp_path, tell):
    project = Project(tmp_path)
    project.write_config()
    run_through_kills(project, built.path("."), kills=3, jobs=sum(FIRST.values()), tell=tell)


@pytest.mark.skipif(DEMO is None, reason="YT8M_DEMO names no results of a finished demo")
def test_the_demo_killed_at_random_ends_like_one_that_was_not(tmp_path, tell):
    project = Project(tmp_path)
    demo = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    demo["resources"].setdefault("train", {})["state_seconds"] = 0
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(demo, sort_keys=False))
    jobs = sum(runpy.run_path(str(ROOT / ".ci/check_demo.py"))["JOBS"].values())
    run_through_kills(project, Path(DEMO).resolve(), kills=KILLS, jobs=jobs, tell=tell)


def kill_job(project: Project, words: str, how: signal.Signals) -> None:
    """Send a signal to the running `yt8m` command that begins with these words."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            here = (folder / "cwd").samefile(project.folder)
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if here and f"-m yt8m {words}" in command and "bash" not in command.split()[0]:
            os.kill(int(folder.name), how)
            return
    raise AssertionError(f"no process runs yt8m {words}")


def wait_until(condition: Callable[[], object], process) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


def test_jobs_that_die_go_on_from_their_state_when_they_are_tried_again(built, tmp_path):
    """One Snakemake run, in which training dies and averaging is asked to stop."""
    chance, target = random.Random(1), "results/models/vlad/ema/weights.safetensors"
    killed = built.copy_to(tmp_path / "killed")
    made = tuple(f"models/vlad/{stage}/weights.safetensors" for stage in ("trained", "ema"))
    for name in made:
        killed.remove(name)
    killed.pause = 0.3
    process = killed.start(target, "--retries", "1")
    for rule, how in (("train", signal.SIGKILL), ("ema", signal.SIGTERM)):
        state = killed.path(f"state/{rule}/vlad")
        wait_until(lambda state=state: list(state.glob("*/state.safetensors")), process)
        time.sleep(chance.uniform(0, 0.5))
        kill_job(killed, rule, how)
    output, _ = process.communicate()
    assert process.returncode == 0 and output.count("Trying to restart job") == 2, output[-3000:]
    for rule in ("train", "ema"):
        before, after = killed.path(f"logs/{rule}/vlad.log").read_text().split(AGAIN)
        assert "step 1/" in before
        assert "step" in after and "step 1/" not in after
    assert digests(killed.path("."), made) == digests(built.path("."), made)
    assert saved_steps(killed) == {}


def small_batches(c) -> None:
    """Predictions in three parts, all shards by one job, both at the same time."""
    c["resources"] = {step: {"gpu": 0, "threads": 1} for step in ("distil", "infer")}
    c["inference"] = {"batch_size": 2}
    c["distillation"] = {"shards_per_job": 10}


def finished_parts(state):
    """What a killed job need not make again; not what is being written."""
    found = os.walk(state)  # unlike `rglob`, it passes over folders that are renamed meanwhile
    return [
        Path(folder, name)
        for folder, _, names in found
        for name in fnmatch.filter(names, "[sp]*-of-*")
        if not folder.endswith(".part")
    ]


def test_shards_and_predictions_that_die_go_on_when_they_are_tried_again(built, tmp_path):
    """In one Snakemake run, too: each of the two is killed once."""
    targets = ["distillation", "results/predictions/teacher/validate.parquet"]
    whole, killed = (built.copy_to(tmp_path / name) for name in ("whole", "killed"))
    for project in (whole, killed):
        project.write_config(small_batches)
        project.remove("distillation")
        project.pause = 0.001
    assert whole.run(*targets) == {"distil_rest": 1, "distilled_manifest": 1, "predict": 1}
    killed.pause = 0.5
    process = killed.start(*targets, "--retries", "1")
    alive = {"predict": signal.SIGKILL, "distil": signal.SIGTERM}
    while alive:  # whichever is the first to have finished a part
        wait_until(lambda: any(finished_parts(killed.path(f"state/{r}")) for r in alive), process)
        for rule in [r for r in alive if finished_parts(killed.path(f"state/{r}"))]:
            kill_job(killed, rule, alive.pop(rule))
    output, _ = process.communicate()
    assert process.returncode == 0 and output.count("Trying to restart job") == 2, output[-3000:]
    for log in ("distil/teacher-rest.log", "predict/teacher-validate.log"):
        said = [p.path(f"logs/{log}").read_text().split(AGAIN) for p in (whole, killed)]
        (batches,), (_, rest) = [[text.count("a batch") for text in texts] for texts in said]
        assert 0 < rest < batches, log
    made = ("distillation/*/*", "predictions/*/*")
    assert digests(killed.path("."), made) == digests(whole.path("."), made)
    assert not list(killed.path("state").rglob("*.*"))
