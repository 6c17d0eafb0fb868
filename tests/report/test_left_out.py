"""Videos that a run could not use are mentioned at its end and on its page, with their table."""

import shutil
from dataclasses import replace

import pytest

from yt8m.errors import ArtefactError
from yt8m.json_files import read_json, write_json
from yt8m.report.end_message import end_message
from yt8m.report.left_out import read_left_out
from yt8m.report.page import render
from yt8m.workflow.layout import Layout

FOUND = 'id,place,problem\na,"mine.csv, line 2",is damaged\nb,"mine.csv, line 3",is missing\n'


@pytest.fixture
def run(fabricated, tmp_path):
    """A run of a user's own table that left two videos out."""
    folder = shutil.copytree(fabricated[0], tmp_path / "results")
    (folder / "report.html").write_text("after")
    (folder / "data/left-out.csv").write_text(FOUND)
    set_source(folder, {"kind": "videos", "table": "mine.csv"})
    return folder


def set_source(folder, source):
    run = read_json(folder / "run.json")
    run["settings"]["dataset"]["source"] = source
    write_json(folder / "run.json", run)


def number(folder):
    return read_left_out(Layout(str(folder)), read_json(folder / "run.json"))


def test_the_end_of_a_run_says_how_many_and_where_they_are_listed(run):
    lines = end_message(Layout(str(run)), None).splitlines()
    table = run / "data/left-out.csv"
    assert lines[1:] == [f"2 videos left out: {table}", f"Report: {run}/report.html"]
    table.write_text("".join(FOUND.splitlines(keepends=True)[:2]))
    assert f"\n1 video left out: {table}\n" in end_message(Layout(str(run)), None)


def test_the_page_links_their_table_with_the_data_and_with_the_files(content):
    page = render(replace(content, left_out=2), "results")
    link = '<a href="results/data/left-out.csv">left-out.csv</a>'
    about = "the 2 videos that could not be used, and why"
    assert f"Left out: {link}, {about}." in page and f"<li>{link} {about}</li>" in page
    assert "left-out" not in render(content, "results")


def test_an_empty_table_and_that_of_an_earlier_source_count_nothing(run):
    assert number(run) == 2
    set_source(run, {"kind": "records"})
    assert number(run) == 0
    set_source(run, {"kind": "features", "table": "mine.csv"})
    (run / "data/left-out.csv").write_text(FOUND.splitlines()[0])
    assert number(run) == 0


@pytest.mark.parametrize("damaged", [b"id,place,problem\na,b\n", b"id\n\xff,b,c\n"])
def test_a_damaged_table_is_an_error_but_not_at_the_end_of_a_run(run, damaged):
    (run / "data/left-out.csv").write_bytes(damaged)
    with pytest.raises(ArtefactError, match=r"left-out\.csv: is damaged"):
        number(run)
    assert end_message(Layout(str(run)), None) == f"Report: {run}/report.html"
