"""What the report says about learnt weights."""

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
    "method": "learnt",
    "weights": {"vlad": 0.625, "words": 0.375},
    "given": {"weights": {"vlad": 0.5, "words": 0.5}, "scores": {"gap": 0.7, "loss": 4.0}},
    "learnt": {
        "weights": {"vlad": 0.625, "words": 0.375},
        "in_sample": {"gap": 0.705, "loss": 3.9},
        "out_of_fold": {"gap": 0.7031, "loss": 3.92},
        "folds_won": 4,
    },
    "settings": {"folds": 5, "split": "validate", "objective": "gap"},
    "videos": 1234,
}


@pytest.fixture
def weighed(fabricated, tmp_path):
    """Reads the invented run with a teacher of these weights."""
    folder, arguments = fabricated
    folder = shutil.copytree(folder, tmp_path / "results")
    other_facts(folder, learning=["teacher"])

    def read(found=FOUND):
        write_json(folder / "ensembles/teacher" / MEMBER_WEIGHTS, found)
        return read_content(folder, **arguments)

    return read


def test_learnt_weights_are_reported_with_what_they_gain_on_other_videos(weighed):
    content = weighed()
    (text,) = [t for t in findings(content) if "1,234 videos" in t]
    assert text.startswith("teacher has weights learnt on 1,234 videos of validate: in 5\xa0folds")
    assert "GAP is 0.7031, with the given weights 0.7000 (+0.0031; better in 4)" in text
    assert "of the very videos that the weights were chosen by (+0.0050 there)" in text
    table = ensembles_table(content)
    assert [c.title for c in table.columns[-2:]] == ["weights", "learning"]
    cells = {row.cells[0].text: [c.text for c in row.cells[-2:]] for row in table.rows}
    assert cells == {"teacher": ["learnt", "+0.0031"], "final": ["given", ""]}
    assert text in render(content)


def test_weights_that_lost_are_reported_too(weighed):
    lost = {**FOUND["learnt"], "out_of_fold": {"gap": 0.69, "loss": 4.1}, "folds_won": 1}
    content = weighed({**FOUND, "method": "given", "learnt": lost})
    (text,) = [t for t in findings(content) if "1,234 videos" in t]
    assert "has the weights that were given, since those learnt on 1,234" in text
    assert "are no better" in text and "very videos" not in text
    cells = {row.cells[0].text: row.cells[-2].text for row in ensembles_table(content).rows}
    assert cells["teacher"] == "given; learnt ones lost"


def test_a_loss_is_called_one_and_a_split_that_is_not_scored_flatters_nobody(weighed):
    settings = {"folds": 5, "split": "held_out", "objective": "loss"}
    (text,) = [t for t in findings(weighed({**FOUND, "settings": settings})) if "1,234" in t]
    assert "loss is 3.9200, with the given weights 4.0000 (\N{MINUS SIGN}0.0800" in text
    assert "very videos" not in text


def test_members_left_out_are_named(weighed):
    content = weighed()
    teacher = content.ensembles["teacher"]
    alone = replace(teacher, members={"vlad": 1.0}, stages={"vlad": "quantised"})
    content = replace(content, ensembles={**content.ensembles, "teacher": alone})
    assert any("validate, which leave out words: in 5\xa0folds" in t for t in findings(content))


def test_a_run_without_learnt_weights_says_nothing_about_them(content):
    assert len(ensembles_table(content).columns) == 7
    assert not any("learnt on" in text for text in findings(content))


def test_a_damaged_file_is_named(weighed):
    with pytest.raises(ArtefactError, match=r"weights\.json: given\.weights: is missing"):
        weighed({**FOUND, "given": {}})
