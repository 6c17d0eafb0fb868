import itertools

import numpy as np
import pytest

from yt8m.report.axes import Scale, scale_around, tick_text
from yt8m.report.chain import chain, nodes_and_edges
from yt8m.report.curves import POINTS, _thinned
from yt8m.report.files import History
from yt8m.report.labels import place_labels
from yt8m.report.layout import layered
from yt8m.report.spelling import listed, percent, round_size, several, short, signed, size
from yt8m.report.steps import Change, base_of, combined, findings, summarised
from yt8m.report.svg import element, text_width
from yt8m.report.verdict import best_single

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "value, spelt",
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_600, "1.00 MB"),
    ],
)
def test_bytes_are_spelt_with_three_digits(value, spelt):
    assert size(value) == spelt.replace(" ", SPACE)


@pytest.mark.parametrize(
    "value, spelt",
    [(0.0041, "+0.0041"), (-0.0041, "−0.0041"), (0.00004, "±0.0000"), (-0.0, "±0.0000")],
)
def test_differences_have_a_sign_unless_they_round_to_nothing(value, spelt):
    assert signed(value) == spelt


def test_words_for_numbers():
    assert [percent(p) for p in (0.004, 0.12, 0.9921, 1.033)] == [
        f"{text}{SPACE}%" for text in ("0.4", "12", "99.2", "103.3")
    ]
    assert several(1, "class") == f"1{SPACE}class"
    assert several(1200, "class") == f"1,200{SPACE}classes"
    assert [short(n) for n in (5, 1500, 2e6)] == ["5", "1.5k", "2M"]
    assert [round_size(n) for n in (0, 2e6)] == [f"0{SPACE}bytes", f"2{SPACE}MB"]
    assert [listed(list(w)) for w in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize("low, high", [(0.81, 0.83), (0, 1), (3, 11_000), (-2, 7)])
def test_even_ticks_are_round_and_inside(low, high):
    scale = Scale(low, high, 0, 100)
    ticks = scale.ticks(5)
    assert 3 <= len(ticks) <= 8
    assert all(low <= t <= high for t in ticks)
    assert np.allclose(np.diff(ticks), ticks[1] - ticks[0])
    spelt = tick_text(scale)
    assert len({spelt(t) for t in ticks}) == len(ticks)


@pytest.mark.parametrize("low, high", [(3, 4000), (50e3, 450e3), (8e6, 1.3e9), (1, 1e9), (3.1, 4)])
def test_log_ticks_are_inside_and_rise(low, high):
    ticks = Scale(low, high, 0, 100, log=True).ticks(5)
    assert all(low <= t <= high for t in ticks)
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 11


def test_a_scale_around_one_value_has_room_on_both_sides():
    for log in (False, True):
        scale = scale_around([5.0, 5.0], 0, 100, log=log)
        assert scale.low < 5 < scale.high
        assert scale(5.0) == pytest.approx(50)


def test_labels_cover_neither_each_other_nor_marks():
    rng = np.random.default_rng(3)
    marks = [
        (x, y, f"model_{i}") for i, (x, y) in enumerate(rng.uniform(80, 520, (14, 2)).tolist())
    ]
    boxes = [(x - 6, y - 6, x + 6, y + 6) for x, y, _ in marks]
    placed = place_labels(marks, boxes, (0, 0, 600, 600))
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}
    for label in placed:
        width = text_width(label.words, 12)
        left = label.x - shift[label.anchor] * width
        boxes.append((left, label.y - 10.8, left + width, label.y + 2.4))
    for a, b in itertools.combinations(boxes[len(marks) :], 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) < 1e-6 or min(a[3], b[3]) - max(a[1], b[1]) < 1e-6


def test_crowded_labels_stay_inside_their_bounds():
    marks = [(100.0, 100.0, f"a_long_name_{i}") for i in range(12)]
    for label in place_labels(marks, [], (0, 0, 300, 300)):
        assert 0 <= label.x <= 300
        assert 0 <= label.y <= 300


