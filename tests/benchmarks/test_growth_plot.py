import re
from xml.etree import ElementTree

from benchmarks.growth_plot import draw

WORKS = ("reading", "planning")
ROWS = [
    {"work": work, "times": times, "seconds": (1 + place) * times, "megabytes": 100 + 9 * times}
    for place, work in enumerate(WORKS)
    for times in (1, 4, 16)
]


def test_growth_is_one_picture_with_a_line_per_work_and_measure():
    text = draw(ROWS)
    assert draw(ROWS) == text
    picture = ElementTree.fromstring(text)
    words = {"".join(found.itertext()) for found in picture.findall(".//{*}text")}
    assert {*WORKS, "seconds (log scale)", "megabytes", "1×", "4×", "16×"} <= words
    lines = re.findall(r'aria-roledescription="line mark"', text)
    assert len(lines) == 2 * len(WORKS)
