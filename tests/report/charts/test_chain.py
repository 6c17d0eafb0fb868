from dataclasses import replace

from tests.report.charts.specs import rows, spec_of
from yt8m.report.charts.chain import chain
from yt8m.report.charts.dependencies import nodes_and_edges


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
    spec = spec_of(chain(content))
    assert {row["node"] for row in rows(spec, "boxes")} == set(nodes)
    assert {(row["from"], row["to"]) for row in rows(spec, "edges")} == set(edges)


def test_an_edge_runs_from_the_side_of_a_box_to_the_side_of_another(content):
    spec = spec_of(chain(content))
    boxes = {row["node"]: row for row in rows(spec, "boxes")}
    points = rows(spec, "edges")
    for start, end in {(row["from"], row["to"]) for row in points}:
        own = [row for row in points if (row["from"], row["to"]) == (start, end)]
        assert own[0]["x"] == boxes[start]["right"] and own[-1]["x"] == boxes[end]["x"]
        for point, box in ((own[0], boxes[start]), (own[-1], boxes[end])):
            assert box["y"] < point["y"] < box["bottom"]


def test_the_chain_names_the_rules_that_made_it(content):
    made = {row["rules"] for row in rows(spec_of(chain(content)), "rules_words")}
    assert {"manifest", "train → ema → quantise", "distil", "predict → submit"} <= made
    ensemble = content.final
    planned = replace(content, final=replace(ensemble, plan=object()), ensembles={})
    planned = replace(planned, ensembles={**content.ensembles, ensemble.name: planned.final})
    boxes = {row["node"]: row for row in rows(spec_of(chain(planned)), "boxes")}
    assert boxes["ensemble final"]["made"] == "plan → compress → ensemble"
