"""What the report says about learned weights."""

import shutil
from dataclasses import replace

import pytest

from tests.report.fabricated import other_facts
from yt8m.artefacts import MEMBER_WEIGHTS
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.report.step_tables import ensembles_table
from yt8m.report.steps import findings

FOUND = {
    "method": "learned",
    "weights": {"vlad": 0.625, "words": 0.375},
    "configured": {"weights": {"vlad": 0.5, "words": 0.5}, "metrics": {"gap": 0.7, "loss": 4.0}},
    "learned": {
        "weights": {"vlad": 0.625, "words": 0.375},
        "in_sample": {"gap": 0.705, "loss": 3.9},
        "out_of_fold": {"gap": 0.7031, "loss": 3.92},
        "folds_won": 4,
    },
    "settings": {"folds": 5, "split": "validate", "objective": "gap"},
    "videos": 1234,
}


@pytest.fixture
def content_with(fabricated, tmp_path):
    """Reads the invented run with a teacher of these weights."""
    folder, arguments = fabricated
    folder = shutil.copytree(folder, tmp_path / "results")
    other_facts(folder, learning=["teacher"])

    def read(found=FOUND):
        write_json(folder / "ensembles/teacher" / MEMBER_WEIGHTS, found)
        return read_content(folder, **arguments)

    return read


def test_learned_weights_are_reported_with_their_gain_on_other_videos(content_with):
    content = content_with()
    (text,) = [t for t in findings(content) if "1,234 videos" in t]
    assert text.startswith("teacher uses weights learned on 1,234 videos of validate: in 5\xa0")
    assert "GAP is 0.7031, with the configured weights 0.7000 (+0.0031; better in 4)" in text
    assert "metrics on validate are optimistic (+0.0050)" in text
    table = ensembles_table(content)
    assert [c.title for c in table.columns[-2:]] == ["weights", "learning"]
    cells = {row.cells[0].text: [c.text for c in row.cells[-2:]] for row in table.rows}
    assert cells == {"teacher": ["learned", "+0.0031"], "final": ["as configured", ""]}
    assert text in render(content)


def test_weights_that_lost_are_reported_too(content_with):
    lost = {**FOUND["learned"], "out_of_fold": {"gap": 0.69, "loss": 4.1}, "folds_won": 1}
    content = content_with({**FOUND, "method": "configured", "learned": lost})
    (text,) = [t for t in findings(content) if "1,234 videos" in t]
    assert "uses its configured weights, because those learned on 1,234" in text
    assert "are no better" in text and "optimistic" not in text
    cells = {row.cells[0].text: row.cells[-2].text for row in ensembles_table(content).rows}
    assert cells["teacher"] == "as configured (learned weights scored lower)"


def test_a_loss_objective_on_an_unscored_split_is_not_called_optimistic(content_with):
    settings = {"folds": 5, "split": "held_out", "objective": "loss"}
    (text,) = [t for t in findings(content_with({**FOUND, "settings": settings})) if "1,234" in t]
    assert "loss is 3.9200, with the configured weights 4.0000 (\N{MINUS SIGN}0.0800" in text
    assert "optimistic" not in text


def test_members_left_out_are_named(content_with):
    content = content_with()
    teacher = content.ensembles["teacher"]
    alone = replace(teacher, members={"vlad": 1.0}, stages={"vlad": "quantised"})
    content = replace(content, ensembles={**content.ensembles, "teacher": alone})
    assert any("validate, which drop words: in 5\xa0folds" in t for t in findings(content))


def test_a_run_without_learned_weights_says_nothing_about_them(content):
    assert len(ensembles_table(content).columns) == 7
    assert not any("learned on" in text for text in findings(content))


def test_a_damaged_file_is_named(content_with):
    with pytest.raises(ArtefactError, match=r"weights\.json: configured\.weights: is missing"):
        content_with({**FOUND, "configured": {}})
