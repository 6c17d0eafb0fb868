import pytest

from yt8m.calibration.summary_files import reliability_in
from yt8m.errors import ArtefactError
from yt8m.json_files import read_json, write_json
from yt8m.report.charts.reliability import reliability_figure
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.report.reliability import thresholds_summary


def test_the_page_says_what_thresholds_give_and_how_reliable_probabilities_are(content):
    found, html = content.calibration, render(content)
    for words in (found["f1"], found["f1_at_one_half"]):
        assert f"{words['micro']:.4f}" in html and f"{words['macro']:.4f}" in html
    assert f"{found['calibration_error']:.5f}" in html
    assert "chosen by the best F1 on validate" in html
    assert reliability_figure(reliability_in(found)) in html
    assert "reach this precision nowhere" not in html


def test_classes_that_are_never_decided_are_counted(content):
    said = thresholds_summary({**content.calibration, "precision": 0.9, "never_decided": 2})
    assert "a precision of 90.0" in said and "2\N{NO-BREAK SPACE}classes reach this" in said


def test_a_run_without_thresholds_has_a_page_and_other_thresholds_are_refused(fabricated, content):
    folder, arguments = fabricated
    path = folder / "ensembles/final/calibration.json"
    before = read_json(path)
    try:
        write_json(path, {**before, "records": "others"})
        with pytest.raises(ArtefactError, match="is about other records"):
            read_content(folder, **arguments)
        path.unlink()
        without = read_content(folder, **arguments)
        assert "Decisions" in render(content) and "Decisions" not in render(without)
    finally:
        write_json(path, before)
