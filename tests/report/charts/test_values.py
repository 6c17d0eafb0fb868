from dataclasses import replace

import numpy as np
import pytest

from tests.report.charts.conftest import LONG, SIZES, TRIALS
from tests.report.charts.specs import compiled, layer, rows, spec_of, texts
from yt8m.calibration.summary_files import reliability_in
from yt8m.report.charts.budget import budget_figure
from yt8m.report.charts.frontier import frontier_figure, shown
from yt8m.report.charts.learning_curves import POINTS, learning_curves, thinned
from yt8m.report.charts.reliability import reliability_figure
from yt8m.report.charts.size_and_gap import size_against_gap
from yt8m.report.files import Curve
from yt8m.workflow.layout import FITTED


def graphs(content) -> dict:
    """(name, look) -> graph."""
    found = {(m.name, s): g for m in content.models.values() for s, g in m.stages.items()}
    looks = {"teacher": "ensemble", "final": "final"}
    return found | {(name, looks[name]): e for name, e in content.ensembles.items()}


def test_every_graph_is_drawn_at_its_bytes_and_gap(full, figures):
    expected = {
        key: (graph.size_bytes, pytest.approx(full.gap(graph), abs=1e-5))
        for key, graph in graphs(full).items()
    }
    spots = rows(spec_of(figures["size_and_gap"]), "spots")
    assert {(s["name"], s["stage"]): (s["bytes"], s["gap"]) for s in spots} == expected
    assert {s["label"] for s in spots} == {"", *full.models, *full.ensembles}
    found = rows(spec_of(figures["gap_by_stage"]), "rows")
    gaps = {key: gap for key, (_, gap) in expected.items()}
    assert {(r["name"], r["stage"]): r["gap"] for r in found} == gaps


@pytest.mark.parametrize("budget, drawn", [(None, 0), (100_000, 1), (10**9, 0), (10, 0)])
def test_a_budget_is_drawn_if_it_is_near_the_graphs(full, budget, drawn):
    content = replace(full, final=replace(full.final, budget_bytes=budget))
    spec = spec_of(size_against_gap(content))
    found = [each for each in spec["layer"] if each["name"] == "budget"]
    assert len(found) == drawn
    if drawn:
        assert rows(spec, "budget")[0]["bytes"] == budget


def test_curves_are_the_histories_of_all_models_one_stage_after_the_other(full, figures):
    for measure in ("loss", "gap"):
        spec = spec_of(figures[measure])
        found = rows(spec, "curves")
        assert {row["model"] for row in found} == set(full.models)
        for model in full.models.values():
            start = 0.0
            for stage in FITTED:
                own = [r for r in found if (r["model"], r["stage"]) == (model.name, stage)]
                history = model.histories[stage].batches
                expected = getattr(history, measure)
                assert [row[measure] for row in own] == pytest.approx(expected, rel=1e-3, abs=1e-4)
                assert [row["videos"] for row in own] == (history.videos + start).tolist()
                start += history.videos[-1]


def test_measurements_of_validation_are_drawn_and_the_kept_ones_marked(full, figures):
    spec = spec_of(figures["validation_gap"])
    found = rows(spec, "curves")
    assert {row["model"] for row in found} == {"vlad", "words"}
    for name, kept in (("vlad", [20 * 640, 60 * 640]), ("words", [40 * 640, 60 * 640])):
        own = [row for row in found if row["model"] == name]
        histories = [full.models[name].histories[stage].validation for stage in FITTED]
        gaps = [gap for history in histories for gap in history.gap]
        assert [row["gap"] for row in own] == pytest.approx(gaps, abs=1e-4)
        assert [row["videos"] for row in own if row["kept"]] == kept
    assert layer(spec, "kept")["transform"] == [{"filter": "datum.kept == 1"}]


def test_without_validation_there_are_no_figures_of_it(full):
    alone = full.models["vlad_student"]
    assert len(learning_curves(replace(full, models={"vlad_student": alone}))) == 2


def test_a_long_history_is_thinned_and_continues_where_the_last_one_ended():
    numbers = np.arange(1.0, 1001.0)
    thin = thinned(Curve(numbers, 1 / numbers, numbers / 1000), start=500.0)
    assert len(thin.videos) == POINTS
    assert 500 < thin.videos[0] < thin.videos[-1] < 1500
    assert np.all(np.diff(thin.loss) < 0)


