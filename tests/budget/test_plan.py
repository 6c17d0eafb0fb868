"""Plans: choices, sizes, and the refusal of budgets that are too small."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from yt8m.budget.allocation import Option
from yt8m.budget.encodings import encoding_name
from yt8m.budget.plan import PLAN_FORMAT, Absence, Choice, Plan, read_plan, write_plan
from yt8m.budget.table import format_plan
from yt8m.compression.encode import encode
from yt8m.compression.plan import quantise_weights
from yt8m.compression.quantisers import uniform
from yt8m.compression.storage import decode
from yt8m.config.compression import Compression
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.recipes import read_settings
from yt8m.report.budget import budget_finding

WIDE = Option("uniform bits=8", 100, 2.0)
EIGHT = {"kind": "uniform", "bits": 8}
OPTIONS = (Option("uniform bits=8", 100, 0.5), Option("float32", 400, 0.0))
PLAN = Plan(
    name="final",
    budget_bytes=1000,
    weights={"a": 0.7, "b": 0.3},
    digests={"a": "1", "b": "2"},
    rest_bytes={"a": 10, "b": 20},
    overhead_bytes=70,
    decoding_bytes=0,
    videos=5,
    choices=(
        Choice("a", "kernel", (10, 10), (EIGHT, None), OPTIONS),
        Choice("b", "kernel", (10, 10), (EIGHT, None), (WIDE, OPTIONS[1])),
    ),
    absences=(Absence(("a",), 0.3), Absence(("b",), 4.0)),
)


def test_bytes_are_spent_where_they_reduce_the_loss_most():
    assert [c.option.name for c in PLAN.within(600).choices] == ["uniform bits=8", "float32"]
    assert PLAN.within(600).size_bytes == 70 + 30 + 100 + 400
    assert PLAN.within(600).predicted == 0.5
    assert PLAN.within(900).predicted == 0


def test_a_plan_says_how_each_variable_is_stored():
    plan = PLAN.within(600)
    assert plan.quantisers_of("a") == {"kernel": uniform.Recipe(bits=8)}
    assert plan.quantisers_of("b") == {"kernel": None}


def test_codebooks_per_column_are_chosen_if_columns_differ_in_scale():
    """Levels for the large columns would turn the small ones into zeros."""
    rng = np.random.default_rng(0)
    even = rng.normal(size=(300, 4)).astype(np.float32)
    weights = {"wide": even * np.float32([1, 10, 100, 1000]), "even": even}
    entries = [{"kind": "kmeans", "bits": 4}, {"kind": "kmeans", "bits": 4, "codebooks": "columns"}]
    settings = read_settings(Compression, {"quantisers": entries}, "compress")

    def option(values, encoding):
        encoded = encode("v", values, encoding)
        error = np.square((decode(encoded) - values) / values.std(axis=0)).mean()
        return Option(encoding_name(encoding), encoded.size_bytes, float(error))

    choices = [
        Choice("a", path, v.shape, (*entries, None), (*options, Option("float32", v.nbytes, 0.0)))
        for path, v in weights.items()
        for options in [[option(v, encoding) for encoding in settings.quantisers]]
    ]
    plan = replace(PLAN, choices=tuple(choices))
    plan = plan.within(plan.fixed_bytes + sum(c.options[0].size_bytes for c in choices) + 200)
    chosen = [choice.option.name for choice in plan.choices]
    assert chosen == ["kmeans bits=4 codebooks=columns", "kmeans bits=4"]
    stored = quantise_weights(weights, own=plan.quantisers_of("a"))
    assert stored["wide"].arrays["codebook"].shape == (1, 4, 16)
    assert stored["even"].arrays["codebook"].shape == (16,)


def test_a_budget_that_is_too_small_is_refused_with_the_least_that_fits():
    with pytest.raises(ArtefactError) as error:
        PLAN.within(200)
    assert "needs at least 300 bytes, but budget_bytes is 200" in str(error.value)
    assert "a would fit" in str(error.value)
    table = [" ".join(line.split()) for line in str(error.value).splitlines()]
    assert table[1:] == ["a 110", "b 120", "the graph itself 70"]


def test_projections_in_the_graph_are_named_if_the_budget_is_too_small(tmp_path):
    plan = replace(PLAN, raw_bytes=50)
    with pytest.raises(ArtefactError, match=r"or set `raw: false`; a would fit") as error:
        plan.within(200)
    table = [" ".join(line.split()) for line in str(error.value).splitlines()]
    assert table[3:] == ["the graph itself 20", "projections 50"]
    for each in (PLAN, plan):
        write_plan(tmp_path / "plan.json", each)
        assert read_plan(tmp_path / "plan.json") == each
    write_plan(tmp_path / "plan.json", PLAN)
    assert "raw_bytes" not in (tmp_path / "plan.json").read_text()


def test_if_not_all_members_fit_those_that_lose_least_are_kept():
    """b alone: 0.3 for a's absence, 2.0 / 0.3 ** 2 for its bits; a: 4.0 and 0.5 / 0.7 ** 2."""
    plan = PLAN.fitting(200)
    assert plan.weights == {"a": 1.0}
    assert [choice.member for choice in plan.choices] == ["a"]
    assert plan.predicted == pytest.approx(4.0 + 0.5 / 0.49)
    assert plan.size_bytes == 70 + 10 + 100


