"""The plan of config/yt8m.yaml, with all shards of YouTube-8M as empty files."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml

from tests.workflow.project import ROOT, Project, planned_jobs
from yt8m.data.manifest import Manifest, Shard, write_manifest
from yt8m.data.schema import Schema
from yt8m.data.sources.youtube8m import Recipe as Youtube8m
from yt8m.download.names import LETTERS
from yt8m.download.plan import File, plan_of
from yt8m.recipes import as_entry

SHARDS = 3844
TRAINED_ON = SHARDS + SHARDS - 800  # train, and validate except the evaluation shards
SPLITS = {"train": TRAINED_ON, "validate": 800, "test": SHARDS}


def parts_of(shards: int) -> list[str]:
    """The numbers of the parts of so many shards, as in names of files; none if it is one part."""
    parts = -(-shards // 200)
    return [f"{n:05d}-of-{parts:05d}" for n in range(parts)] if parts > 1 else []


PARTS = sum(len(parts_of(shards)) for shards in SPLITS.values())
EVALUATED = len(parts_of(SPLITS["validate"]))
TEACHER_SIDE = {
    "sources_of_part": PARTS,
    "survey": PARTS,
    "manifest": 3,
    "find_duplicates": 1,
    "model_config": 27,
    "train": 9,
    "ema": 9,
    "quantise": 9,
    "evaluate_part": 27 * EVALUATED,
    "merge_evaluation": 27,
    "ensemble": 2,
    "fingerprint": 2,
}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """A folder of empty shards."""
    folder = tmp_path_factory.mktemp("frames")
    for split in ("train", "validate", "test"):
        for number in range(SHARDS):
            (folder / f"{split}{number:04d}.tfrecord").touch()
    return folder


@pytest.fixture
def project(tmp_path, shards, monkeypatch):
    """The whole experiment, with nothing made."""
    monkeypatch.setenv("YT8M_FRAMES", str(shards))
    shutil.copy(ROOT / "config" / "yt8m.yaml", tmp_path / "config.yaml")
    return Project(tmp_path)


CONFIG = yaml.safe_load((ROOT / "config" / "yt8m.yaml").read_text())
MEMBERS = list(CONFIG["ensembles"]["teacher"]["members"])
STUDENTS = [*CONFIG["ensembles"]["final"]["members"], *CONFIG["run"]["models"]]


def model_files(names) -> list[str]:
    """In the order in which they would be made; likewise all that follow."""
    files = [f"models/{m}/{part}config.json" for m in names for part in ("trained/", "ema/", "")]
    for stage, other in (("trained", "history.csv"), ("ema", "history.csv")):
        files += [f"models/{m}/{stage}/{n}" for m in names for n in ("weights.safetensors", other)]
    for name in ("weights.safetensors", "sizes.json"):
        files += [f"models/{m}/quantised/{name}" for m in names]
    return files


def ensemble_files(name: str) -> list[str]:
    variables = ("variables/variables.data-00000-of-00001", "variables/variables.index")
    graph = [f"graph/{file}" for file in ("saved_model.pb", *variables)]
    return [f"ensembles/{name}/{n}" for n in (*graph, "ensemble.json", "fingerprint.json")]


def score_files() -> list[str]:
    folders = [f"models/{m}/{s}" for m in (*MEMBERS, *STUDENTS) for s in STAGES]
    folders += ["ensembles/teacher", "ensembles/final"]
    names = ("metrics.validate.json", "classes.validate.parquet", "videos.validate.parquet")
    ensembles = ("ensembles/teacher", "ensembles/final")
    observed = ("scores", "mistakes", "confusions")
    scores = [f"{f}/{name}.validate.parquet" for f in ensembles for name in observed]
    parts = [f"parts/validate-{part}.npz" for part in parts_of(SPLITS["validate"])]
    return [f"{f}/{n}" for f in folders for n in (*parts, *names)] + scores


def split_files(**splits: int) -> list[str]:
    """splits: number of shards of each."""
    endings = ("json", "digest", "ids.npy")
    lists = [f"{split}.sources" for split, shards in splits.items() if not parts_of(shards)]
    parts = [f"{split}-{part}" for split, shards in splits.items() for part in parts_of(shards)]
    surveyed = [*(f"listed/{p}.sources" for p in parts), *(f"surveyed/{p}.json" for p in parts)]
    made = [f"{split}.{ending}" for split in splits for ending in endings]
    return [f"data/{name}" for name in (*lists, *surveyed, *made)]


STAGES = ("trained", "ema", "quantised")
COMPARED = ["data/duplicate-videos.txt", "data/duplicate-videos.digest"]
RECORD_FILES = [*split_files(**SPLITS), *COMPARED]
TEACHER_FILES = [*RECORD_FILES, *model_files(MEMBERS), *ensemble_files("teacher")]
FILES = [
    *TEACHER_FILES,
    *(
        f"distillation/teacher/shard-{n:05d}-of-{TRAINED_ON:05d}.tfrecord"
        for n in range(TRAINED_ON)
    ),
    *(f"distillation/teacher/surveyed/{part}.json" for part in parts_of(TRAINED_ON)),
    *("distillation/teacher/manifest.json", "distillation/teacher/manifest.digest"),
    *(*model_files(STUDENTS), *ensemble_files("final"), *score_files()),
    *("ensembles/teacher/size.json", "ensembles/final/size.json"),
    *("ensembles/final/final.tar.gz", "ensembles/final/model-card.md"),
    *("ensembles/final/thresholds.csv", "ensembles/final/calibration.json"),
    *(f"predictions/final/parts/test-{part}.parquet" for part in parts_of(SHARDS)),
    *("predictions/final/test.parquet", "predictions/final/test.csv", "run.json", "report.html"),
    *("ensembles/final/class-gains.validate.parquet", "confidence.validate.parquet"),
]


def pretend(project: Project, names: list[str], *targets: str) -> int:
    """Empty files, and Snakemake's records of how they were made. Returns the number of jobs."""
    for name in names:
        path = project.folder / "results-yt8m" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    output = project.snakemake("--touch", "--forceall", *targets)
    return output.count("Finished jobid")


