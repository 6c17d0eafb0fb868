"""The main table: what its means are taken over, and its width."""

import re
from dataclasses import replace
from importlib.resources import files

import pytest

from yt8m.report.headline import headline, taken_over
from yt8m.report.page import render

NARROW = 1000
"""Pixels of a narrow window."""

STYLE = files("yt8m.report").joinpath("style.css").read_text()


def with_measures(content, **changed):
    measures = {"validate": {**content.final.measures["validate"], **changed}}
    return replace(content, final=replace(content.final, measures=measures))


def test_classes_without_positives_and_videos_without_labels_are_mentioned(content):
    seen = with_measures(
        content, classes=50, classes_with_positives=5, map_present=0.19797,
        videos=20, videos_without_labels=3,
    )  # fmt: skip
    said = taken_over(seen, "validate")
    assert said == (
        "45 of 50 classes have no positive in validate and count as 0 in MAP; over the other 5, "
        "MAP of final is 0.1980. 3 of 20 videos have no label, a miss in PERR and Hit@1."
    )
    assert said in render(seen)


def test_nothing_is_mentioned_if_all_classes_and_videos_have_labels(content):
    whole = with_measures(content, classes_with_positives=40, classes=40, videos_without_labels=0)
    assert taken_over(whole, "validate") == ""


def rule(selector):
    """The declarations of a selector in the style sheet."""
    found = re.search(rf"^{re.escape(selector)} {{(.*?)}}", STYLE, re.M).group(1)
    return dict(part.strip().split(": ", 1) for part in found.strip().strip(";").split("; "))


@pytest.mark.parametrize("longest", ["final", "student_of_sixteen"])
def test_the_main_table_fits_a_narrow_window(content, longest):
    """Words wrap and numbers do not: the sum of the widest unbreakable text of each column."""
    assert "white-space" not in rule("td") and "white-space" not in rule("th")
    assert rule(".number")["white-space"] == "nowrap"
    table = headline(content, "validate")
    widths = []
    for place, column in enumerate(table.columns):
        texts = [column.title, *(row.cells[place].text for row in table.rows if row.cells[place])]
        if not column.number:
            texts = [word for text in texts for word in text.split()]
        texts += [longest] if column.title == "graph" else []
        # ASSUME a letter is 0.56 em wide, as in most sans serif faces; .86 of 16 px.
        widths.append(max(map(len, texts)) * 0.56 * 0.86 * 16 + 16)
    assert sum(widths) < NARROW - 2 * 24
