"""What the report says about ensembles whose members were chosen."""

import shutil
from dataclasses import replace

import pytest

from tests.report.fabricated import other_facts
from yt8m.choosing.choice import Candidate, Choice, ranked, write_choice
from yt8m.errors import ArtefactError
from yt8m.json_files import read_json, write_json
from yt8m.report.choices import OTHERS, candidate_tables
from yt8m.report.headline import headline
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.report.steps import findings
from yt8m.weights import read_header


@pytest.fixture
def content_with(fabricated, tmp_path):
    """Reads the invented run with a teacher that was chosen among all models by these values."""
    folder, arguments = fabricated
    folder = shutil.copytree(folder, tmp_path / "results")
    other_facts(folder, chosen=["teacher"])

    def read(count=2, split="validate", digest=None, **values):
        values = values or {"vlad": 0.6, "words": 0.7, "vlad_student": 0.5}
        path = "models/{}/quantised/weights.safetensors"
        candidates = [
            Candidate(name, value, digest or read_header(folder / path.format(name))[1])
            for name, value in values.items()
        ]
        found = tuple(ranked(candidates, "gap"))
        choice = Choice("teacher", "gap", split, "r", 20, count, found)
        write_choice(folder / "ensembles/teacher/choice.json", choice)
        return read_content(folder, **arguments)

    return read


def test_candidates_and_the_choice_are_shown_and_its_own_split_is_called_optimistic(content_with):
    content = content_with()
    (text,) = [text for text in findings(content) if "candidates" in text]
    assert text == (
        "teacher has the best 2 of 3\N{NO-BREAK SPACE}candidates by GAP on validate: words "
        "(0.7000) and vlad (0.6000); the next is vlad_student (0.5000). Its metrics on validate "
        "are optimistic, because its members were chosen on the same videos."
    )
    (table,) = candidate_tables(content).values()
    assert [c.title for c in table.columns] == ["candidate", "GAP on validate", "choice"]
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["words", "0.7000", "chosen"],
        ["vlad", "0.6000", "chosen"],
        ["vlad_student", "0.5000", ""],
    ]
    page = render(content)
    assert text in page and "Candidates for teacher" in page


def test_the_headline_warns_only_on_the_split_of_the_choice(content_with):
    def role(content):
        rows = headline(content, "validate").rows
        return next(row.cells[-1].text for row in rows if row.cells[0].text == "teacher")

    assert role(content_with()) == "teacher; members chosen on validate: optimistic"
    assert role(content_with(split="test")) == "teacher"


def test_of_many_candidates_only_the_best_are_shown(content):
    found = tuple(Candidate(f"m{i:03d}", -i, "w") for i in range(1000))
    choice = Choice("final", "gap", "validate", "r", 20, 3, found)
    ensembles = {"final": replace(content.final, choice=choice)}
    (table,) = candidate_tables(replace(content, ensembles=ensembles)).values()
    rows = table.rows
    assert len(rows) == 3 + OTHERS + 1 and rows[-1].cells[0].text == "and 987 more"


def test_members_that_were_not_chosen_are_refused(content_with):
    with pytest.raises(ArtefactError, match=r"teacher/ensemble.json: has the member vlad, which"):
        content_with(count=1)


def test_a_choice_among_other_weights_is_refused(content_with):
    with pytest.raises(ArtefactError, match=r"choice.json: compared other weights of words than"):
        content_with(digest="0" * 64)


def test_a_run_without_choices_says_nothing_about_them(content):
    assert candidate_tables(content) == {} and "Candidates for" not in render(content)
    assert not any("candidates" in text for text in findings(content))


def test_results_of_a_version_without_choices_are_read(fabricated, tmp_path):
    folder, arguments = fabricated
    folder = shutil.copytree(folder, tmp_path / "results")
    run = read_json(folder / "run.json")
    del run["made"]["chosen"]
    write_json(folder / "run.json", run)
    assert read_content(folder, **arguments).ensembles["teacher"].choice is None