def test_the_steps_up_to_the_teacher_are_planned(project):
    assert project.plan() == TEACHER_SIDE


def test_after_the_teacher_shards_are_planned_ten_per_job_in_little_memory(project):
    pretend(project, TEACHER_FILES, "teacher")
    plan, used = measured_plan(project.folder)
    assert plan["distil"] + plan["distil_rest"] == -(-TRAINED_ON // 10) == 689
    assert plan["survey_distilled"] == len(parts_of(TRAINED_ON)) == 35
    assert sum(plan.values()) == 801 + 35 + 55 * EVALUATED  # of 54 stages and the teacher
    # Members' scores, and those of all students.
    assert plan["train"] == 9 and plan["merge_evaluation"] == 27 + 27
    assert_it_was_light(used)


@pytest.mark.soak
def test_none_of_1269_finished_jobs_is_planned_again_in_little_memory(project):
    assert pretend(project, FILES) == 1269
    plan, used = measured_plan(project.folder)
    assert plan == {}
    assert_it_was_light(used)


def test_the_download_of_all_shards_is_planned_a_hundred_per_job_in_little_memory(tmp_path):
    source = Youtube8m(folder=str(tmp_path))
    for split in source.splits:
        names = (f"{split}{first}{second}.tfrecord" for first in LETTERS for second in LETTERS)
        plan = plan_of(source.origin(split), [File(name, "0" * 32, 130_000_000) for name in names])
        source.plan_path(split).parent.mkdir(parents=True, exist_ok=True)
        plan.write(source.plan_path(split))
    config = CONFIG | {"dataset": CONFIG["dataset"] | {"source": as_entry(source)}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    plan, used = measured_plan(tmp_path, "records")
    assert plan == {"download": 3 * 39, "survey": 3 * 20, "manifest": 3, "find_duplicates": 1}
    assert_it_was_light(used)


def assert_it_was_light(used) -> None:
    """Memory only: the time depends on the load; docs/explanation/full-size.md has measurements."""
    assert used["bytes"] < 1e9


# Linux counts the memory of the process that starts another as the other's first; that of these
# tests may have grown large before. So a small process starts the other.
MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[2:], stdout=open("plan.txt", "w"), stderr=subprocess.STDOUT)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
found = {"seconds": used.ru_utime + used.ru_stime, "bytes": 1024 * used.ru_maxrss}
json.dump(found, open(sys.argv[1], "w"))
sys.exit(done.returncode)
"""


def measured_plan(folder, *targets):
    """A dry run's jobs by rule, and its seconds of CPU and bytes of memory."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--configfile", "config.yaml", "--cores", "2", "--dry-run", *targets]
    measure = [sys.executable, "-c", MEASURED, "used.json", *command]
    returned = subprocess.run(measure, cwd=folder).returncode
    text = (folder / "plan.txt").read_text()
    assert returned == 0, text[-3000:]
    used = json.loads((folder / "used.json").read_text())
    print(f"plan: {used['seconds']:.1f} CPU s, {used['bytes'] / 1e6:.0f} MB")
    return planned_jobs(text), used


def test_memory_of_the_test_process_is_not_counted(project):
    ballast = bytearray(os.urandom(1 << 20) * 1200)
    assert_it_was_light(measured_plan(project.folder)[1])
    assert len(ballast) > 1e9


MANY = 5000
LOCALLY = {
    "default": (),
    "slurm": ("--workflow-profile", str(ROOT / "profiles/slurm"), "--executor", "local"),
}


@pytest.mark.parametrize("profile", LOCALLY)
def test_a_manifest_of_megabytes_is_compared_by_content(tmp_path, profile):
    """Snakemake compares the contents of small files only, and this one has megabytes."""
    project, options = Project(tmp_path), LOCALLY[profile]
    folder = tmp_path / ("a rather long name, " * 10).strip() / ("and another one, " * 14).strip()
    folder.mkdir(parents=True)
    for number in range(MANY):
        (folder / f"train{number:05d}.tfrecord").touch()
    (folder / "validate.tfrecord").touch()

    def give(c):
        c["dataset"]["source"] = {
            "kind": "records",
            "files": {s: [f"{folder}/{s}*.tfrecord"] for s in ("train", "validate")},
        }

    project.write_config(give)
    shards = [Shard(path, 999, 10**9, "0" * 64) for path in sorted(folder.glob("train*"))]
    manifest = Manifest(Schema(), "train", tuple(shards))

    def write(content: Manifest) -> None:
        write_manifest(content, project.path("data/train.json"))

    write(manifest)
    size = project.path("data/train.json").stat().st_size
    assert size > 3_000_000  # above what Snakemake compares by content, and its double
    model = [f"models/vlad/trained/{n}" for n in ("config.json", "weights.safetensors")]
    records = [*split_files(train=MANY, validate=1), *COMPARED]
    for name in (*records, *model, "models/vlad/trained/history.csv"):
        path = project.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    target = f"results/{model[1]}"
    project.snakemake("--touch", "--forceall", target, *options)
    assert project.plan(target, *options) == {}
    write(manifest)
    assert project.plan(target, *options) == {}
    write(replace(manifest, split="another"))
    assert project.plan(target, *options)["train"] == 1