def test_a_member_is_left_out_if_the_others_gain_more_from_its_bytes():
    """Both in 8 bits lose 2.5; b alone fits as float32, and loses 0.3."""
    plan = PLAN.fitting(500)
    assert plan.weights == {"b": 1.0} and plan.predicted == 0.3
    assert [choice.option.name for choice in plan.choices] == ["float32"]


def test_all_members_are_kept_if_leaving_one_out_gains_nothing():
    assert PLAN.fitting(900) == PLAN.within(900)


def test_a_plan_read_back_is_the_same(tmp_path):
    write_plan(tmp_path / "plan.json", replace(PLAN, measured=0.25))
    assert read_plan(tmp_path / "plan.json") == replace(PLAN, measured=0.25)


@pytest.mark.parametrize(("name", "budget"), [("another", PLAN.budget_bytes), (PLAN.name, 7)])
def test_the_plan_of_another_ensemble_is_refused(tmp_path, name, budget):
    path = tmp_path / "plan.json"
    write_plan(path, PLAN)
    assert read_plan(path, PLAN.name, PLAN.budget_bytes) == PLAN
    message = rf"plan\.json: is the plan of {PLAN.name} within .*, not of {name} within {budget};"
    with pytest.raises(ArtefactError, match=message):
        read_plan(path, name, budget)


@pytest.mark.parametrize("content", [[], {}, {"format": 7}, {"format": PLAN_FORMAT, "choices": []}])
def test_a_file_that_is_not_a_plan_is_refused_by_name(tmp_path, content):
    write_json(tmp_path / "plan.json", content)
    with pytest.raises(
        ArtefactError, match=r"plan.json: .*(is not a (valid )?plan|expected|is missing)"
    ):
        read_plan(tmp_path / "plan.json")


def test_the_table_lists_every_choice_and_the_totals():
    text = format_plan(replace(PLAN.within(600), measured=0.4))
    assert "600 of 600 bytes" in text
    assert "0.5 summed over the variables, 0.4 measured together" in text
    assert [line.split()[0] for line in text.splitlines()[1:3]] == ["a", "b"]


def test_a_budget_with_room_for_floats_says_that_nothing_is_quantised():
    """In the table of the command, and in the report's sentence."""
    roomy = replace(PLAN.within(10**9), measured=0.0)
    assert roomy.coded == 0
    assert "all variables stay float32, since they fit the budget" in format_plan(roomy)
    ensemble = SimpleNamespace(name="final", plan=roomy)
    assert "since they fit its budget" in budget_finding(ensemble)
    smaller = replace(PLAN.within(roomy.size_bytes - 1), measured=0.0)
    assert smaller.coded > 0
    assert "stay float32" not in format_plan(smaller)
    assert "since they fit its budget" not in budget_finding(
        SimpleNamespace(name="f", plan=smaller)
    )