def test_layers_run_from_left_to_right():
    sizes = dict.fromkeys("abcdef", (50.0, 20.0))
    edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "e"), ("d", "e"), ("d", "f")]
    layout = layered(sizes, edges, 30, 10)
    for a, b in edges:
        assert layout.places[a][0] + 50 < layout.places[b][0]
        route = layout.routes[a, b]
        assert route[0][0] == layout.places[a][0] + 50
        assert route[-1][0] == layout.places[b][0]
        assert [x for x, _ in route] == sorted(x for x, _ in route)
    assert layout.width == 4 * 50 + 3 * 30


def test_boxes_of_a_layout_do_not_overlap_and_no_edge_runs_through_one():
    names = [f"m{i}" for i in range(6)]
    sizes = dict.fromkeys(["data", *names, "mean", "end"], (60.0, 24.0))
    edges = [("data", n) for n in names] + [(n, "mean") for n in names]
    edges += [("mean", "end"), ("data", "end")]
    layout = layered(sizes, edges, 40, 12)
    boxes = {n: (x, y, x + 60, y + 24) for n, (x, y) in layout.places.items()}
    for a, b in itertools.combinations(boxes.values(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for x, y in layout.routes["data", "end"][1:-1]:
        assert not any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes.values())


def test_the_chain_goes_from_records_to_predictions(content):
    nodes, edges = nodes_and_edges(content)
    assert {
        ("records", "model vlad"),
        ("model vlad", "ensemble teacher"),
        ("ensemble teacher", "shards teacher"),
        ("shards teacher", "model vlad_student"),
        ("records", "model vlad_student"),
        ("model vlad_student", "ensemble final"),
        ("ensemble final", "predictions"),
    } <= set(edges)
    assert all(end in nodes for edge in edges for end in edge)
    assert "by teacher" in chain(content)


def test_a_summary_names_the_mean_the_best_and_the_worst():
    changes = [Change("a", 0.5, 0.51), Change("b", 0.5, 0.53), Change("c", 0.5, 0.49)]
    assert summarised(changes).replace(SPACE, " ") == (
        "by +0.0100 (mean of 3 models; best +0.0300 b, worst −0.0100 c)"
    )
    assert summarised(changes[:1]) == "by +0.0100 (a)"


def test_findings_say_what_the_numbers_say(content):
    found = findings(content)
    assert len(found) == 5
    gaps = {n: {s: content.gap(g) for s, g in m.stages.items()} for n, m in content.models.items()}
    mean = np.mean([g["ema"] - g["trained"] for g in gaps.values()])
    assert f"changed GAP by {signed(mean)}" in found[0]
    student, base = gaps["vlad_student"]["quantised"], gaps["vlad"]["quantised"]
    assert f"changed GAP by {signed(student - base)} (vlad_student)" in found[4]


def test_a_student_is_compared_with_the_model_of_its_recipe(content):
    assert base_of(content, content.models["vlad_student"]).name == "vlad"


def test_an_ensemble_is_compared_with_its_members_at_the_stage_it_holds(content):
    teacher = next(c for c in combined(content) if c.ensemble.name == "teacher")
    assert content.ensembles["teacher"].stages == {"vlad": "quantised", "words": "quantised"}
    assert teacher.members["vlad"] == content.gap(content.models["vlad"].stages["quantised"])
    assert teacher.best == "words"


def test_the_best_single_model_has_the_highest_gap(content):
    _, best = best_single(content)
    assert content.gap(best) == max(
        content.gap(g) for m in content.models.values() for g in m.stages.values()
    )


def test_a_long_history_is_thinned_and_goes_on_where_the_last_one_ended():
    rows = np.arange(1.0, 1001.0)
    thin = _thinned(History(rows, 1 / rows, rows / 1000), start=500.0)
    assert len(thin.videos) == POINTS
    assert 500 < thin.videos[0] < thin.videos[-1] < 1500
    assert np.all(np.diff(thin.loss) < 0)


def test_an_element_escapes_what_it_is_given():
    assert (
        element("text", "a < b", x=1.0, class_='"') == '<text x="1" class="&#34;">a &lt; b</text>'
    )
    assert element("g", element("line", x1=0.25)) == '<g><line x1="0.2"/></g>'
