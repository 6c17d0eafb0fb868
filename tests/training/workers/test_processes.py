"""Two workers train as one process with two devices; what ends one of them ends both."""

import json
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.small import write_model_config
from tests.soaking import soak
from tests.training.runs import content, digest, rows_of
from tests.training.workers.processes import (
    AS_WRITTEN,
    COUNTING,
    LEAVING,
    MIRRORED,
    PLAIN,
    arguments,
    finished,
    holding,
    start,
    start_workers,
    wait_for_step,
)
from yt8m.weights import load_weights

pytestmark = pytest.mark.slow  # each starts TensorFlow several times

SAMPLED = {"frames": {"kind": "random", "count": 6}, "epochs": 17}
"""51 steps of 20 videos."""


@pytest.fixture(scope="module")
def two(folder, tmp_path_factory):
    """The folder of `whole`, an undisturbed run of two workers; `0` lists what worker 0 read."""
    here = tmp_path_factory.mktemp("two")
    write_model_config(here, "vlad", **SAMPLED)
    workers = start_workers(arguments(here, folder, "whole"), COUNTING + PLAIN, read=here)
    for worker in workers:
        finished(worker)
    return here


def test_two_workers_end_as_one_process_with_two_devices(folder, two):
    """Up to rounding: TensorFlow rewrites sums in the graph of two devices in another way."""
    finished(start(["-c", MIRRORED], arguments(two, folder, "mirrored")))
    assert_close(two / "whole", two / "mirrored")


def test_with_sums_as_they_are_written_the_bits_are_the_same(folder, tmp_path):
    """So the slices of each batch, and what is summed over the workers, are the same."""
    write_model_config(tmp_path, "vlad", **SAMPLED)
    finished(start(["-c", AS_WRITTEN + MIRRORED], arguments(tmp_path, folder, "mirrored")))
    for worker in start_workers(arguments(tmp_path, folder, "whole"), AS_WRITTEN + PLAIN):
        finished(worker)
    assert digest(tmp_path / "whole") == digest(tmp_path / "mirrored")
    assert history(tmp_path / "whole") == history(tmp_path / "mirrored")


@pytest.mark.soak
def test_averages_and_what_validation_keeps_are_those_of_two_devices(folder, tmp_path):
    """The chief alone measures; all stop when its patience is at an end."""
    validate = {"every": 2, "keep": "best", "patience": 3}
    write_model_config(tmp_path, "vlad", **SAMPLED | {"validate": validate})
    validated = ["--validate", str(folder / "validate.json")]
    start_from = ["--source", str(tmp_path / "train-mirrored/weights.safetensors")]
    for command, more in (("train", validated), ("ema", [*validated, *start_from])):
        one, two = (
            [command, *arguments(tmp_path, folder, name, *more)[1:]]
            for name in (f"{command}-mirrored", f"{command}-whole")
        )
        finished(start(["-c", AS_WRITTEN + MIRRORED], one))
        for worker in start_workers(two, AS_WRITTEN + PLAIN):
            finished(worker)
        assert digest(tmp_path / f"{command}-whole") == digest(tmp_path / f"{command}-mirrored")
        assert history(tmp_path / f"{command}-whole") == history(tmp_path / f"{command}-mirrored")


@pytest.mark.soak
def test_the_chief_measures_whether_xla_is_faster_for_all(folder, two, tmp_path):
    write_model_config(tmp_path, "vlad", **SAMPLED | {"xla": "auto"})
    never = "from yt8m.training import xla; xla.GAIN = 1e9\n" + PLAIN
    chief, other = map(finished, start_workers(arguments(tmp_path, folder, "auto"), never))
    assert "with XLA, which is not used" in chief and "XLA" not in other
    assert content(tmp_path / "auto") == content(two / "whole")


@pytest.mark.parametrize("kind", [soak("all")])
def test_a_worker_pads_its_own_part_of_a_batch(folder, tmp_path, kind):
    """So sums over frames have other lengths, which changes their rounding."""
    write_model_config(tmp_path, "vlad", epochs=17, frames={"kind": kind})
    finished(start(["-c", MIRRORED], arguments(tmp_path, folder, "mirrored")))
    for worker in start_workers(arguments(tmp_path, folder, "whole")):
        finished(worker)
    assert_close(tmp_path / "whole", tmp_path / "mirrored")


