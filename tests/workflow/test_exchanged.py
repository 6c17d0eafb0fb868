"""Results of another origin in place of a run's own: the next step that reads one stops.

`tests/test_origins.py`, `tests/serving/test_contents.py` and `tests/data/test_distilled.py` have
the tables of what can be exchanged; this tests that the rules pass on what the steps check.
"""

import os
import shutil

import pytest

from yt8m.data.tfrecord import read_records, write_records
from yt8m.json_files import read_json

SHARD = "distillation/teacher/shard-00001-of-00003.tfrecord"
SOMEONE = bytes(4)


@pytest.fixture(scope="session")
def others(run_once):
    """Models of the same settings, trained on other records."""

    def make(project):
        project.write_config(lambda c: c["dataset"]["source"].update(seed=8))
        return project.run("results/models/bag/quantised/weights.safetensors")

    return run_once("others", make)


def put(source, target) -> None:
    """With the date of what it replaces, so that only the content differs."""
    date = target.stat().st_mtime_ns
    shutil.copyfile(source, target)
    os.utime(target, ns=(date, date))


def averaged_weights_as_trained(done, others):
    source, target = (done.path(f"models/bag/{s}/weights.safetensors") for s in ("ema", "trained"))
    put(source, target)
    return target


def trained_weights_as_averaged(done, others):
    source, target = (done.path(f"models/bag/{s}/weights.safetensors") for s in ("trained", "ema"))
    put(source, target)
    return target


def another_runs(stage):
    def exchange(done, others):
        name = f"models/bag/{stage}/weights.safetensors"
        put(
            others.path("models/bag/quantised/weights.safetensors".replace("quantised", stage)),
            done.path(name),
        )
        return done.path(name)

    return exchange


def another_ensembles_graph(done, others):
    for name in ("saved_model.pb", "variables/variables.data-00000-of-00001"):
        put(
            done.path(f"ensembles/final/graph/{name}"), done.path(f"ensembles/teacher/graph/{name}")
        )
    return done.path("ensembles/teacher/graph/saved_model.pb")


def another_teachers_shard(done, others):
    path = done.path(SHARD)
    teacher = bytes.fromhex(read_json(done.path("ensembles/teacher/fingerprint.json"))["teacher"])
    payloads = [bytes(p).replace(teacher[:4], SOMEONE) for p in read_records(path)]
    write_records(path, payloads)
    return path


EXCHANGES = {
    "averaged weights as trained": (
        averaged_weights_as_trained,
        ["models/bag/ema/weights.safetensors", "models/bag/trained/metrics.validate.json"],
        "holds weights of stage ema in a folder named trained",
    ),
    "trained weights as averaged": (
        trained_weights_as_averaged,
        ["models/bag/quantised/weights.safetensors"],
        "holds weights of stage trained in a folder named ema",
    ),
    "another run's trained weights": (
        another_runs("trained"),
        ["models/bag/ema/weights.safetensors"],
        "was trained on other records than results/data/train.json",
    ),
    "another run's averaged weights": (
        another_runs("ema"),
        ["models/bag/quantised/weights.safetensors"],
        "was trained on other records than results/data/train.json",
    ),
    "another run's quantised weights": (
        another_runs("quantised"),
        ["ensembles/teacher/ensemble.json", "models/bag/quantised/metrics.validate.json"],
        "was trained on other records than results/data/train.json",
    ),
    "another ensemble's graph": (
        another_ensembles_graph,
        ["ensembles/teacher/metrics.validate.json", SHARD.replace("00001-", "00002-")],
        "had other content when ensemble.json was written",
    ),
    "another teacher's shard": (
        another_teachers_shard,
        ["distillation/teacher/manifest.json"],
        "soft labels of teacher 00000000, expected teacher",
    ),
}


@pytest.mark.parametrize("what", EXCHANGES)
def test_the_next_step_refuses_results_of_another_run(done, others, what):
    exchange, targets, message = EXCHANGES[what]
    place = exchange(done, others)
    before = place.read_bytes()
    for target in targets:
        words = (f"results/{target}", "--forcerun", f"results/{target}")
        output = done.snakemake(*words, succeeds=False)
        assert message in output and str(place.relative_to(done.folder)) in output
        assert "Traceback" not in output
        assert place.read_bytes() == before
        assert not done.path(target).exists()