def test_every_class_with_positives_is_a_dot_and_lines_are_means_of_groups(full, figures):
    spec = spec_of(figures["precision"])
    own = full.classes["final"]
    dots = rows(spec, "cloud")
    assert [dot["class"] for dot in dots] == np.flatnonzero(own.positives).tolist()
    for dot in dots:
        place = int(dot["class"])
        assert dot["name"] == own.names[place] and dot["positives"] == own.positives[place]
        assert dot["precision"] == pytest.approx(own.average_precision[place], abs=1e-4)
    groups = {}
    for positives, precision in zip(own.positives, own.average_precision, strict=True):
        if positives:
            groups.setdefault(int(positives).bit_length(), []).append(precision)
    expected = [
        (len(group), pytest.approx(sum(group) / len(group), abs=1e-4))
        for _, group in sorted(groups.items())
    ]
    means = [mean for mean in rows(spec, "means") if mean["graph"] == "final"]
    assert [(mean["classes"], mean["precision"]) for mean in means] == expected


def test_marks_lie_on_the_diagonal_if_probabilities_are_right():
    groups = [
        {"pairs": 32, "positives": 2 * g + 1, "probability": (g + 0.5) / 16} for g in range(16)
    ]
    groups[3]["pairs"] = groups[3]["positives"] = 0
    found = rows(spec_of(reliability_figure(reliability_in({"reliability": groups}))), "groups")
    assert len(found) == 15
    for row in found:
        assert row["share"] == pytest.approx(row["probability"], abs=1e-4)
    assert found[-1]["group"] == "0.9375 to 1" and found[-1]["positives"] == 31


def test_bars_are_made_of_all_bytes_with_the_colours_of_the_curves(full, figures):
    spec = spec_of(figures["member_bytes"])
    pieces = rows(spec, "pieces")
    for name, ensemble in full.ensembles.items():
        own = [piece for piece in pieces if piece["ensemble"] == name]
        assert [p["member"] for p in own] == [*ensemble.members, "the graph"]
        assert [p["start"] for p in own[1:]] == [p["end"] for p in own[:-1]]
        assert own[0]["start"] == 0 and own[-1]["end"] == ensemble.size_bytes
        assert sum(p["share"] for p in own) == pytest.approx(1, abs=1e-3)
    scales = [
        layer(each, name)["encoding"]["color"]["scale"]
        for each, name in ((spec, "pieces"), (spec_of(figures["loss"]), "curves"))
    ]
    bars, curves = (dict(zip(s["domain"], s["range"], strict=True)) for s in scales)
    assert bars[LONG] == curves[LONG] and bars["vlad"] == curves["vlad"] != bars[LONG]


def test_every_other_budget_is_a_mark_and_none_is_no_figure(full, figures):
    found = rows(spec_of(figures["budget"]), "trials")
    expected = {(t.encoding, t.size_bytes, t.gap) for t in TRIALS[1:]}
    assert {(r["stored"], r["bytes"], r["gap"]) for r in found} == expected
    assert rows(spec_of(figures["budget"]), "float32")[0]["gap"] == TRIALS[0].gap
    assert budget_figure(replace(full.final, trials=TRIALS[:1]), "validate") == ""


def test_axes_have_units_and_no_needless_digits(figures):
    words = texts(compiled(spec_of(figures["size_and_gap"])))
    assert {"50 kB", "100 kB", "200 kB", "0.90"} <= set(words)
    assert {"10k", "20k"} <= set(texts(compiled(spec_of(figures["loss"]))))
    assert {"0 B", "20 kB"} <= set(texts(compiled(spec_of(figures["member_bytes"]))))


def test_every_size_is_a_point_and_the_line_joins_those_that_nothing_beats(full, figures):
    spec = spec_of(figures["frontier"])
    points = {(r["stored"], r["bytes"], r["gap"]) for r in rows(spec, "points")}
    assert points == {(s.encoding, s.size_bytes, s.gap) for s in SIZES}
    assert [r["gap"] for r in rows(spec, "frontier")] == [0.7, 0.83]
    assert frontier_figure([], "validate") == ""


def test_thousands_of_sizes_are_not_all_drawn():
    many = [replace(SIZES[0], size_bytes=1000 + n, gap=0.5 - n / 10**5) for n in range(2000)]
    kept = shown(many)
    assert len(kept) == 1 + 1000 and kept[0] == many[0] and many[-1] not in kept
