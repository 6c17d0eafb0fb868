from yt8m.report.verdict import best_single


def test_the_best_single_model_has_the_highest_gap(content):
    _, best = best_single(content)
    assert content.gap(best) == max(
        content.gap(g) for m in content.models.values() for g in m.stages.values()
    )
