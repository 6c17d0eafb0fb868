"""Links lead to what the run makes, from wherever the page is."""

import posixpath
import re
import shutil
from urllib.parse import unquote

from click.testing import CliRunner

from tests.report.fabricated import CONFIG_ENTRIES, fabricate
from yt8m.cli.reports import report
from yt8m.config.experiment import read_experiment
from yt8m.report.links import result_links
from yt8m.report.reading import read_content
from yt8m.workflow.layout import Layout
from yt8m.workflow.plan import Plan
from yt8m.workflow.targets import Targets

CONFIG = {**CONFIG_ENTRIES, "run": {"predict": ["test", "validate"]}}


def test_the_links_are_what_the_workflow_makes_of_the_final_ensemble(tmp_path):
    content = read_content(tmp_path, **fabricate(tmp_path, CONFIG))
    targets = Targets(Plan(read_experiment(CONFIG), Layout("results")))
    reported = targets.reported()
    made = [*targets.final_files, *targets.predictions, *reported["thresholds"], reported["run"]]
    inside = ("metrics", "size", "calibration")  # what they say is on the page
    expected = [path for path in made if not posixpath.basename(path).startswith(inside)]
    found = [link.path for link in result_links(content, Layout("results"))]
    assert sorted(found) == sorted(expected)


def test_links_are_right_from_a_page_in_another_folder(fabricated, tmp_path):
    folder, _ = fabricated
    results = shutil.copytree(folder, tmp_path / "results #1")
    for page in (results / "report.html", tmp_path / "pages" / "of mine" / "report.html"):
        page.parent.mkdir(parents=True, exist_ok=True)
        done = CliRunner().invoke(report, [str(results), "--out", str(page)])
        assert done.exit_code == 0, done.output
        found = re.findall(r'<a href="([^#"][^"]*)"', page.read_text())
        targets = [(page.parent / unquote(address)).resolve() for address in found]
        configs = [results / "models" / name / "config.json" for name in CONFIG["models"]]
        assert {*configs, results / "run.json"} < set(targets)
        assert all(target.is_relative_to(results) for target in targets)
