"""The section on models at all sizes."""

from tests.frontier.made import model
from tests.report.fabricated import CONFIG_ENTRIES, fabricate
from yt8m.config.model import read_model_config
from yt8m.frontier.points import write_points
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.weights import read_header


def test_a_run_that_compares_sizes_shows_the_best_of_them(tmp_path):
    config = {**CONFIG_ENTRIES, "frontier": {"models": ["vlad", "words"]}}
    words = fabricate(tmp_path, config)
    for name, gaps in (("vlad", (640, 630, 600)), ("words", (500, 490, 480))):
        entry = read_model_config(tmp_path / "models" / name / "config.json").entry("ema")
        weights = read_header(tmp_path / "models" / name / "ema/weights.safetensors")[1]
        found = model(name, gaps, entry, weights=weights)
        write_points(tmp_path / "frontier" / f"{name}.json", found)
    # An earlier config named this one, on other records.
    other = model("gone", (1, 1, 1), records="others")
    write_points(tmp_path / "frontier" / "gone.json", other)
    content = read_content(tmp_path, **words)
    page = render(content)
    assert {row.model for row in content.frontier} == {"vlad", "words"}
    section = page[page.index('<section id="frontier">') : page.index('<section id="chain">')]
    assert 'href="#frontier"' in page
    assert 'href="frontier/points.csv"' in section and "8,000,000" in section
    table = section[section.index("<tbody>") : section.index("</tbody>")]
    assert "netvlad" in table and "gated_dbof" not in table


def test_a_run_without_a_frontier_has_no_such_section(content):
    assert content.frontier == [] and 'id="frontier"' not in render(content)
