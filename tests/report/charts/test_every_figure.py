import json
import re

import altair as alt
import pytest

from tests.report.charts.conftest import figures_of
from tests.report.charts.specs import compiled, spec_of, texts
from yt8m.report.charts.theme import CONFIG, LOOKS
from yt8m.report.page import render

NAMES = ["size_and_gap", "gap_by_stage", "loss", "gap", "precision", "reliability"]
NAMES += ["member_bytes", "budget", "frontier", "chain", "validation_loss", "validation_gap"]
LEGENDS = {
    "size_and_gap": {"stage"},
    "gap_by_stage": {"stage"},
    "loss": {"model", "stage"},
    "gap": {"model", "stage"},
    "validation_loss": {"model", "stage"},
    "validation_gap": {"model", "stage"},
    "precision": {"graph"},
    "member_bytes": {"member"},
    "budget": {"stored"},
    "frontier": {"family"},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_valid_says_what_it_shows_and_can_be_drawn(figures, name):
    spec = spec_of(figures[name])
    assert alt.LayerChart.from_dict(spec).to_dict()  # checked against the schema
    assert spec["description"] and spec["width"] == "container"
    assert len(texts(compiled(spec))) > 5
    assert "<noscript>" in figures[name] and f'aria-label="{spec["description"]}"' in figures[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_but_text_and_connecting_lines_tells_its_values(figures, name):
    for layer in spec_of(figures[name])["layer"]:
        if layer["name"] not in ("threads", "bonds", "curves", "diagonal", "edges", "frontier"):
            assert layer["mark"]["type"] == "text" or layer["encoding"]["tooltip"], layer["name"]


@pytest.mark.parametrize("name", NAMES)
def test_a_click_in_a_legend_chooses_and_axes_of_numbers_zoom(figures, name):
    found = spec_of(figures[name]).get("params", [])
    chosen = {p["select"]["fields"][0] for p in found if p.get("bind") == "legend"}
    assert chosen == LEGENDS.get(name, set())
    zooms = [p for p in found if p.get("bind") == "scales"]
    assert len(zooms) == (0 if name == "chain" else 1)


def test_the_theme_is_valid_and_its_colours_are_the_pages(full):
    legend = {k: v for k, v in CONFIG["legend"].items() if k != "layout"}  # only Vega knows it
    alt.Config.from_dict({**CONFIG, "legend": legend})
    page = render(full)
    defined = set(re.findall(r"(--[\w-]+):", page))
    used = set(re.findall(r"var\((--[\w-]+)\)", page))
    assert used <= defined
    assert {f"--{colour}" for colour, _ in LOOKS.values()} <= used


def test_a_figure_is_the_same_whenever_it_is_made(full, figures):
    assert figures_of(full) == figures


def test_specifications_hold_no_addresses_and_close_no_script(figures):
    for figure in figures.values():
        assert "http" not in figure
        assert figure.count("</script>") == 1
        assert "<" not in re.search(r"json\">(.*?)</script>", figure)[1]
        assert json.dumps(spec_of(figure)).count("altair") == 0
