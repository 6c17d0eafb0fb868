"""Take the pictures that the README and the site show, light and dark.

python docs/assets/picture.py results/report.html [FOLDER] writes report.png and report-dark.png:
the headline and the figure of size and quality. Of a folder of results with a frontier,
python docs/assets/picture.py results-frontier [FOLDER] writes frontier.png and frontier-dark.png.
It needs Chromium.
"""

import shutil
import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from yt8m.frontier.reading import read_frontier
from yt8m.frontier.rows import rows_of
from yt8m.report.charts.embedding import scripts, styles
from yt8m.report.charts.frontier import frontier_figure

SUFFIXES = {"light": ".png", "dark": "-dark.png"}
WIDTH, SCALE = 1000, 1.5
"""Width of the window in CSS pixels, and pixels of the picture per CSS pixel."""

FIGURE = "#size"
ONLY_HEADLINE_AND_FIGURE = f"""
  nav, footer, main > :not({FIGURE}), {FIGURE} .caption {{ display: none !important; }}
  body {{ padding-top: 1.5rem !important; padding-bottom: 1.5rem !important; }}
  section {{ margin-top: 2rem !important; }}
"""


def take(page_file: Path, folder: Path, name: str) -> list[Path]:
    """Write the pictures of a page into a folder; returns their paths.

    page_file: HTML with the figure as `#size`, such as a finished report.html.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme, suffix in SUFFIXES.items():
            page = browser.new_page(
                viewport={"width": WIDTH, "height": 200},
                device_scale_factor=SCALE,
                color_scheme=scheme,
            )
            page.goto(page_file.resolve().as_uri())
            made.append(folder / f"{name}{suffix}")
            made[-1].write_bytes(_picture(page))
    return made


def _picture(page: Page) -> bytes:
    """A PNG of 256 colours, of the headline and one figure."""
    page.add_style_tag(content=ONLY_HEADLINE_AND_FIGURE)
    page.locator(f"{FIGURE} :is(svg, canvas)").first.wait_for()
    picture = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled")))
    written = BytesIO()
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        written, "PNG", optimize=True
    )
    return written.getvalue()


def frontier_page(results: Path) -> str:
    """HTML of the report's figure of models at all sizes, alone."""
    figure = frontier_figure(rows_of(read_frontier(results)), "validate")
    look = files("yt8m.report").joinpath("style.css").read_text()
    code = files("yt8m.report").joinpath("page.js").read_text()
    return (
        f"<!doctype html><meta charset=utf-8><style>{look}{styles()}</style><main>"
        f"<section id=size>{figure}</section></main>{scripts()}<script type=module>{code}</script>"
    )


if __name__ == "__main__":
    source, *target = map(Path, sys.argv[1:])
    to = target[0] if target else Path(__file__).parent
    if source.is_dir():
        with NamedTemporaryFile("w", suffix=".html") as written:
            written.write(frontier_page(source))
            written.flush()
            pictures = take(Path(written.name), to, "frontier")
    else:
        pictures = take(source, to, "report")
    for path in pictures:
        print(f"{path}: {path.stat().st_size:,} bytes")
