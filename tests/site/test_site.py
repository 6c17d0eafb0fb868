"""The site of docs/, built strictly, in a real browser."""

import functools
import http.server
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser import CHROMIUM, PATIENCE, open_browser

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(find_spec("material") is None, reason="pip install -e '.[docs]'"),
    pytest.mark.xdist_group("site"),
]
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; a warning, such as of a broken link, fails the build."""
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", out],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out


@pytest.fixture(scope="module")
def pages(site):
    """Addresses of all pages, relative to the site."""
    return sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


def test_every_page_is_in_the_navigation_and_every_link_leads_somewhere(pages):
    sources = (ROOT / "docs").rglob("*.md")
    built = {str(p.relative_to(ROOT / "docs").with_suffix(".html")) for p in sources}
    assert built | {"404.html"} == {*pages}


@in_a_browser
def test_no_page_loads_anything_from_elsewhere_or_is_wider_than_a_phone(address, pages, browser):
    context = browser.new_context(viewport={"width": 420, "height": 900})
    context.set_default_timeout(PATIENCE)
    page, asked, wide, failed = context.new_page(), [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    for name in pages:
        page.goto(address + name)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)
    assert len(asked) > len(pages)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert wide == [] and failed == []


@in_a_browser
def test_a_search_finds_a_setting_and_a_click_changes_the_colours(address, browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}index.html")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.locator("label[for='__palette_1']").click()
    page.wait_for_function(f"{background} !== '{light}'")
    page.get_by_role("textbox", name="Search").press_sequentially("decay_videos")
    page.locator(".md-search-result__item", has_text="Settings").first.wait_for()


@in_a_browser
def test_the_reference_lists_every_setting_and_every_command(address, browser):
    from yt8m.cli import main
    from yt8m.config.sections import sections

    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}reference/commands.html")
    shown = {*page.locator("h3").evaluate_all("found => found.map(h => h.id)")}
    assert {f"yt8m-{name}" for name in main.list_commands(None)} <= shown
    page.goto(f"{address}reference/settings.html")
    cells = {*page.locator("td:first-child").all_inner_texts()}
    assert {word for section in sections() for word in section.fields()} <= cells