def assert_close(ours, theirs):
    """The weights and histories of two folders are equal up to rounding."""
    found, expected = (load_weights(f / "weights.safetensors")[0] for f in (ours, theirs))
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-6, err_msg=name)
    for row, other in zip(history(ours), history(theirs), strict=True):
        assert {k: float(v) for k, v in row.items()} == pytest.approx(
            {k: float(v) for k, v in other.items()}, rel=1e-4
        )


def history(folder):
    """The rows of a history, without the speed."""
    rows = rows_of(folder)
    return [{k: v for k, v in row.items() if k != "videos_per_second"} for row in rows]


def test_each_worker_reads_its_own_part_of_the_records_only(two):
    first, second = (batches_in(two / str(number)) for number in (0, 1))
    assert [len(batch) for batch in first] == [len(batch) for batch in second] == [10] * 51
    for step in range(0, 51, 3):
        seen = [
            index for part in (first, second) for batch in part[step : step + 3] for index in batch
        ]
        assert sorted(seen) == list(range(60))


def batches_in(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_chief_alone_writes(two):
    assert {path.name for path in two.iterdir()} >= {"whole", "config.json"}
    assert not (two / "whole-state").exists()
    assert sorted(path.name for path in (two / "whole").iterdir()) == [
        "history.csv",
        "weights.safetensors",
    ]


MOMENTS = [(0, 12), (1, 30), *(soak(n % 2, 1 + 29 * n // 9) for n in range(10))]
"""The worker that is killed, and the step after which it is: of 51."""


@pytest.mark.parametrize(("killed", "step"), MOMENTS)
def test_a_killed_worker_ends_all_and_the_next_start_resumes(folder, two, tmp_path, killed, step):
    shutil.copy(two / "config.json", tmp_path)
    words = arguments(tmp_path, folder, "again")
    workers = start_workers(words, holding(step + 5, tmp_path / "go on") + PLAIN)
    wait_for_step(step, tmp_path / "again-state", workers)
    workers[killed].kill()
    (tmp_path / "go on").touch()
    said = refused(workers[1 - killed])
    assert f"yt8m: error: worker {killed} (127.0.0.1:" in said and "is gone" in said, said
    assert not (tmp_path / "again/weights.safetensors").exists()
    resume(words, two / "whole")
    assert not (tmp_path / "again-state").exists()


@pytest.mark.parametrize("leaving", [soak(0), 1])
def test_a_worker_that_dies_before_it_computes_ends_the_other(folder, two, tmp_path, leaving):
    """Which waits for it in TensorFlow."""
    shutil.copy(two / "config.json", tmp_path)
    programs = [LEAVING + PLAIN if number == leaving else PLAIN for number in range(2)]
    workers = start_workers(arguments(tmp_path, folder, "again"), *programs)
    assert workers[leaving].wait(300) == 9
    _, said = workers[1 - leaving].communicate(timeout=300)
    assert workers[1 - leaving].returncode == -signal.SIGKILL
    assert f"yt8m: error: worker {leaving} (127.0.0.1:" in said and "is gone" in said, said


@pytest.mark.parametrize("asked", [1, soak(0)])
def test_all_stop_when_one_gets_sigterm_and_the_next_start_resumes(folder, two, tmp_path, asked):
    shutil.copy(two / "config.json", tmp_path)
    words = arguments(tmp_path, folder, "again")
    workers = start_workers(words, holding(6, tmp_path / "go on") + PLAIN)
    wait_for_step(1, tmp_path / "again-state", workers)
    workers[asked].send_signal(signal.SIGTERM)
    (tmp_path / "go on").touch()
    stopped = {refused(worker).partition("stopped at ")[2] for worker in workers}
    assert len(stopped) == 1 and stopped.pop().endswith(" of 51; state saved\n")
    resume(words, two / "whole")


@pytest.mark.soak
def test_another_manifest_on_one_machine_ends_all_before_they_train(folder, two, tmp_path):
    shutil.copy(two / "config.json", tmp_path)
    more = ["--records", str(folder / "validate.json")]
    for worker in start_workers(arguments(tmp_path, folder, "refused"), more=more):
        assert "has another training split than worker 0 (" in refused(worker)
    assert not (tmp_path / "refused").exists()


def refused(process):
    """What a process says that ends because others do."""
    _, said = process.communicate(timeout=300)
    assert process.returncode == 1 and "Traceback" not in said, said
    return said


def resume(words, undisturbed):
    """Start the workers again: they go on where they were, and end with the same bits."""
    said = [finished(worker) for worker in start_workers(words)]
    assert "step 1/51" not in said[0] and "step 51/51" in said[0]
    out = Path(words[words.index("--out") + 1])
    assert digest(out) == digest(undisturbed)
