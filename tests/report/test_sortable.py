"""Sorting tables of the page in a real browser."""

import pytest

from tests.browser import in_a_browser
from yt8m.report.sortable import LOOK, sortable_script

pytestmark = in_a_browser

ROWS = [("b 10", "0.5000"), ("b 9", "–"), ("A", "\N{MINUS SIGN}0.2000"), ("c", "1,200.5")]


@pytest.fixture
def page(browser, tmp_path):
    """Four rows: a name, a number, and bytes with units whose key is the row's place."""
    rows = "".join(
        f'<tr><th class="name">{name}</th><td class="number">{number}</td>'
        f'<td class="number" data-key="{place}">{9 - place} MB</td></tr>'
        for place, (name, number) in enumerate(ROWS)
    )
    heads = '<th class="name">name</th><th class="number">gain</th><th class="number">bytes</th>'
    table = f"<table{LOOK}><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{table}{sortable_script()}", "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def names_after_click(page, title):
    page.click(f"th button:has-text('{title}')")
    return page.locator("tbody th").all_inner_texts()


def test_a_click_sorts_and_another_one_reverses(page):
    assert names_after_click(page, "name") == ["A", "b 9", "b 10", "c"]
    assert names_after_click(page, "name") == ["c", "b 10", "b 9", "A"]
    assert page.locator("th[aria-sort]").count() == 1
    assert page.get_attribute("th:first-child", "aria-sort") == "descending"


def test_numbers_start_with_the_largest_and_cells_without_one_stay_last(page):
    assert names_after_click(page, "gain") == ["c", "b 10", "A", "b 9"]
    assert names_after_click(page, "gain") == ["A", "b 10", "c", "b 9"]
    assert page.get_attribute("th:nth-child(2)", "aria-sort") == "ascending"


def test_a_key_counts_instead_of_the_text(page):
    assert names_after_click(page, "bytes") == ["c", "A", "b 9", "b 10"]
