"""Take the pictures of a report that the README and the site show, light and dark.

python docs/assets/picture.py results/report.html [FOLDER] writes report.png and report-dark.png:
the headline and the figure of size and quality. It needs Chromium.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = {"light": "report.png", "dark": "report-dark.png"}
WIDTH, SCALE = 1000, 1.5
"""Width of the window in CSS pixels, and pixels of the picture per CSS pixel."""

FIGURE = "#size"
ONLY_HEADLINE_AND_FIGURE = f"""
  nav, footer, main > :not({FIGURE}), {FIGURE} .caption {{ display: none !important; }}
  body {{ padding-top: 1.5rem !important; padding-bottom: 1.5rem !important; }}
  section {{ margin-top: 2rem !important; }}
"""


def take(report: Path, folder: Path) -> list[Path]:
    """Write the pictures into a folder; returns their paths.

    report: a finished report.html.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme, name in PICTURES.items():
            page = browser.new_page(
                viewport={"width": WIDTH, "height": 800},
                device_scale_factor=SCALE,
                color_scheme=scheme,
            )
            page.goto(report.resolve().as_uri())
            made.append(folder / name)
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


if __name__ == "__main__":
    report, *folder = map(Path, sys.argv[1:])
    for path in take(report, folder[0] if folder else Path(__file__).parent):
        print(f"{path}: {path.stat().st_size:,} bytes")
