"""From a user's own table of videos to records, and what a change of them extracts again."""

import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.video.table import COLOURS, SIZES, SOURCE, write_clip, write_rows, write_videos
from tests.workflow.outcome import digests
from tests.workflow.project import Project
from tests.workflow.test_edits import not_counted
from tests.workflow.test_kills import AGAIN, kill_job, wait_until
from yt8m.atomic import is_finished
from yt8m.outputs.shown_videos import read_extremes

SHARD_AGAIN = {"make_shard": 1, "left_out": 1, "manifest": 1, "find_duplicates": 1}
PROJECTED_AGAIN = {"fit_projections": 1, **SHARD_AGAIN, "make_shard": 2, "manifest": 2}
"""Jobs behind the target `records` if a shard is made again, and if all are."""

FOUND = "results/data/extracted/train-00000-of-00001.json"


def small_from(source):
    """A change of the config: records of the table's videos."""

    def change(c):
        c["dataset"].update(source=source, classes=len(COLOURS), features=SIZES)
        c["training"]["batch_size"] = 4
        c["resources"]["extract"] = {"gpu": 0, "threads": 1}

    return change


def files_of_features(project: Project) -> list[Path]:
    return list(project.path("data/extracted").glob("*/*/*.npz"))


def features_in(project: Project) -> dict[str, int]:
    """Name -> date of each file of features."""
    return {path.name: path.stat().st_mtime_ns for path in files_of_features(project)}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Finished records of twelve videos, in the folder where they were made.

    Not a copy of a finished run: copies of videos are other files.
    """
    project = Project(tmp_path_factory.mktemp("videos"))
    project.rows = write_videos(project.folder)
    project.write_config(small_from(SOURCE))
    project.ran = project.run("records")
    return project


def log_of(project: Project) -> str:
    """The log of the training split's extraction."""
    return project.path("logs/extract/train-00000-of-00001.log").read_text()


def test_records_are_made_from_videos_and_then_nothing_is_to_be_done(project, command_line):
    assert project.ran == {"extraction": 1, "extract": 2, **PROJECTED_AGAIN}
    assert "9 videos extracted, 0 known already" in log_of(project)
    assert len(features_in(project)) == 12
    assert project.plan("records") == {}
    # The other modules that a source imports choose rows, which are params of the rule.
    missing = not_counted("extract", project, command_line)
    assert not {m for m in missing if m.startswith(("yt8m.video", "yt8m.extractors"))}


def with_one_model(c):
    """A change of the config: the final ensemble is one model."""
    small_from(SOURCE)(c)
    c["models"], c["run"] = {"bag": c["models"]["bag"]}, {}
    c["ensembles"] = {"final": {"members": {"bag": 1.0}}}


def test_the_report_gets_thumbnails_of_the_final_ensembles_videos(project, command_line):
    project.write_config(with_one_model)
    report, thumbnails = ("results/report.html", "results/ensembles/final/thumbnails.validate.json")
    ran = project.run(thumbnails)
    assert ran["evaluate_ensemble"] == ran["thumbnails"] == 1
    found = read_extremes(project.folder / thumbnails)
    held_out = {row["id"] for row in project.rows if row["split"] == "validate"}
    assert {video.id for video in found.best} == {video.id for video in found.worst} == held_out
    assert [video.id for video in found.best] == [video.id for video in found.worst][::-1]
    assert all(len(shown.thumbnails) in (2, 3, 4) for shown in found.shown.values())
    assert project.plan(thumbnails) == {} and "thumbnails" not in project.plan(report)
    (project.folder / thumbnails).unlink()
    assert project.plan(report)["thumbnails"] == 1
    for rule in ("thumbnails", "evaluate"):
        missing = not_counted(rule, project, command_line)
        assert not {m for m in missing if m.startswith(("yt8m.video", "yt8m.outputs"))}
    project.write_config(small_from(SOURCE))


def test_an_extraction_that_dies_goes_on_behind_the_last_video(project, tmp_path):
    """The job is killed in the middle and tried again; the results are the same to the bit."""
    killed = Project(tmp_path)
    for name in ("clips", "videos.csv", "network.onnx"):
        place = project.folder / name
        (shutil.copytree if place.is_dir() else shutil.copy)(place, tmp_path / name)
    killed.write_config(small_from(SOURCE))
    killed.pause = 0.7
    process = killed.start(FOUND, "--retries", "1")
    wait_until(lambda: sum(map(is_finished, files_of_features(killed))) > 2, process)
    kill_job(killed, "records extract", signal.SIGKILL)
    output, _ = process.communicate()
    assert process.returncode == 0 and output.count("Trying to restart job") == 1, output[-3000:]
    assert re.search("[3-8] known already", log_of(killed).split(AGAIN)[1])
    expected, found = (digests(p.path("data/extracted"), ("**/*",)) for p in (project, killed))
    assert len(found) == 9 + 2 and found.items() <= expected.items()


def test_a_change_extracts_only_new_and_changed_videos(project):
    folder, rows = project.folder, project.rows
    first = features_in(project)

    # Other labels, and another projection.
    write_rows(folder, [rows[0] | {"labels": "red;blue"}, *rows[1:]])
    assert project.plan("records") == SHARD_AGAIN
    write_rows(folder, rows)
    project.write_config(small_from(SOURCE | {"projections": {"rgb": {"high": 5}}}))
    assert project.plan("records") == PROJECTED_AGAIN

    # Another rule that chooses frames: all of them.
    project.write_config(small_from(SOURCE | {"frame_rule": "google"}))
    assert project.plan("records") == {"extraction": 1, "extract": 2, **PROJECTED_AGAIN}

    # Another video in the place of one, and a new one that is none.
    project.write_config(small_from(SOURCE))
    write_clip(folder / rows[2]["path"], 2, brighter=9)
    (folder / "clips/page.mp4").write_text("<html>not found</html>")
    page = {"id": "page", "path": "clips/page.mp4", "labels": "red", "split": "train"}
    write_rows(folder, [*rows, page])
    assert project.run("records") == {"extract": 1, **PROJECTED_AGAIN}
    assert "1 videos extracted, 8 known already\n1 of 10 videos are left" in log_of(project)
    second = features_in(project)
    assert len(second) == 13 and first.items() < second.items()
    (line,) = project.path("data/left-out.csv").read_text().splitlines()[1:]
    assert line.startswith('page,"videos.csv, line 14",') and "is a web page" in line
    assert project.plan("records") == {}

    # Features that are deleted are missing only when records need them.
    shutil.rmtree(project.path("data/extracted"))
    assert project.plan("records") == {}
    write_rows(folder, [rows[0] | {"labels": "red;blue"}, *rows[1:], page])
    assert project.plan("records")["extract"] == 2


def test_a_video_in_two_splits_under_two_names_is_refused(project):
    folder, rows = project.folder, project.rows
    write_rows(folder, rows)
    shutil.copy(folder / rows[0]["path"], folder / rows[1]["path"])
    output = project.snakemake("records", succeeds=False)
    expected = "train and validate: share 1 videos, by the content of their files: "
    assert f"{expected}'v01' is a copy of 'v00'" in output
