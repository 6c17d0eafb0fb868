import re
import shutil
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from click.testing import CliRunner

from tests.report.fabricated import CONFIG_ENTRIES, fabricate, other_facts
from yt8m.cli.reports import report
from yt8m.json_files import read_json
from yt8m.report.number_format import count, metric, signed
from yt8m.report.page import render, write_report
from yt8m.report.reading import read_content
from yt8m.workflow.layout import STAGES

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}


class Checked(HTMLParser):
    """Collects ids and text, and fails on tags that do not close in order."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.text, self.tags = [], [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["script"]:
            self.text.append(data)


def parsed(html: str) -> Checked:
    parser = Checked()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def html(content):
    return render(content)


def test_all_sections_are_present_in_order(html):
    found = re.findall(r'<section id="(\w+)"', html)
    assert set(found) < set(parsed(html).ids)
    assert found == [
        "results", "use", "size", "steps", "curves", "classes", "errors",
        "bytes", "chain", "settings",
    ]  # fmt: skip
    contents = html.split("<nav")[1].split("</nav>")[0]
    assert re.findall(r'<a href="#(\w+)"', contents) == found


def test_every_measure_of_every_graph_is_on_the_page(html, content):
    text = " ".join(parsed(html).text)
    graphs = [g for model in content.models.values() for g in model.stages.values()]
    for graph in [*graphs, *content.ensembles.values()]:
        measures = graph.measures["validate"]
        for name in ("gap", "map", "perr", "hit_at_one", "loss"):
            assert metric(measures[name]) in text
        assert count(graph.size_bytes) in text


def test_the_summary_compares_the_final_ensemble_with_its_teacher(html, content):
    summary = re.search(r'<p class="summary">(.*?)</p>', html).group(1)
    final, teacher = content.ensembles["final"], content.ensembles["teacher"]
    assert metric(content.gap(final)) in summary
    assert metric(content.gap(teacher)) in summary
    kept = 100 * content.gap(final) / content.gap(teacher)
    assert f"{kept:.1f}\N{NO-BREAK SPACE}%" in summary
    assert "the best single model (words, ema)" in summary


def test_nothing_is_loaded_from_elsewhere(html):
    found = parsed(html)
    assert not found.tags & {"link", "img", "iframe", "object", "embed", "use"}
    text = re.sub(r"(?s)(<script[^>]*>).*?</script>", r"\1", html)
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r'src="|href="\w*:', text)


def test_equal_results_give_equal_bytes(fabricated, tmp_path):
    folder, arguments = fabricated
    copies = [shutil.copytree(folder, tmp_path / name / "results") for name in ("one", "other")]
    for copy in copies:
        write_report(read_content(copy, **arguments), copy.parent / "report.html", copy)
    assert len({(copy.parent / "report.html").read_bytes() for copy in copies}) == 1
    assert len(list(copies[0].parent.iterdir())) == 2


def test_names_and_titles_are_escaped(html, tmp_path):
    names = [f'<script>alert("{c}")</script>' for c in range(40)]
    arguments = fabricate(tmp_path, names=names) | {"title": "A & B <b>"}
    escaped = render(read_content(tmp_path, **arguments))
    assert escaped.count("<script") == html.count("<script")
    assert "&lt;script&gt;alert(" in escaped
    assert "<title>A &amp; B &lt;b&gt;</title>" in escaped


def test_a_run_without_a_teacher_has_a_report_too(tmp_path):
    models = {name: CONFIG_ENTRIES["models"][name] for name in ("vlad", "words")}
    ensembles = {"final": {"members": {"vlad": 0.5, "words": 0.5}}}
    config = {**CONFIG_ENTRIES, "models": models, "ensembles": ensembles}
    html = render(read_content(tmp_path, **fabricate(tmp_path, config)))
    text = " ".join(parsed(html).text)
    told = text.split("Results on validate")[1].split("Data and settings")[0]
    assert "teacher" not in told
    assert "budget" not in told
    assert "<h2>Classes</h2>" in html


def test_a_run_of_perfect_models_has_a_report_too(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.report.fabricated.QUALITY", dict.fromkeys(STAGES, 90.0))
    html = render(read_content(tmp_path, **fabricate(tmp_path)))
    assert signed(0.0) in html
    parsed(html)


def test_each_of_several_splits_has_its_tables(tmp_path):
    arguments = fabricate(tmp_path, splits=("validate", "test"))
    content = read_content(tmp_path, **arguments)
    html = render(content)
    assert "Results on test" in html
    assert metric(content.final.measures["test"]["map"]) in html


def test_the_command_writes_the_page_without_tensorflow(fabricated, tmp_path):
    folder, _ = fabricated
    before = "tensorflow" in sys.modules
    result = CliRunner().invoke(report, [str(folder), "--out", str(tmp_path / "report.html")])
    assert result.exit_code == 0, result.output
    assert ("tensorflow" in sys.modules) == before
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_classes_without_positives_do_not_break_the_page(tmp_path):
    config = {**CONFIG_ENTRIES, "dataset": CONFIG_ENTRIES["dataset"] | {"classes": 900}}
    content = read_content(tmp_path, **fabricate(tmp_path, config))
    positives = content.classes["final"].positives
    assert (positives == 0).any()
    assert f"{np.count_nonzero(positives)} of 900 classes occur" in render(content)


def test_the_page_shows_what_the_run_was_made_with(content):
    text = " ".join(parsed(render(content)).text)
    run = content.run
    assert run["seeds"] and {"python", "tensorflow", "keras", "snakemake"} <= run["versions"].keys()
    shown = [run["revision"] or "not known", run["device"]["cpu"]]
    for words in [*shown, *run["versions"].values(), *map(str, run["seeds"].values())]:
        assert words in text
    for word in ("revision", "device", "seeds", *run["versions"]):
        assert word in text


@pytest.mark.parametrize("turn", [list, reversed])
def test_the_order_of_the_config_does_not_matter(content, fabricated, tmp_path, turn):
    """Students are listed after other models, and the final ensemble last."""
    folder, arguments = fabricated
    folder = shutil.copytree(folder, tmp_path / "results")
    made = read_json(folder / "run.json")["made"]
    other_facts(folder, **{word: list(turn(made[word])) for word in ("models", "ensembles")})
    assert render(read_content(folder, **arguments)) == render(content)
    assert list(content.models) == ["vlad", "words", "vlad_student"]
    assert list(content.ensembles) == ["teacher", "final"]
