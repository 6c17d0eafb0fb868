"""The pictures of reports that the pages show, and the script that takes them."""

import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.report.fabricated import fabricate
from yt8m.report.page import write_report
from yt8m.report.reading import read_content

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs/assets/picture.py"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
LARGEST_BYTES = 200_000


@pytest.mark.parametrize("name", ["report.png", "report-dark.png"])
def test_the_pages_show_pictures_that_are_small(name):
    path = SCRIPT.with_name(name)
    assert path.stat().st_size < LARGEST_BYTES
    assert f"docs/assets/{name}" in (ROOT / "README.md").read_text()
    assert f"(assets/{name}#" in (ROOT / "docs/index.md").read_text()


@pytest.mark.parametrize("name", ["frontier.png", "frontier-dark.png"])
def test_the_comparison_of_models_shows_pictures_that_are_small(name):
    assert SCRIPT.with_name(name).stat().st_size < LARGEST_BYTES
    page = ROOT / "docs/explanation/models-compared.md"
    assert f"(../assets/{name}#" in page.read_text()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_script_takes_the_headline_and_a_figure_light_and_dark(tmp_path):
    page = tmp_path / "report.html"
    write_report(read_content(tmp_path, **fabricate(tmp_path)), page)
    light, dark = runpy.run_path(str(SCRIPT))["take"](page, tmp_path, "report")
    for path in (light, dark):
        width, height = Image.open(path).size
        assert width == 1500 and 500 < height < 2000
        assert path.stat().st_size < LARGEST_BYTES
    brightness = [np.asarray(Image.open(path).convert("L")) for path in (light, dark)]
    assert np.median(brightness[0]) > 240 and np.median(brightness[1]) < 40
    for picture in brightness:  # neither blank above nor below: headline and figure
        upper, lower = np.array_split(picture, 2)
        assert upper.std() > 5 and lower.std() > 5
