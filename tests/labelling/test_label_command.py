"""`yt8m label`: its table, its files and its page agree; what cannot be labelled is reported."""

import csv
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.browser import CHROMIUM, open_browser
from tests.labelling.made import NAMES
from yt8m.calibration.threshold_files import COLUMNS
from yt8m.cli import main
from yt8m.labelling.choice import Choice
from yt8m.labelling.files import as_json, writing
from yt8m.labelling.label import label_video
from yt8m.labelling.tables import describe
from yt8m.labelling.timeline import timeline_section, write_timeline
from yt8m.labelling.windows import Windows
from yt8m.serving.archive import write_archive


def label(*arguments):
    return CliRunner().invoke(main, ["label", *(str(a) for a in arguments)])


CHOICE = Choice(0.3)


def rows_of(path):
    """Rows of any of the formats: (id, scope, start, end, index, name, probability)."""
    if path.suffix == ".csv":
        kinds = (str, str, int, int, int, str, float)
        with path.open(newline="") as lines:
            _, *rows = csv.reader(lines)
        return [tuple(k(v) for k, v in zip(kinds, row, strict=True)) for row in rows]
    if path.suffix == ".parquet":
        return [tuple(row.values()) for row in pq.read_table(path).to_pylist()]
    rows = []
    for video in map(json.loads, path.read_text().splitlines()):
        whole = {"start": 0, "end": video["seconds"], "labels": video["labels"], "scope": "video"}
        for part in (whole, *video["windows"]):
            about = (video["id"], part.get("scope", "window"), part["start"], part["end"])
            rows += [(*about, *each.values()) for each in part["labels"]]
    return rows


def test_all_formats_hold_the_same_labels(labelled, tmp_path):
    found = {}
    for suffix in (".jsonl", ".csv", ".parquet"):
        path = tmp_path / f"labels{suffix}"
        with writing(path, CHOICE, NAMES) as write:
            for video in labelled:
                write(video)
        found[suffix] = rows_of(path)
    assert found[".jsonl"] == found[".csv"]
    for row, other in zip(found[".csv"], found[".parquet"], strict=True):
        assert row[:-1] == other[:-1] and row[-1] == pytest.approx(other[-1])
    expected = [
        (video.id, index)
        for video in labelled
        for index in np.argsort(-video.predictions)
        if video.predictions[index] >= 0.3
    ]
    assert [row[::4][:2] for row in found[".csv"] if row[1] == "video"] == expected
    text = "".join(describe(video, CHOICE, NAMES) for video in labelled)
    for id, scope, *_, name, probability in found[".csv"]:
        if scope == "video":
            assert id in text and re.search(rf"{probability:.3f} +{re.escape(name)} ", text)


def test_the_page_has_the_frames_and_values_and_asks_for_nothing(labelled, tmp_path):
    path = tmp_path / "page.html"
    sections = [timeline_section(video, Choice(), NAMES) for video in labelled]
    write_timeline(sections, "it", Windows(2, 4), path)
    text = path.read_text()
    assert text.count("data:image/jpeg;base64,/9j/") == sum(len(v.parts) for v in labelled)
    assert not re.search(r"https?:|url\(|<script|<link|@import|src=\"(?!data:)", text)
    assert "&lt;b&gt;" in text and "<b>," not in text
    video = labelled[0]
    for (start, end), values in zip(video.parts, video.over_time, strict=True):
        best = int(values.argmax())
        title = f"{NAMES[best]}, 0:0{start} to 0:0{end}: {values[best]:.3f}"
        assert title.replace("<", "&lt;").replace(">", "&gt;") in text


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_is_usable_on_wide_and_narrow_screens(labelled, tmp_path):
    path = tmp_path / "page.html"
    write_timeline(
        [timeline_section(video, Choice(), NAMES) for video in labelled], "it", Windows(2, 4), path
    )
    with open_browser() as browser:
        for width in (1400, 420):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for section in page.locator("section").all():
                marks = section.locator(".mark").all()
                cells = section.locator(".row:not(.axis)").first.locator("i").all()
                assert len(marks) == len(cells)
                for mark, cell in zip(marks, cells, strict=True):
                    places = [each.bounding_box()["x"] for each in (mark, cell)]
                    assert places[0] == pytest.approx(places[1], abs=1.5)


