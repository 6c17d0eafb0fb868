from dataclasses import replace

import numpy as np

from yt8m.report.noise import Confidence, Difference
from yt8m.report.number_format import signed
from yt8m.report.steps import Change, base_of, combined, findings, summarised

SPACE = "\N{NO-BREAK SPACE}"


def test_a_summary_names_the_mean_the_best_and_the_worst():
    changes = [
        Change(name, 0.5, 0.5 + difference, Difference(difference))
        for name, difference in {"a": 0.01, "b": 0.03, "c": -0.01}.items()
    ]
    assert summarised(changes, Confidence()).replace(SPACE, " ") == (
        "by +0.0100 (mean of 3 models; best +0.0300 b, worst −0.0100 c)"
    )
    assert summarised(changes[:1], Confidence()) == "by +0.0100 (a)"


def test_findings_agree_with_the_numbers(content):
    found = findings(content)
    assert len(found) == 5
    gaps = {n: {s: content.gap(g) for s, g in m.stages.items()} for n, m in content.models.items()}
    mean = np.mean([g["ema"] - g["trained"] for g in gaps.values()])
    assert f"changed GAP by {signed(mean)}" in found[0]
    student, base = gaps["vlad_student"]["quantised"], gaps["vlad"]["quantised"]
    assert f"changed GAP by {signed(student - base)} [" in found[4]


def test_a_student_is_compared_with_the_model_of_its_recipe(content):
    assert base_of(content, content.models["vlad_student"]).name == "vlad"


def test_an_ensemble_is_compared_with_its_members_at_the_stage_it_holds(content):
    teacher = next(c for c in combined(content) if c.ensemble.name == "teacher")
    assert content.ensembles["teacher"].stages == {"vlad": "quantised", "words": "quantised"}
    assert teacher.members["vlad"] == content.gap(content.models["vlad"].stages["quantised"])
    assert teacher.best == "words"


def test_the_sentence_on_averaging_names_the_averages_that_were_taken(content):
    assert findings(content)[0].startswith("Averaging the weights (EMA) changed")
    vlad = content.models["vlad"]
    config = replace(vlad.config, ema=replace(vlad.config.ema, average="equal"))
    models = {**content.models, "vlad": replace(vlad, config=config)}
    found = findings(replace(content, models=models))
    assert found[0].startswith("Averaging the weights (EMA or equal mean) changed")
