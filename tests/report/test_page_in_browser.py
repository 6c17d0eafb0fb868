"""The page in a real browser: contents, tables and commands, at two widths and in print."""

import csv

import pytest

from tests.browser import PATIENCE, in_a_browser
from tests.report.fabricated import CONFIG_ENTRIES, fabricate
from yt8m.report.page import write_report
from yt8m.report.reading import read_content

pytestmark = in_a_browser

CLASSES = 900
WIDE, NARROW = 1400, 420
A4 = 688
"""CSS pixels between the margins of a printed page: 210 - 2 * 14 mm."""

ODD = '=1+1 <img src="x" onerror="document.title = `run`">'
ROWS = "#class-table tbody tr"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The content of a report with many classes, of which one has an odd name, and its page."""
    folder = tmp_path_factory.mktemp("many")
    config = {**CONFIG_ENTRIES, "dataset": CONFIG_ENTRIES["dataset"] | {"classes": CLASSES}}
    names = [ODD, *(f"Entity {c}" for c in range(1, CLASSES))]
    content = read_content(folder, **fabricate(folder, config, names=names))
    write_report(content, folder / "report.html")
    return content, folder / "report.html"


@pytest.fixture(scope="module")
def context(browser):
    """Scrolls at once, so that places are measured where they end."""
    allowed = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(permissions=allowed, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(params=[WIDE, NARROW])
def page(context, made, request):
    page = context.new_page()
    page.set_viewport_size({"width": request.param, "height": 900})
    page.asked, page.problems = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(made[1].as_uri())
    page.wait_for_selector(".dt-search")
    yield page
    page.close()


def column(page, place):
    """The texts in a column of the table of classes; the first is 1."""
    return page.locator(f"{ROWS} > :nth-child({place})").all_inner_texts()


def wait_for_first(page, place, value):
    """Until the first row has this number in a column: tables are drawn a moment later."""
    cell = f"document.querySelector('{ROWS} > :nth-child({place})').textContent"
    page.wait_for_function(f"Math.abs({cell} - {value}) < 1e-4")


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def test_nothing_overflows_and_nothing_is_asked_from_elsewhere(page, made):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [url for url in page.asked if not url.startswith("blob:")] == [made[1].as_uri()]
    assert page.problems == [] and page.title() == made[0].title


def test_the_main_table_is_never_cut_and_keeps_name_and_gap(page):
    width = page.viewport_size["width"]
    scroller = page.locator(".scroll:has(.headline)").first
    scroller.scroll_into_view_if_needed()
    if width == WIDE:
        assert scroller.evaluate("e => e.scrollWidth <= e.clientWidth")
    for left in (0, 10_000):
        scroller.evaluate(f"e => e.scrollTo({left}, 0)")
        places = [box(page, f".headline tbody .{mark}") for mark in ("name", "stage", "gap")]
        edges = [edge for each in places for edge in (each["x"], each["x"] + each["width"])]
        assert edges == pytest.approx(sorted(edges), abs=1)
        assert edges[0] >= 0 and edges[-1] <= width
        gap = page.locator(".headline tbody .gap").first
        covered = "(e, [x, y]) => document.elementFromPoint(x, y) !== e"
        assert not gap.evaluate(covered, [edges[-1] - 5, places[-1]["y"] + 5])


def test_the_contents_stay_in_view_and_mark_the_section(page):
    beside = page.viewport_size["width"] == WIDE
    for section in ("results", "classes", "settings"):
        page.click(f"body > nav a[href='#{section}']")
        page.wait_for_selector(f"body > nav a[href='#{section}'][aria-current=location]")
        top = f"document.querySelector('#{section}').getBoundingClientRect().top"
        page.wait_for_function(f"{top} >= 0 && {top} < innerHeight * 0.3")
        assert page.locator("body > nav [aria-current]").count() == 1
        link = box(page, "body > nav [aria-current]")
        assert link["y"] >= 0 and 0 <= link["x"] <= page.viewport_size["width"] - link["width"]
        assert beside or box(page, f"#{section} h2")["y"] >= link["y"] + link["height"]


def test_a_click_on_a_title_sorts_all_classes(page, made):
    table = made[0].classes["final"]
    seen, enough = table.positives > 0, table.positives >= 50
    title = page.locator("#class-table thead th").nth(3)
    title.click()
    wait_for_first(page, 4, table.average_precision[seen].max())
    assert title.get_attribute("aria-sort") == "descending"
    title.click()
    wait_for_first(page, 4, table.average_precision[seen].min())
    assert title.get_attribute("aria-sort") == "ascending"
    page.fill("#least-positives", "50")
    page.wait_for_selector(f".dt-info:has-text('of {enough.sum()} classes')")
    wait_for_first(page, 4, table.average_precision[enough].min())


def test_the_search_filters_by_name_and_number(page):
    assert f"of {CLASSES} classes" in page.inner_text(".dt-info")
    page.fill(".dt-search input", "entity 77")
    named = {f"Entity {n}" for n in range(1, CLASSES) if "77" in str(n)}
    page.wait_for_selector(f".dt-info:has-text('of {len(named)} classes')")
    assert set(column(page, 2)) == named
    page.fill(".dt-search input", "onerror")
    page.wait_for_selector(".dt-info:has-text('1 to 1 of 1 ')")
    assert column(page, 2) == [ODD] and page.locator("#class-table img").count() == 0


def test_name_positives_and_precision_of_the_final_ensemble_are_in_view(page):
    page.evaluate("document.querySelector('.dt-layout-table').scrollTo(0, 0)")
    right = [
        b["x"] + b["width"] for b in (box(page, f"{ROWS} > :nth-child({n})") for n in (2, 3, 4))
    ]
    assert right == sorted(right) and right[-1] <= page.viewport_size["width"]


def test_the_classes_found_are_downloaded_as_csv(page, made):
    page.fill("#least-positives", "1")
    with page.expect_download() as download:
        page.click("text=Download as CSV")
    with download.value.path().open(newline="", encoding="utf-8-sig") as file:
        titles, *rows = csv.reader(file)
    table = made[0].classes["final"]
    assert titles == [
        "no.", "class", "positives", "AP final", "against teacher",
        "AP teacher", "AP vlad", "AP words", "AP vlad_student",
    ]  # fmt: skip
    assert len(rows) == (table.positives > 0).sum()
    by_number = {int(row[0]): row for row in rows}
    assert by_number[0][1] == f"'{ODD}"
    for number, row in by_number.items():
        assert float(row[3]) == pytest.approx(table.average_precision[number], abs=1e-4)
        assert float(row[4]) == pytest.approx(float(row[3]) - float(row[5]), abs=1e-9)


def test_a_command_is_copied_or_selected(page):
    command = page.locator(".commands code").first.inner_text()
    button = page.locator(".copy").first
    button.click()
    page.wait_for_selector(".copy:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == command
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    button.click()
    page.wait_for_selector(".copy:has-text('Selected')")
    assert page.evaluate("getSelection().toString()").strip() == command


def test_differences_whose_interval_holds_zero_are_grey(page):
    colour = "e => [getComputedStyle(e).color, e.querySelector('.below').textContent]"
    grey = page.locator(".caption .noise").evaluate("e => getComputedStyle(e).color")
    cells = page.locator("#steps td:is(.gain, .drop, .noise)").all()
    assert cells
    for cell in cells:
        shown, text = cell.evaluate(colour)
        low, high = (
            float(limit.replace("\N{MINUS SIGN}", "-").replace("±", ""))
            for limit in text.strip("[]").split(", ")
        )
        assert shown == grey or not low <= 0 <= high


@pytest.mark.parametrize("page", [A4], indirect=True)
def test_a_printed_page_is_not_cut_and_has_all_sections(page):
    page.emulate_media(media="print")
    cut = "e => e.getBoundingClientRect().right > innerWidth + 1 && e.outerHTML.slice(0, 80)"
    everything = "main *:not(details :is(caption, caption *, thead, thead *))"
    cut = page.locator(everything).evaluate_all(f"all => all.map({cut}).filter(Boolean)")
    assert cut == []
    assert page.locator(".dt-search").is_hidden() and page.locator("body > nav").is_hidden()
    assert len(column(page, 2)) == 25 and page.locator(".dt-info").is_visible()
    assert all(each.is_visible() for each in page.locator("details dl, details table").all())
    printed = page.pdf(outline=True, tagged=True)
    for title in page.locator("h2").all_inner_texts():
        assert (
            f"/Title ({title})".encode() in printed
            or title.encode("utf-16-be").hex().encode() in printed.lower()
        )
