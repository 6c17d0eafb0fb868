import itertools

from yt8m.report.charts.layout import layered


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
