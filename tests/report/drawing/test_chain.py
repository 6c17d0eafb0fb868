from dataclasses import replace

from yt8m.report.drawing.chain import Node, _box, chain, nodes_and_edges


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


def test_the_chain_names_the_rules_that_made_it(content):
    page = chain(content)
    for rules in ("manifest", "train → ema → quantise", "distil", "predict → submit"):
        assert f">{rules}<" in page
    ensemble = content.final
    planned = replace(content, final=replace(ensemble, plan=object()), ensembles={})
    planned = replace(planned, ensembles={**content.ensembles, ensemble.name: planned.final})
    assert ">plan → compress → ensemble<" in chain(planned)


def test_a_box_has_room_for_its_text():
    for characters in range(10, 26):
        words = "x" * characters
        box = Node("x", words, "base", ())
        assert words in _box(box, 0.0, 0.0, box.width).split("</title>")[1]
