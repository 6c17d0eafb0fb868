from yt8m.report.chain import chain, nodes_and_edges


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
