"""Which jobs run again after which change."""

import os
import signal
import stat

import pytest

from tests.soaking import mostly, soak
from tests.workflow.outcome import differences, digests
from tests.workflow.project import ROOT
from tests.workflow.promises import ALL_AGAIN, FIRST, PROMISES, table, teacher_weights


def test_a_first_run_makes_everything(built):
    assert built.ran == FIRST
    for name in ("report.html", "ensembles/final/final.tar.gz", "predictions/final/validate.csv"):
        assert built.path(name).stat().st_size > 0
    assert not list(built.path(".").rglob("*.part*"))
    assert not list(built.path("state").rglob("*.*"))
    assert not list(built.path("logs").rglob(".*"))


def test_results_have_the_permissions_of_the_umask(built):
    umask = os.umask(0o022)
    os.umask(umask)
    for path in built.path(".").rglob("*"):
        expected = (0o777 if path.is_dir() else 0o666) & ~umask
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


OFTEN = [promise for promise in PROMISES if promise.change != ALL_AGAIN]
"""One member that is retrained shows the same in a third of the time."""


@pytest.mark.parametrize("promise", mostly(PROMISES, OFTEN), ids=lambda promise: promise.change)
def test_a_change_runs_these_jobs_and_no_others(done, promise):
    promise.make(done)
    if promise.how == "plan":
        assert done.plan(*promise.arguments) == promise.jobs
        return
    done.stand_in = promise.how == "stand-in"
    assert done.run(*promise.arguments) == promise.jobs
    assert done.plan() == {}


def test_a_change_of_the_card_runs_only_the_archive(done):
    done.write_config(lambda c: c.update(card={"author": "A. Maker"}))
    assert done.plan() == {"archive": 1}


def test_a_change_of_decoding_affects_the_graph_and_no_prediction(done):
    done.write_config(lambda c: c["ensembles"]["final"].update(decode="per_call"))
    assert done.run() == {
        **{"ensemble": 1, "fingerprint": 1, "size": 1, "archive": 1},
        # The CSV, and thresholds, of the same predictions.
        **{"submit": 1, "thresholds": 1, "provenance": 1, "confidence": 1, "report": 1},
    }
    assert done.plan() == {}


def test_the_page_on_reruns_lists_these_changes():
    page = (ROOT / "docs/explanation/what-reruns.md").read_text().splitlines()
    start = page.index(table()[0])
    assert page[start : start + len(table())] == table()
    assert page[start + len(table())] == ""


def test_restoring_the_weights_of_an_ensemble_restores_its_outcome(done):
    """Nothing remains of the teacher in between, and no member is trained."""
    made = ("distillation/*/*", "models/student/*/weights.safetensors")
    done.stand_in, outcomes = True, []
    for change in (teacher_weights, None, teacher_weights):
        done.write_config(change)
        assert done.run("students") == {
            **{"ensemble": 1, "fingerprint": 1, "distil": 3, "distilled_manifest": 1},
            **{"train": 1, "ema": 1, "quantise": 1},
        }
        outcomes.append(digests(done.path("."), made))
    first, between, again = outcomes
    assert first == again and len(first) == 9
    assert len(differences(first, between)) == 9


def test_an_identically_rewritten_soft_label_shard_does_not_retrain_students(done):
    shard = "distillation/teacher/shard-00001-of-00003.tfrecord"
    before = done.path(shard).read_bytes()
    done.remove(shard)
    assert done.run("distillation") == {"distil": 1, "distilled_manifest": 1}
    assert done.path(shard).read_bytes() == before
    assert done.plan() == {}


def test_a_large_shard_of_records_with_a_newer_date_retrains_nothing(done):
    """Snakemake compares the content of small files only."""
    os.utime(done.path("data/train/train-00001-of-00003.tfrecord"))
    shards_are_large = ("--max-checksum-file-size", "1000")
    assert done.run(*shards_are_large) == {"manifest": 1}
    assert done.plan(*shards_are_large) == {}


