"""From a user's own table of feature files to the report, and what a change of them reruns."""

import tarfile

import numpy as np
import pytest

from tests.own_data.features import NAMES, SIZES, SOURCE, save, write_features, write_table
from tests.workflow.project import Project
from yt8m.artefacts import LABELS, PROJECTIONS
from yt8m.json_files import read_json
from yt8m.own_data.splits import BITS, hash_of
from yt8m.serving.preprocessing import read_names

NAMED = "results/data/labels.csv"
SHARD_AGAIN = {"make_shard": 1, "left_out": 1, "manifest": 1, "find_duplicates": 1}
"""Jobs behind the target `records` if one shard is made again."""

ALL_AGAIN = {"fit_projections": 1, **SHARD_AGAIN, "make_shard": 2, "manifest": 2}
"""Jobs behind the target `records` if the projections are fitted again."""


def small_from(source):
    """A change of the config: one small model of the table's videos."""

    def change(c):
        c["dataset"].update(source=source, classes=len(NAMES))
        c["training"].update(epochs=1)
        c["models"] = {"vlad": c["models"]["vlad"]}
        c["ensembles"] = {"final": {"members": {"vlad": 1.0}}}

    return change


@pytest.fixture
def project(tmp_path):
    """A table with its arrays, and its rows; nothing is made yet.

    There is no finished run to copy from: copies of arrays are other files.
    """
    project = Project(tmp_path)
    project.rows = write_features(tmp_path)
    project.write_config(small_from(SOURCE))
    return project


def split_of(id: str) -> str:
    return (
        "train"
        if hash_of(id, "split", seed=0) / 2**BITS < SOURCE["splits"]["train"]
        else "validate"
    )


def row_in(project: Project, split: str) -> dict[str, str]:
    """The first row of the table whose video is in this split."""
    return next(row for row in project.rows if split_of(row["id"]) == split)


def test_the_whole_workflow_starts_at_a_table_of_features(project):
    ran = project.run()
    assert (ran["fit_projections"], ran["labels"], ran["make_shard"]) == (1, 1, 2)
    assert project.plan() == {}
    names = [f"{number},{name}" for number, name in enumerate(NAMES)]
    assert project.path("data/labels.csv").read_text().splitlines()[1:] == names
    page = project.path("report.html").read_text()
    assert all(name in page for name in NAMES)
    assert SUMMARY in project.path("logs/labels.log").read_text()
    assert project.path("logs/fit_projections.log").read_text().startswith("feature  projection")
    for log in project.path("logs/make_shard").iterdir():
        assert "rms error" in log.read_text()
    made, data = project.path("ensembles/final"), project.path("data")
    assert read_names(made) == list(NAMES)
    for file in ("projections.safetensors", "labels.csv"):
        (copy,) = made.rglob(file)
        assert copy.read_bytes() == (data / file).read_bytes()
    with tarfile.open(made / "final.tar.gz") as archive:
        assert {f"final/{PROJECTIONS}", f"final/{LABELS}"} <= {*archive.getnames()}
    assert read_json(made / "size.json")["raw_bytes"] == 4 * 2 * (24 + 8)

    # Without raw features only the graph is another, and what is made of it afterwards.
    def without(c):
        small_from(SOURCE)(c)
        c["ensembles"]["final"]["raw"] = False

    project.write_config(without)
    assert project.plan() == {"ensemble": 1, "fingerprint": 1}


def test_a_change_makes_again_only_what_depends_on_it(project):
    folder, rows = project.folder, project.rows
    assert project.run("records", NAMED) == ALL_AGAIN | {"labels": 1}
    assert project.path("data/left-out.csv").read_text() == "id,place,problem\n"

    # The order of rows and of settings does not count.
    write_table(folder, rows[::-1])
    project.write_config(small_from(in_reverse(SOURCE)))
    assert project.plan("records", NAMED) == {}

    # Other labels: no projection is fitted.
    for split in ("train", "validate"):
        row = row_in(project, split)
        write_table(folder, [r | {"labels": "cat;dog;song"} if r is row else r for r in rows])
        assert project.plan("records", NAMED) == SHARD_AGAIN

    # A new video.
    for split in ("train", "validate"):
        id = next(id for id in map("new{}".format, range(99)) if split_of(id) == split)
        for name, size in SIZES.items():
            save(folder, name, id, np.ones((5, size)))
        write_table(folder, [*rows, {"id": id, "labels": "cat"}])
        planned = project.plan("records", NAMED)
        assert planned == (SHARD_AGAIN if split == "validate" else ALL_AGAIN)

    # Another setting of a projection.
    write_table(folder, rows)
    other = SOURCE | {"projections": {"rgb": {"kind": "scale", "high": 5}}}
    project.write_config(small_from(other))
    assert project.plan("records", NAMED) == ALL_AGAIN

    # Other files, of which one is missing; these stay changed.
    project.write_config(small_from(SOURCE))
    id = row_in(project, "validate")["id"]
    (folder / f"audio/{id}.npy").unlink()
    assert project.run("records", NAMED) == SHARD_AGAIN
    log = project.path("logs/make_shard/validate-00000-of-00001.log").read_text()
    assert "1 of " in log and f"audio/{id}.npy: no such file" in log
    (line,) = project.path("data/left-out.csv").read_text().splitlines()[1:]
    assert line.startswith(f"{id},") and line.endswith(f"audio/{id}.npy: no such file")
    assert ": 1 videos are left out" in project.path("logs/left_out.log").read_text()
    assert project.plan("records", NAMED) == {}
    save(folder, "rgb", row_in(project, "train")["id"], np.ones((5, 24)))
    assert project.plan("records", NAMED) == ALL_AGAIN


def in_reverse(source):
    """The same settings in another order."""
    inside = {word: dict(reversed(source[word].items())) for word in ("columns", "splits")}
    return dict(reversed((source | inside).items()))


SUMMARY = "5 classes, 5 of them with videos: dog 24, song 25"


def test_a_dry_run_sums_a_table_up_or_refuses_it(project):
    output = project.snakemake("--dry-run", "--quiet", "rules")
    assert output.count(SUMMARY) == 1
    assert "warning: split validate: has only 16 labelled videos" in output
    write_table(project.folder, [*project.rows, project.rows[0]])
    output = project.snakemake("--dry-run", succeeds=False)
    assert "dataset.source.table: mine.csv, line 62, column id" in output
    assert "Traceback" not in output
