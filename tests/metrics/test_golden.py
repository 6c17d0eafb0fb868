"""The measures compared with those of the original evaluation."""

import numpy as np
import pytest

from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.gap import global_average_precision

SETS = ["metrics_c3862", "metrics_c50", "metrics_c50_zero_labels"]


@pytest.fixture(params=SETS)
def expected(request, golden):
    with np.load(golden(f"{request.param}.npz")) as file:
        return dict(file)


def test_all_measures_match_the_original(expected):
    classes, top_k = expected["predictions"].shape[2], int(expected["top_k"])
    metrics = Metrics(classes, top_k)
    for batch in zip(expected["predictions"], expected["labels"], expected["losses"], strict=True):
        metrics.add(*batch)
    result = metrics.result()
    assert result.gap == pytest.approx(float(expected["gap"]), rel=1e-9)
    assert result.map == pytest.approx(float(expected["map"]), rel=1e-9)
    assert result.perr == pytest.approx(float(expected["avg_perr"]), rel=1e-9)
    assert result.hit_at_one == pytest.approx(float(expected["avg_hit_at_one"]), rel=1e-6)
    assert result.loss == pytest.approx(float(expected["avg_loss"]), rel=1e-9)
    np.testing.assert_allclose(result.classes.average_precision, expected["aps"], rtol=1e-9)


def test_the_measures_of_single_batches_match_the_original(expected):
    top_k = int(expected["top_k"])
    for predictions, labels, batch, gap in zip(
        expected["predictions"],
        expected["labels"],
        expected["per_batch"],
        expected["per_batch_gap"],
        strict=True,
    ):
        metrics = Metrics(predictions.shape[1], top_k)
        metrics.add(predictions, labels)
        result = metrics.result()
        assert result.hit_at_one == pytest.approx(batch[0], rel=1e-6)
        assert result.perr == pytest.approx(batch[1], rel=1e-9)
        assert global_average_precision(predictions, labels, top_k) == pytest.approx(gap, rel=1e-9)
