"""The page, the CSV and the JSON of a comparison, from the command."""

import csv
import json
import re

import pytest
from click.testing import CliRunner

from tests.browser import CHROMIUM, open_browser
from tests.comparison.fabricated import VLAD, config, fabricate
from yt8m.cli.main import main

OUTPUTS = ("page.html", "rows.csv", "all.json")


def run(*words, code=0):
    done = CliRunner().invoke(main, ["compare", *map(str, words)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def made(grid, tmp_path_factory):
    """The three outputs for a grid."""
    folder = tmp_path_factory.mktemp("outputs")
    outputs = [word for name in OUTPUTS for word in ("--out", folder / name)]
    said = run(grid, "--resamples", 100, *outputs)
    assert "14 graphs of one run on the 120 videos of validate; 3 settings differ." in said
    return folder


def test_csv_and_json_hold_the_same_rows_with_full_precision(made):
    rows = list(csv.DictReader((made / "rows.csv").open(newline="")))
    found = json.loads((made / "all.json").read_text())
    assert len(rows) == len(found["rows"]) == 8 and found["differences"] == 7
    for row, other in zip(rows, found["rows"], strict=True):
        assert row["name"] == other["name"] and float(row["gap"]) == other["gap"]
        clusters = other["settings"]["clusters"]
        assert row["settings.clusters"] == ("" if clusters is None else str(clusters))
    assert rows[0]["difference"] == "" and float(rows[1]["difference_high"]) < 0
    assert [each["setting"] for each in found["effects"]] == ["clusters", "training.learning_rate"]
    assert found["not_compared"] == []


def test_outputs_are_the_same_each_time(made, grid, tmp_path):
    run(grid, "--resamples", 100, *(w for name in OUTPUTS for w in ("--out", tmp_path / name)))
    for name in OUTPUTS:
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


def test_the_page_refers_to_nothing_outside(made):
    page = re.sub(r'"[A-Za-z0-9+/=]{1000,}"', "", (made / "page.html").read_text())
    assert not re.search(r"(src|href)=\"?(https?:)?//|@import|url\(", page)
    assert page.count("<tr") > 8  # rows without scripts, too


def test_a_file_of_another_kind_and_no_result_are_refused(grid, tmp_path):
    said = run(grid, "--out", tmp_path / "page.txt", code=2)
    assert "must end in .html or .csv or .json" in said
    said = run(tmp_path, "--out", tmp_path / "page.html", code=1)
    assert "run.json" in said and "Traceback" not in said


@pytest.mark.parametrize("name", ["run.json", "models/new.csv", "data/../run.json"])
def test_a_result_of_the_run_is_not_overwritten(grid, name):
    before = (grid / "run.json").read_bytes()
    assert "is a result of the run" in run(grid, "--out", grid / name, code=2)
    assert (grid / "run.json").read_bytes() == before
    run(grid, "--out", grid / "comparison.json")


def test_an_output_is_named_once(grid, tmp_path):
    page = tmp_path / "page.html"
    assert "more than once" in run(grid, "--out", page, "--out", page, code=2)


def test_odd_names_of_values_are_text_on_the_page(tmp_path):
    odd = {**VLAD, "training": {"frames": {"kind": "all"}}}
    entries = {"models": {"vlad": VLAD, "odd": odd}, "run": {"models": ["odd"]}}
    folder = fabricate(tmp_path / "a<b>&", config(**entries))
    run(folder, folder, "--resamples", 20, "--title", "<i>&", "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<title>&lt;i&gt;&amp;</title>" in page and "<i>&" not in page


@pytest.fixture(scope="module")
def browser():
    with open_browser() as found:
        yield found


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.xdist_group("browser")
def test_the_table_has_all_rows_sorts_and_searches_and_figures_are_drawn(made, browser):
    page = browser.new_page(viewport={"width": 420, "height": 900})
    problems, asked = [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((made / "page.html").as_uri())
    page.wait_for_selector("html[data-rows=shown][data-charts=drawn]")
    names = page.locator("#rows tbody th").all_inner_texts()
    assert len(names) == 8 and names[0] == "final"
    page.locator("#rows thead th", has_text="clusters").click()
    first = page.locator("#rows tbody th").first.inner_text()
    assert first.startswith("vlad_clusters32")
    page.fill(".dt-search input", "clusters16")
    assert page.locator("#rows tbody tr").count() == 2
    assert page.locator(".chart svg").count() == 3
    assert page.locator(".parallel .threads_marks path, .parallel .threads path").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert not problems and not [url for url in asked if not url.startswith(("file:", "blob:"))]
    page.close()
