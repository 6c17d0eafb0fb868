import re
import shutil

import pytest

from yt8m.json_files import read_json, write_json
from yt8m.metrics.files import read_metrics
from yt8m.report.end_message import end_message, stamp
from yt8m.workflow.layout import Layout

FINAL = "ensembles/final"


@pytest.fixture
def run(fabricated, tmp_path):
    folder, _ = fabricated
    shutil.copytree(folder, tmp_path / "results")
    (tmp_path / "results/report.html").write_text("before")
    return tmp_path / "results"


def test_a_run_that_wrote_its_report_ends_with_the_headline_and_its_path(run):
    page = run / "report.html"
    before = stamp(page)
    page.unlink()
    page.write_text("after")
    gap = read_metrics(run / "ensembles/final/metrics.validate.json")["gap"]
    headline, place = end_message(Layout(str(run)), before).splitlines()
    found = re.match(r"final: GAP ([\d.]+) \[([\d.]+), ([\d.]+)\] on validate; ", headline)
    shown, low, high = map(float, found.groups())
    assert shown == round(gap, 4) and low < gap < high
    assert headline.endswith(" of 100,000 bytes") and place == f"Report: {page}"
    assert end_message(Layout(str(run)), None).splitlines() == [headline, place]


def test_without_resamples_of_the_final_graph_it_has_no_interval(run):
    write_json(run / "ensembles/final/fingerprint.json", {"digest": "other", "teacher": "final"})
    assert " on validate; " in end_message(Layout(str(run)), None)
    assert "[" not in end_message(Layout(str(run)), None)
    (run / "confidence.validate.parquet").unlink()
    assert "[" not in end_message(Layout(str(run)), None)


def test_a_gap_on_few_videos_is_called_chance(run):
    path = run / "ensembles/final/metrics.validate.json"
    write_json(path, read_json(path) | {"videos": 57, "videos_without_labels": 8})
    _, few, _ = end_message(Layout(str(run)), None).splitlines()
    assert few == "validate has only 49 labelled videos: GAP is mostly chance"
    write_json(path, read_json(path) | {"videos_without_labels": 7})
    assert len(end_message(Layout(str(run)), None).splitlines()) == 2


def test_a_run_that_did_not_write_the_report_prints_nothing(run):
    page = run / "report.html"
    assert end_message(Layout(str(run)), stamp(page)) == ""
    page.unlink()
    assert stamp(page) is None
    assert end_message(Layout(str(run)), None) == ""


@pytest.mark.parametrize("damage", ["", "[]", "{}", "null"])
@pytest.mark.parametrize(
    "file", ["ensembles/final/size.json", "ensembles/final/metrics.validate.json", "run.json"]
)
def test_unreadable_results_do_not_fail_a_finished_run(run, file, damage):
    (run / file).write_text(damage)
    page = run / "report.html"
    assert end_message(Layout(str(run)), None) == f"Report: {page}"
