from tests.browser import in_a_browser
from yt8m.report.scripts import embedded

pytestmark = in_a_browser

MODULE = 'export const words = "</script> <!-- “é” 🎬";\n' + "// a long library\n" * 10_000


def test_a_module_is_unpacked_and_imported_from_the_page_itself(browser, tmp_path):
    script = embedded(MODULE, then="document.title = library.words;")
    assert len(script) < len(MODULE) / 10
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{script}", encoding="utf-8")
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_function("document.title.includes('🎬')")
    assert page.title() == "</script> <!-- “é” 🎬"
    assert [url for url in asked if not url.startswith("blob:")] == [path.as_uri()]
    page.close()


def test_equal_modules_give_equal_bytes_at_any_time(monkeypatch):
    before = embedded(MODULE)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert embedded(MODULE) == before
