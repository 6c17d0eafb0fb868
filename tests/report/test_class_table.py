"""The table of classes: what its columns hold."""

from dataclasses import replace

import numpy as np

from yt8m.report.class_table import FIRST, class_table, reference
from yt8m.report.content import held_stage
from yt8m.report.files import read_classes
from yt8m.report.number_format import metric


def test_every_graph_has_a_column_and_the_most_frequent_classes_come_first(content):
    table = class_table(content)
    assert [column.title for column in table.columns] == [
        "no.", "class", "positives", "AP final", "against teacher",
        "AP teacher", "AP vlad", "AP words", "AP vlad_student",
    ]  # fmt: skip
    positives = [int(row.cells[2].text) for row in table.rows]
    assert len(positives) == FIRST and positives == sorted(positives, reverse=True)
    assert positives[0] == content.classes["final"].positives.max()


def test_the_gain_is_the_difference_of_what_is_shown(content):
    for row in class_table(content).rows:
        own, gain, teacher = (row.cells[place].text for place in (3, 4, 5))
        shown = float(gain.replace("\N{MINUS SIGN}", "-").replace("±", ""))
        assert round(float(own) - float(teacher), 4) == shown


def test_a_model_is_shown_at_the_stage_that_its_ensemble_holds(fabricated, content):
    teacher = content.ensembles["teacher"]
    final = replace(content.final, stages={"vlad_student": "ema"})
    assert held_stage("vlad_student", [final, teacher]) == "ema"
    assert held_stage("vlad", [final, teacher]) == "quantised"
    assert held_stage("in none", [final, teacher]) == "quantised"
    path = fabricated[0] / "models" / "words" / "quantised" / "classes.validate.parquet"
    found = content.class_tables["words"].average_precision
    assert np.array_equal(found, read_classes(path).average_precision)


def test_without_a_teacher_the_best_model_alone_is_the_reference(content):
    assert reference(content) == "teacher"
    models = {
        name: replace(model, config=replace(model.config, teacher=None))
        for name, model in content.models.items()
    }
    gaps = {name: content.gap(model.stages["quantised"]) for name, model in models.items()}
    assert reference(replace(content, models=models)) == max(gaps, key=gaps.__getitem__)


def test_a_class_without_positives_has_no_average_precision(content):
    few = replace(content.classes["final"], positives=(np.arange(40) == 7).astype(int))
    same = dict.fromkeys(content.class_tables, few)
    rows = class_table(replace(content, classes=same, class_tables=same)).rows
    first, *others = [[cell.text for cell in row.cells] for row in rows]
    assert first[0] == "7" and metric(None) not in first
    assert {text for row in others for text in row[3:]} == {metric(None)}
