"""Models that differ only in the seed of training."""

from dataclasses import replace

import pytest

from yt8m.report.repetitions import repetitions_table, seeds_finding

GAPS = {"vlad": 0.70, "vlad_2": 0.73, "vlad_3": 0.76}
"""Of the last stage; of the earlier ones .1 and .2 less."""


def with_gap(graph, gap):
    return replace(graph, measures={"validate": {**graph.measures["validate"], "gap": gap}})


@pytest.fixture
def repeated(content):
    """The content with three seeds of vlad, and a model that is the same run as one of them."""
    vlad, models = content.models["vlad"], dict(content.models)
    for seed, name in enumerate([*GAPS, "copy"]):
        training = replace(vlad.config.training, seed=min(seed, 2))
        stages = {
            stage: with_gap(graph, GAPS.get(name, 0.1) - 0.1 * before)
            for before, (stage, graph) in enumerate(reversed(vlad.stages.items()))
        }
        stages = {stage: stages[stage] for stage in vlad.stages}
        config = replace(vlad.config, name=name, training=training)
        models[name] = replace(vlad, config=config, stages=stages)
    return replace(content, models=models)


def test_repetitions_have_a_mean_and_a_standard_deviation_at_each_stage(repeated):
    (row,) = repetitions_table(repeated).rows
    assert [cell.text for cell in row.cells] == [
        *("vlad", "3", "0.5300", "0.0300", "0.6300", "0.0300", "0.7300", "0.0300")
    ]
    assert row.cells[0].note == "vlad, vlad_2, vlad_3"


def test_the_page_says_that_intervals_do_not_cover_seeds(repeated):
    said = seeds_finding(repeated).replace("\N{NO-BREAK SPACE}", " ")
    assert "standard deviation of 0.0300 (vlad, 3 seeds), which the intervals do not cover" in said


def test_of_many_groups_the_page_gives_the_range(repeated):
    models = dict(repeated.models)
    for clusters in range(100, 105):
        for name in GAPS:
            found = repeated.models[name]
            recipe = replace(found.config.recipe, clusters=clusters)
            models[f"{name}_{clusters}"] = replace(
                found, config=replace(found.config, name=f"{name}_{clusters}", recipe=recipe)
            )
    said = seeds_finding(replace(repeated, models=models))
    assert "of 0.0300 to 0.0300 (median 0.0300), which" in said and len(said) < 300


def test_without_repetitions_there_is_no_table(content):
    assert repetitions_table(content) is None and seeds_finding(content) == ""
