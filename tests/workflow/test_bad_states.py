"""States that a results folder can get into: each ends in a clear message or a safe rebuild."""

import os
import re
import shutil
import subprocess
import time
from base64 import urlsafe_b64encode as b64encode
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mounts import mounted, remount
from tests.soaking import mostly
from tests.workflow.outcome import digests
from tests.workflow.project import Project, copy_checkout
from tests.workflow.promises import FIRST
from yt8m.weights import VERSION

SHARD = "data/train/train-00001-of-00003.tfrecord"


def other_experiment(c):
    """The same names; other classes, records, shards and settings."""
    c["dataset"]["classes"] = 5
    c["dataset"]["source"] |= {"seed": 8, "splits": {"train": [2, 40], "validate": [2, 30]}}
    c["models"]["vlad"] = {"kind": "netvlad", "clusters": 2, "hidden": 4}


def test_results_of_another_config_are_made_anew(done, tmp_path):
    """... and equal those of a folder that never saw the other one."""
    target = "results/models/vlad/quantised/metrics.validate.json"
    fresh = Project(tmp_path / "fresh")
    fresh.folder.mkdir()
    for project in (fresh, done):
        project.stand_in = True
        project.write_config(other_experiment)
        project.run(target)
    outcome = digests(fresh.path("."))
    assert len(outcome) > 10
    assert outcome.items() <= digests(done.path(".")).items()
    assert done.plan(target) == {}


def no_records_at_all(project):
    shutil.rmtree(project.folder / ".snakemake")


def no_records_but_a_job_was_cut_off(project):
    """What a lost folder holds once another run was killed in it."""
    shutil.rmtree(project.folder / ".snakemake")
    marks = project.folder / ".snakemake/incomplete"
    marks.mkdir(parents=True)
    (marks / b64encode(b"results/models/other/trained/weights.safetensors").decode()).touch()


def no_record_of_one_file(project, file="results/models/bag/ema/metrics.validate.json"):
    name = b64encode(file.encode()).decode()
    (project.folder / ".snakemake/metadata" / name).unlink()


def results_copied_to_another_folder(project):
    """Those of `results` have records; their copies have none."""
    shutil.copytree(project.path("."), project.folder / "other")
    return {"results": "other"}


LOST = [
    no_records_at_all,
    no_records_but_a_job_was_cut_off,
    no_record_of_one_file,
    results_copied_to_another_folder,
]


@pytest.mark.parametrize("lose", mostly(LOST, [no_records_at_all, no_record_of_one_file]))
def test_results_without_snakemakes_records_are_refused_or_taken_as_they_are(done, lose):
    """Without them a changed setting would go unnoticed."""
    words = lose(done) or {}
    done.write_config(lambda c: c.update(words))
    message = done.snakemake("--dry-run", succeeds=False)
    assert "Snakemake's record of how it was made is missing" in message
    assert "Traceback" not in message
    done.snakemake(*remedy(message))
    assert done.plan() == {}
    done.write_config(lambda c: c.update(words) or c["training"].update(epochs=3))
    assert done.plan()["train"] == 3


def remedy(message: str) -> list[str]:
    """Arguments of the command that a message gives for files without records."""
    command = re.search(r"accept [a-z ]+, adding .*: snakemake (.*) --cores 1$", message, re.M)
    return command[1].split()


def test_accepting_a_file_leaves_what_it_needs_stale(done):
    no_record_of_one_file(done)
    done.write_config(lambda c: c["training"].update(epochs=3))
    done.snakemake(*remedy(done.snakemake("--dry-run", succeeds=False)))
    plan = done.plan()
    assert plan["train"] == 3 and plan["ema"] == 3


def test_status_beside_a_run_accepts_a_file_whose_job_just_ended(done):
    """A run locks the directory with the names of its files; one that crashed leaves the lock."""
    no_record_of_one_file(done)
    lock = done.folder / ".snakemake/locks/0.output.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("results/report.html\n")
    assert done.status()["all"].split()[1:] == ["0", "0"]  # none is stale or missing
    assert "Directory cannot be locked" in done.snakemake("--dry-run")
    assert "unlock" in done.snakemake("--forcerun", "report", succeeds=False)
    done.snakemake("--unlock")
    assert "record of how it was made is missing" in done.snakemake("--dry-run", succeeds=False)


