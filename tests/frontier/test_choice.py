"""The choice for a budget, and the entry that makes it."""

import pytest
import yaml

from tests.frontier.made import model, settings, three_seeds
from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.config.merging import without_marks
from yt8m.errors import ArtefactError
from yt8m.frontier.choice import choose
from yt8m.frontier.rows import rows_of
from yt8m.frontier.text import format_choice, format_frontier

OTHER = model("moe", (650, 631, 590), settings(1, kind="moe"))


def chosen(budget, models):
    return choose(rows_of(models), budget)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (900_000, ("vlad", "planned 900,000")),
        (1_099_999, ("vlad", "planned 900,000")),
        (1_100_000, ("vlad", "kmeans bits=4")),
        (10**9, ("moe", "float32")),
    ],
)
def test_the_highest_mean_gap_that_fits_is_chosen(budget, expected):
    row = chosen(budget, [*three_seeds(), OTHER]).row
    assert (row.model, row.encoding) == expected


def test_the_runner_up_is_another_model_and_close_within_a_deviation():
    found = chosen(1_100_000, [*three_seeds(), OTHER])
    assert (found.row.model, found.runner_up.model) == ("vlad", "moe")
    assert found.lead == pytest.approx(0.001) and found.is_close
    assert "either may be better" in format_choice(found, three_seeds())
    far = chosen(900_000, [*three_seeds(), OTHER])
    assert far.lead == pytest.approx(0.013) and not far.is_close


def test_without_repetitions_nothing_is_said_to_be_close():
    found = chosen(900_000, [model("vlad", (640, 630, 590.1)), OTHER])
    assert found.deviation is None and not found.is_close
    assert "nothing is known" in format_choice(found, [model("vlad", (640, 630, 590.1)), OTHER])


def test_a_budget_that_nothing_fits_names_the_smallest():
    with pytest.raises(ArtefactError, match=r"nothing fits 5 bytes; the smallest is vlad, planned"):
        chosen(5, three_seeds())
    with pytest.raises(ArtefactError, match="no model has been measured"):
        chosen(5, [])


def pasted(budget, models):
    """The final ensemble of a config with the printed entry, and what was printed."""
    text = format_choice(chosen(budget, models), models)
    entry = yaml.safe_load(text[text.index("run:") :])
    return entry, text


def test_the_entry_replaces_the_ensemble_and_names_the_best_seed():
    entry, text = pasted(1_100_000, three_seeds())
    final = entry["ensembles"]["final!"]
    assert entry["run"] == {"final": "final"}
    assert final["members"] == {"vlad_seed2": 1.0} and final["budget_bytes"] == 1_100_000
    assert [q["bits"] for q in final["compress"]["quantisers"]] == [4]
    assert "vlad_seed2 has the highest GAP" in text and "No other model fits." in text


def test_a_planned_point_keeps_all_encodings_and_float32_needs_no_plan():
    planned = pasted(900_000, three_seeds())[0]["ensembles"]["final!"]
    assert [q["bits"] for q in planned["compress"]["quantisers"]] == [2, 4]
    assert "recovery" not in planned["compress"]
    plain = pasted(10**9, three_seeds())[0]["ensembles"]["final!"]
    assert plain == {"members": {"vlad_seed3": 1.0}, "budget_bytes": 10**9, "stage": "ema"}


@pytest.mark.parametrize("budget", [900_000, 1_100_000, 10**9])
def test_the_entry_is_valid_beside_the_config_that_it_is_added_to(budget):
    entry, _ = pasted(budget, [model("vlad", (640, 630, 600))])
    before = config()
    both = {**before, "ensembles": {**before["ensembles"], **entry["ensembles"]}}
    both["run"] = {**before.get("run", {}), **entry["run"]}
    final = read_experiment(without_marks(both)).ensembles["final"]
    assert set(final.members) == {"vlad"} and final.budget_bytes == budget


def test_the_table_lists_the_frontier_the_smallest_first():
    text = format_frontier(rows_of([*three_seeds(), OTHER]))
    lines = [line.split() for line in text.splitlines()]
    assert [line[0] for line in lines[1:4]] == ["900,000", "1,100,000", "8,000,000"]
    assert lines[1][1:5] == ["0.6030", "0.0026", "3", "vlad"]
    assert "3 of 6 points are not dominated (2 models, 1 to 3 seeds each)" in text
