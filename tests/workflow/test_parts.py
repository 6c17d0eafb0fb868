"""A run that reads, evaluates and predicts in parts: the files of one without, and what reruns."""

from collections.abc import Callable

from tests.workflow.project import Project
from tests.workflow.promises import put_in_place
from tests.workflow.test_edits import not_counted
from yt8m.data.tfrecord import read_records, write_records

STAGE, FINAL = "models/bag/ema", "ensembles/final"
NAMES = ("metrics.validate.json", "classes.validate.parquet", "videos.validate.parquet")
ERRORS = ("scores", "mistakes", "confusions")
RECORDS = [f"data/{split}{end}" for split in ("train", "validate") for end in (".json", ".ids.npy")]
FILES = [
    *RECORDS,
    *(f"{folder}/{name}" for folder in (STAGE, FINAL) for name in NAMES),
    *(f"{FINAL}/{name}.validate.parquet" for name in ERRORS),
    "predictions/final/validate.parquet",
]
TARGETS = [f"results/{name}" for name in FILES]


def three_shards(most: int | None = None) -> Callable:
    """A change of the config: each split has three shards, and jobs read at most so many."""

    def change(c):
        c["dataset"]["source"]["splits"] = {"train": [3, 60], "validate": [3, 10]}
        if most:
            c["resources"] |= {step: {"shards_per_job": most} for step in ("records", "infer")}

    return change


def contents(project: Project) -> dict[str, bytes]:
    return {name: project.path(name).read_bytes() for name in FILES}


def test_the_files_are_those_of_a_run_without_parts_and_nothing_is_trained_again(
    done, command_line
):
    done.write_config(three_shards())
    done.run(*TARGETS)
    whole = contents(done)
    assert done.plan(*TARGETS) == {}

    done.write_config(three_shards(2))
    ran = done.run(*TARGETS)
    assert ran == {
        "survey": 4,
        "manifest": 2,
        "evaluate_part": 2,
        "merge_evaluation": 1,
        "evaluate_part_of_ensemble": 2,
        "merge_evaluation_of_ensemble": 1,
        "predict_part": 2,
        "merge_predictions": 1,
    }
    assert contents(done) == whole
    assert done.plan(*TARGETS) == {}
    for rule in (
        "survey",
        "evaluate_part",
        "merge_evaluation",
        "predict_part",
        "merge_predictions",
    ):
        assert not_counted(rule, done, command_line) == set()
    for command in ("merge-evaluation", "merge-predictions"):
        assert "yt8m.serving.graph" not in done.modules()[command]

    # A part that is lost is not missed; one that is made again comes to the same.
    done.remove("data/surveyed/train-00000-of-00002.json")
    assert done.plan(*TARGETS) == {}

    done.write_config(three_shards())
    ran = done.run(*TARGETS)
    assert ran["manifest"] == 2 and ran["evaluate"] == 1 and "train" not in ran
    assert contents(done) == whole


def given(project: Project) -> None:
    """Three shards of each split that exist already, read in parts of two."""
    names = {"train": "train-*", "validate": "validate-*"}

    def change(c):
        three_shards(2)(c)
        files = {split: [f"shards/{name}"] for split, name in names.items()}
        c["dataset"]["source"] = {"kind": "records", "files": files}

    project.write_config(change)


def test_a_changed_shard_reruns_its_part_only(built, tmp_path):
    project = Project(tmp_path)
    (tmp_path / "shards").mkdir()
    shards = sorted(built.path("data/train").glob("*.tfrecord"))
    records = [list(read_records(shard)) for shard in shards]
    for number, some in enumerate(records):
        write_records(tmp_path / f"shards/train-{number}", some[:5])
        write_records(tmp_path / f"shards/validate-{number}", some[5:10])
    given(project)
    assert project.run("records") == {
        "sources_of_part": 4,
        "survey": 4,
        "manifest": 2,
        "find_duplicates": 1,
    }
    assert project.plan("records") == {}
    put_in_place(project, "../shards/train-2", (tmp_path / "shards/train-2").read_bytes())
    assert project.run("records") == {"sources_of_part": 1, "survey": 1, "manifest": 1}
    write_records(tmp_path / "shards/train-1", records[1][10:12])
    once = {"sources_of_part": 1, "survey": 1, "manifest": 1, "find_duplicates": 1}
    assert project.run("records") == once
    log = project.path("logs/survey/train-00000-of-00002.log").read_text()
    assert "7 videos in 2 shards" in log

    # A damaged shard fails its part; the others are kept, and the rest is done once it is right.
    right = (tmp_path / "shards/validate-0").read_bytes()
    (tmp_path / "shards/validate-0").write_bytes(right[:-1])
    output = project.snakemake("records", "--keep-going", succeeds=False)
    assert "validate-0" in output and "Traceback" not in output
    (tmp_path / "shards/validate-0").write_bytes(right)
    assert project.run("records") == {"sources_of_part": 1, "survey": 1, "manifest": 1}