def test_a_job_on_a_cluster_leaves_a_record_before_snakemake_asks_for_it(done):
    """So what it finishes after the end of Snakemake is used, and changes to it are noticed."""
    target = "results/models/bag/quantised/weights.safetensors"
    no_record_of_one_file(done, target)
    assert "record of how it was made is missing" in done.snakemake("-n", succeeds=False)
    # What Slurm runs on the node.
    job = ("--target-jobs", "quantise:model=bag", "--allowed-rules", "quantise", "--force")
    done.snakemake(target, "--mode", "remote", "--nolock", "--ignore-incomplete", *job)
    assert done.plan(target) == {}
    done.write_config(lambda c: c["quantise"].update(min_elements=50))
    assert done.plan(target) == {"model_config": 1, "quantise": 1}


def test_results_without_records_that_are_moved_away_are_made_again(done):
    no_record_of_one_file(done)
    target = "models/bag/ema/metrics.validate.json"
    done.remove(target)
    assert done.plan(f"results/{target}") == {"evaluate": 1}


def test_a_changed_shard_is_read_again_and_models_are_retrained(done):
    """Same path and size, other bytes, a newer date."""
    change_bytes(done.path(SHARD))
    plan = done.plan()  # the rest depends on the manifest
    assert plan["manifest"] == 1 and "make_shard" not in plan
    done.stand_in = True
    others = {rule: n for rule, n in FIRST.items() if rule not in ("make_shard", "model_config")}
    assert done.run() == {**others, "manifest": 1}
    assert done.plan() == {}


def test_another_runs_file_in_the_place_of_one_is_refused(done):
    """Restored with the date it had, which lies before the job that made the one it replaces."""
    name = "models/bag/trained/weights.safetensors"
    other = shutil.copy(done.path("models/vlad/trained/weights.safetensors"), done.folder / "other")
    os.utime(other, (time.time() - 86400,) * 2)
    Path(other).rename(done.path(name))
    message = done.snakemake("--dry-run", succeeds=False)
    assert f"results/{name}: is dated " in message and "it comes from elsewhere" in message
    assert "Traceback" not in message
    done.remove(name)
    assert done.run(f"results/{name}") == {"train": 1}


def test_the_same_behind_a_linked_folder(done):
    (done.path("models/bag")).rename(done.folder / "away")
    done.path("models/bag").symlink_to(done.folder / "away")
    assert done.plan() == {}
    record = b64encode(b"results/models/bag/trained/weights.safetensors").decode()
    note = done.folder / ".snakemake/metadata" / record
    note.rename(done.folder / "note")
    assert "record of how it was made is missing" in done.snakemake("--dry-run", succeeds=False)
    (done.folder / "note").rename(note)
    ahead = time.time() + 3600
    os.utime(done.folder / "away/trained/weights.safetensors", (ahead, ahead))
    assert "in the future" in done.snakemake("--dry-run", succeeds=False)


READERS = {
    "train": "models/vlad/trained/weights.safetensors",
    "evaluate": "ensembles/teacher/metrics.train.json",
    "predict": "predictions/teacher/train.parquet",
    "distil": "distillation/teacher/shard-00001-of-00003.tfrecord",
}


@pytest.mark.parametrize("command", mostly(READERS, {"train", "distil"}))
def test_a_shard_changed_behind_its_date_stops_the_step_that_reads_it(done, command):
    """Dates say nothing then; the reader compares the bytes with the manifest's digest."""
    with behind_its_date(done.path(SHARD)) as path:
        change_bytes(path)
    assert done.plan() == {}
    target = f"results/{READERS[command]}"
    message = done.snakemake(target, "--forcerun", target, succeeds=False)
    assert f"{path.name}: has changed since its manifest was written" in message
    assert "Traceback" not in message
    assert not (done.folder / target).exists()


def of_another_format(path) -> None:
    path.write_text(path.read_text().replace('"format": ', '"format": 9'))


def of_another_version(path) -> None:
    """The JSON in the header of a file of weights says another version, at the same length."""
    content = path.read_bytes()
    version = b'version\\": %d' % VERSION
    assert content.count(version) == 1
    path.write_bytes(content.replace(version, b'version\\": 9'))