def test_large_weights_of_a_teacher_with_a_newer_date_do_not_retrain_students(done):
    """They are averaged and quantised again; by its fingerprint, the teacher is the same."""
    os.utime(done.path("models/bag/trained/weights.safetensors"))
    weights_are_large = ("--max-checksum-file-size", "3000")
    assert done.run(*weights_are_large) == {
        **{"ema": 1, "quantise": 1, "evaluate": 3, "ensemble": 1, "fingerprint": 2},
        **{"provenance": 1, "confidence": 1, "report": 1},
    }
    assert done.plan(*weights_are_large) == {}


@pytest.mark.parametrize("k", [1, soak(2)])
def test_shards_that_were_finished_before_a_kill_are_kept(done, k):
    """After SIGKILL of everything once k of N shards are written, only N - k are made."""
    folder = done.path("distillation/teacher")
    done.remove("distillation")
    # One after the other: when one has been recorded, the next is only starting.
    process, finished = done.start("distillation", "--resources", "gpu=1"), 0
    while finished < k:
        line = process.stdout.readline()
        assert line, "it ended before"
        finished += line.startswith("Finished jobid")
    os.killpg(process.pid, signal.SIGKILL)
    finished += process.communicate()[0].count("Finished jobid")
    dates = {file: file.stat().st_mtime_ns for file in folder.glob("*.tfrecord")}
    message = done.snakemake("distillation", succeeds=False)
    assert "--unlock" in message and "Traceback" not in message
    done.snakemake("--unlock")
    assert done.run("distillation") == {"distil": 3 - finished, "distilled_manifest": 1}
    now = {file: file.stat().st_mtime_ns for file in dates}
    assert sum(now[file] == dates[file] for file in dates) == finished
    assert done.plan() == {}


DONE_TARGETS = {
    "results/models/vlad/ema/metrics.validate.json": {"model_config": 1, "ema": 1, "evaluate": 1},
    "results/models/vlad/ema/weights.safetensors": {"model_config": 1, "ema": 1},
    "results/models/vlad/trained/weights.safetensors": {},
    "results/predictions/final/validate.parquet": {"predict": 1},
    "submission": {"predict": 1, "submit": 1},
    "distillation": {"distil": 3, "distilled_manifest": 1},
    "records": {},
}


@pytest.fixture(scope="module")
def gutted(built, tmp_path_factory):
    """A finished run without two averages, its distilled shards and its predictions."""
    project = built.copy_to(tmp_path_factory.mktemp("gutted") / "project")
    for name in ("models/vlad/ema", "models/bag/ema", "distillation", "predictions"):
        project.remove(name)
    return project


@pytest.mark.parametrize("target", DONE_TARGETS)
def test_a_partial_target_makes_its_ancestors_and_no_more(gutted, target):
    assert gutted.plan(target) == DONE_TARGETS[target]


def test_the_teacher_target_runs_its_members_and_no_student(done):
    for name in ("models", "ensembles", "distillation"):
        done.remove(name)
    assert done.plan("teacher") == {
        **{"model_config": 9, "train": 3, "ema": 3, "quantise": 3},
        **{"ensemble": 1, "fingerprint": 1},
    }


def test_students_can_be_trained_on_the_originals_record_layout(done):
    done.write_config(lambda c: c.update(distillation={"layout": "full"}))
    ran = done.run("results/models/student/trained/weights.safetensors")
    assert ran == {"distil": 3, "distilled_manifest": 1, "train": 1}
    shard = done.path("distillation/teacher/shard-00000-of-00003.tfrecord").read_bytes()
    assert b"predictions" in shard and b"video_id" in shard


def test_many_shards_can_be_written_per_job(done):
    done.write_config(lambda c: c.update(distillation={"shards_per_job": 10}))
    assert done.plan("distillation") == {"distil_rest": 1, "distilled_manifest": 1}
