"""The figures as readers use them, in Chromium."""

import pytest

from tests.browser import in_a_browser
from tests.report.charts.conftest import ODD
from yt8m.report.page import write_report

pytestmark = in_a_browser

SPOTS = "g.spots_marks > path"
POINTED_AT = """([mark, name]) => {
  const { x, y } = mark.getBoundingClientRect();
  mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: x, clientY: y }));
  return document.querySelector("#vg-tooltip-element.visible")?.innerText.includes(name);
}"""
TOOLTIP = "#vg-tooltip-element.visible"


@pytest.fixture(scope="module")
def path(full, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_report(full, path)
    return path


@pytest.fixture(scope="module")
def page(browser, path):
    """The page, and what it asked for and complained about."""
    page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light")
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-charts=drawn]")
    yield page
    page.close()


def figure(page, name: str):
    """The figure with marks of this name, scrolled into view."""
    found = page.locator(".chart", has=page.locator(f"g.{name}_marks")).first
    found.scroll_into_view_if_needed()
    return found


def attributes(marks, name: str) -> list[str]:
    return marks.evaluate_all("(found, name) => found.map((e) => e.getAttribute(name))", name)


def test_a_mark_shows_its_exact_values(page, full):
    last = figure(page, "spots").locator(SPOTS).last
    last.hover()
    shown = page.wait_for_selector(TOOLTIP).inner_text()
    assert "final" in shown and f"{full.gap(full.final):.4f}" in shown
    assert f"{full.final.size_bytes:,}" in shown


def test_names_of_classes_are_shown_as_they_are(page, full):
    dots = figure(page, "cloud").locator("g.cloud_marks > path")
    own = full.classes["final"]
    seen = [name for name, number in zip(own.names, own.positives, strict=True) if number]
    assert dots.count() == len(seen)
    for name in set(ODD[:5]) & set(seen):
        dot = dots.nth(seen.index(name)).element_handle()  # other marks may cover it
        page.wait_for_function(POINTED_AT, arg=[dot, name])
        assert page.locator("#vg-tooltip-element :is(b, script)").count() == 0


def test_a_click_in_a_legend_chooses_and_another_one_undoes_it(page):
    chart = figure(page, "spots")
    marks, word = chart.locator(SPOTS), chart.locator(".role-legend-label text", has_text="ema")
    assert set(attributes(marks, "opacity")) == {"1"}
    word.click()
    page.wait_for_function(f"document.querySelector('{SPOTS}').getAttribute('opacity') < 1")
    shown = zip(attributes(marks, "fill"), attributes(marks, "opacity"), strict=True)
    assert {fill for fill, opacity in shown if opacity == "1"} == {"var(--ema)"}
    word.click()
    page.wait_for_function(f"document.querySelector('{SPOTS}').getAttribute('opacity') == 1")
    assert set(attributes(marks, "opacity")) == {"1"}


def test_a_model_chosen_in_one_learning_curve_is_chosen_in_the_other(page):
    charts = page.locator(".charts .chart")
    charts.first.scroll_into_view_if_needed()
    word = charts.first.locator(".role-legend-label text", has_text="words")
    faded = "[...document.querySelectorAll('.charts g.curves_marks > path')]"
    faded += ".filter((e) => e.getAttribute('opacity') < 1).length"
    for number in (2 * 2 * 4 + 2 * 2, 0):  # figures, stages, other models; of validation one
        word.click()
        page.wait_for_function(f"{faded} == {number}")


def test_the_wheel_scrolls_and_with_ctrl_it_zooms_until_a_double_click(page):
    chart = figure(page, "spots")
    marks = chart.locator(SPOTS)
    before = attributes(marks, "transform")
    box = chart.bounding_box()
    at = box["x"] + box["width"] / 3, box["y"] + 0.7 * box["height"]
    page.mouse.move(*at)
    scrolled = page.evaluate("scrollY")
    page.mouse.wheel(0, 40)
    page.wait_for_function(f"scrollY == {scrolled} + 40")
    assert attributes(marks, "transform") == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    first = f"document.querySelector('{SPOTS}').getAttribute('transform')"
    page.wait_for_function(f"{first} != {before[0]!r}")
    assert page.evaluate("scrollY") == scrolled + 40
    page.mouse.dblclick(*at)
    page.wait_for_function(f"{first} == {before[0]!r}")


def test_a_saved_picture_has_real_colours(page, tmp_path):
    chart = figure(page, "spots")
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        chart.hover()
        with page.expect_download() as download:
            chart.get_by_role("button", name=kind).click()
        download.value.save_as(tmp_path / kind)
        content = (tmp_path / kind).read_bytes()
        assert content.startswith(start) and b"var(" not in content
    assert b"#2b8f88" in (tmp_path / "SVG").read_bytes()


def test_dark_mode_changes_the_colours_also_of_an_open_page_but_paper_is_light(page):
    def colours() -> list[str]:
        script = "(found) => found.map((e) => getComputedStyle(e).fill)"
        return figure(page, "spots").locator(f"{SPOTS}, .role-axis-label text").evaluate_all(script)

    light = colours()
    page.emulate_media(color_scheme="dark")
    dark = colours()
    assert not set(light) & set(dark)
    page.emulate_media(color_scheme="dark", media="print")
    assert colours() == light
    page.emulate_media(color_scheme="light", media="screen")


@pytest.mark.parametrize("width", [1400, 420])
def test_every_figure_is_as_wide_as_the_page_and_nothing_overflows(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.reload()
    page.wait_for_selector("html[data-charts=drawn]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    charts = page.locator(".chart:not(.wide)")
    assert charts.count() == 11
    for chart in charts.all():
        place, picture = chart.bounding_box(), chart.locator("svg").bounding_box()
        legends = [each.bounding_box() for each in chart.locator("g.role-legend").all()]
        assert place["x"] >= 0 and place["x"] + place["width"] <= width
        assert all(each["x"] + each["width"] <= width for each in legends)
        assert picture["width"] == pytest.approx(place["width"], abs=1)


def test_nothing_is_asked_for_and_nothing_complained_about(page, path):
    assert {url for url in page.asked if not url.startswith("blob:")} == {path.as_uri()}
    assert page.said == []