OTHERS = {
    "ensembles/final/ensemble.json": (of_another_format, "ensembles/final/size.json"),
    "models/bag/ema/weights.safetensors": (
        of_another_version,
        "models/bag/ema/metrics.validate.json",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_another_version_of_this_project_is_told_by_what_reads_it(done, name):
    change, target = OTHERS[name]
    with behind_its_date(done.path(name)) as path:
        change(path)
    message = done.snakemake(f"results/{target}", "--forcerun", f"results/{target}", succeeds=False)
    assert re.search(f"results/{name}: (has format|has layout version) 9.?; .* reads", message)
    assert "Traceback" not in message


def test_results_of_another_version_of_this_project_are_made_again(done, tmp_path):
    """A version that writes other files has other sources, which the records tell."""
    done.checkout = copy_checkout(tmp_path / "checkout")
    for name, text in (("artefacts.py", "ENSEMBLE_FORMAT = "), ("weights.py", "VERSION = ")):
        file = done.checkout / "yt8m" / name
        file.write_text(file.read_text().replace(f"\n{text}", f"\n{text}90 + "))
    plan = done.plan()
    assert plan["train"] == 3 and plan["ensemble"] >= 1


@contextmanager
def behind_its_date(path):
    """What is done to a file inside leaves its date as it was."""
    date = path.stat().st_mtime_ns
    yield path
    os.utime(path, ns=(date, date))


def change_bytes(path) -> None:
    """Two records change places, so every checksum in the file stays right."""
    from yt8m.data.tfrecord import read_records, write_records

    payloads = list(read_records(path))
    write_records(path, [payloads[1], payloads[0], *payloads[2:]])


def test_results_of_a_clock_that_ran_ahead_are_told(done):
    """What is dated in the future would look newer than every change to come."""
    ahead = time.time() + 3600
    for file in done.path(".").rglob("*"):
        os.utime(file, (ahead, ahead))
    message = done.snakemake("--dry-run", succeeds=False)
    assert "in the future, so changes would go unnoticed" in message
    assert "Traceback" not in message
    remedy = message.split("such files to now: ")[1].splitlines()[0]
    subprocess.run(remedy, shell=True, check=True, cwd=done.folder)
    assert done.plan() == {}
    done.write_config(lambda c: c["training"].update(epochs=3))
    assert done.plan()["train"] == 3


def test_records_that_are_given_may_have_any_date(done):
    """They are known by what they are, not by how old they look."""
    path = done.path(SHARD)
    given = [str(shutil.copy(file, done.folder)) for file in sorted(path.parent.iterdir())]
    held_out = shutil.copy(done.path("data/validate/validate-00000-of-00001.tfrecord"), done.folder)
    os.utime(given[0], (time.time() + 3600,) * 2)

    def use_files(c):
        c["dataset"]["source"] = {
            "kind": "records",
            "files": {"train": given, "validate": [str(held_out)]},
        }

    done.write_config(use_files)
    assert done.run("records") == {"sources": 2, "manifest": 2}
    assert done.plan("records") == {}


def test_a_results_folder_that_cannot_be_written_is_told(done):
    """A finished run stays readable: nothing to do is nothing to write."""
    with mounted(done.path("."), size="64m", keep=True):
        remount(done.path("."), "ro")
        assert done.plan() == {}
        done.write_config(lambda c: c.update(title="Another"))
        message = done.snakemake(succeeds=False)
        assert "Write-protected output files" in message
        assert "results/report.html" in message and "Traceback" not in message


def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_room(built, done):
    """No file that looks finished is left; what was finished before is used."""
    made = ("models/student/*/weights.safetensors", "models/student/*/config.json")
    with mounted(done.path("."), size="64m", keep=True):
        done.remove("models/student")
        used = sum(f.stat().st_blocks for f in done.path(".").rglob("*")) * 512
        remount(done.path("."), f"size={used + 24 * 1024}")
        message = done.snakemake("students", succeeds=False)
        assert "No space left on device" in message
        assert not list(done.path("models/student").glob("*/weights.safetensors"))
        assert not list(done.path("models").rglob("*.part"))
        remount(done.path("."), "size=64m")
        done.run("students")
        assert digests(done.path("."), made) == digests(built.path("."), made)