@pytest.fixture(scope="module")
def folder(clips, tmp_path_factory):
    """Two videos of one name, a feature file, and files that cannot be read."""
    folder = tmp_path_factory.mktemp("inputs") / "in"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(clips[2], folder / "clip.mp4")
    shutil.copy(clips[2], folder / "deep" / "clip.MP4")
    np.savez(folder / "mine.npz", rgb=np.zeros((3, 1280), "f2"), audio=np.ones((4, 128), "f4"))
    (folder / "notes.txt").write_text("not an input")
    (folder / "empty.mp4").touch()
    (folder / "page.mp4").write_text("<!DOCTYPE html><title>404</title>")
    (folder / "cut.mp4").write_bytes(clips[0].read_bytes()[:100_000])
    np.save(folder / "nan.npy", np.full((2, 1408), np.nan))
    np.save(folder / "pickled.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(folder / "wide.npy", np.zeros((2, 7), "f4"))
    return folder


def test_names_that_are_not_utf8_are_escaped_everywhere(graph, clips, tmp_path):
    inputs = Path(os.fsdecode(bytes(tmp_path / "in") + b"/d\xe9"))
    inputs.mkdir(parents=True)
    shutil.copy(clips[2], os.fsdecode(bytes(inputs) + b"/\xe9.mp4"))
    shutil.copy(clips[2], tmp_path / "in/ok.mp4")
    np.save(inputs / "a.npy", np.ones((3, 1408), "f4"))
    out, page = tmp_path / "labels.jsonl", tmp_path / "page.html"
    done = label(graph, tmp_path / "in", "--out", out, "--every", 2, "--timeline", page)
    assert done.exit_code == 0, done.output
    ids = {row[0] for row in rows_of(out)}
    assert ids == {r"\udce9", "a", "ok"} and r"d\\udce9/\\udce9.mp4" in out.read_text()
    assert all(id in done.output and id in page.read_text() for id in ids)


def test_ids_and_names_are_no_formulas_and_one_line_in_csv_and_table(labelled, tmp_path):
    video = replace(labelled[0], id="=1+1\nx")
    names = ["=SUM(A1)", "@x", "a\nb", *NAMES[3:]]
    with writing(tmp_path / "labels.csv", Choice(), names) as write:
        write(video)
    rows = rows_of(tmp_path / "labels.csv")
    assert {row[0] for row in rows} == {r"'=1+1\nx"}
    assert {row[5] for row in rows} <= {"'=SUM(A1)", "'@x", r"a\nb", *NAMES[3:]}
    with writing(tmp_path / "labels.jsonl", Choice(), names) as write:
        write(video)
    assert {row[0] for row in rows_of(tmp_path / "labels.jsonl")} == {"=1+1\nx"}
    assert describe(video, Choice(), names).startswith(r"=1+1\nx (")


def test_a_video_that_was_not_read_to_its_end_says_how_long_it_is(labeller, clips, tmp_path):
    cases = {2: "first 0:02 of 0:13", 12: "first 0:12 of 0:13", 13: "0:13", 20: "0:13"}
    for seconds, text in cases.items():
        video = label_video(labeller, clips[3], Windows(2, 2), seconds=seconds)
        assert describe(video, CHOICE, NAMES).splitlines()[0] == f"long clip [1] ({text})"
        assert f">{text}<" in timeline_section(video, CHOICE, NAMES)
        found = as_json(video, CHOICE, NAMES)
        assert found["seconds"] == video.seconds == min(seconds, 13)
        assert found.get("length") == (13 if seconds < 13 else None)


PROBLEMS = {
    "empty.mp4": "is empty, 0 bytes",
    "page.mp4": "is a web page",
    "cut.mp4": "is damaged, truncated",
    "nan.npy": "value 0 is nan",
    "pickled.npy": "contains Python objects",
    "wide.npy": r"frames are float32 \[2, 7\]; expected .*1408\].*--features records",
}


def test_files_that_cannot_be_read_are_reported_and_the_others_labelled(graph, folder, tmp_path):
    out, archive = tmp_path / "labels.csv", tmp_path / "it.tar.gz"
    write_archive(graph, archive)
    done = label(archive, folder, "--top-k", 2, "--out", out)
    assert done.exit_code == 0, done.output
    for name, problem in PROBLEMS.items():
        assert re.search(rf"{name} .*{problem}", done.stderr), done.stderr
    assert len(done.stderr.splitlines()) == 1 + len(PROBLEMS)
    ids = [row[0] for row in rows_of(out)]
    assert ids == [id for id in ("clip", "deep/clip", "mine") for _ in range(2)]
    strict = label(graph, folder / "mine.npz", folder / "nan.npy", "--strict")
    assert strict.exit_code == 1 and "1 of 2 files could not be labelled" in strict.stderr
    out.unlink()
    none = label(graph, folder / "nan.npy", folder / "no.npy", "--out", out)
    assert none.exit_code == 1 and "No such file" in none.stderr and not out.exists()


def test_decide_gives_the_classes_that_reach_their_own_threshold(graph, labelled, clips, tmp_path):
    done = label(graph, clips[2], "--decide")
    assert done.exit_code == 1 and "has no thresholds.csv, which --decide needs" in done.output
    shutil.copytree(graph, tmp_path / "it")
    predictions = labelled[2].predictions
    thresholds = [p + (0.01 if index % 2 else -0.01) for index, p in enumerate(predictions)]
    with (tmp_path / "it/thresholds.csv").open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(COLUMNS)
        for index, name in enumerate(NAMES):
            rows.writerow([index, name, "" if index == 4 else thresholds[index], "", "", "", ""])
    done = label(tmp_path / "it", clips[2], "--decide", "--out", tmp_path / "labels.csv")
    assert done.exit_code == 0, done.output
    assert {row[4] for row in rows_of(tmp_path / "labels.csv")} == {0, 2}
    for index in (0, 2):
        row = rf"{predictions[index]:.3f} +{thresholds[index]:.3f}  {NAMES[index]}"
        assert re.search(row, done.stdout)
