"""Interrupted runs that keep their best weights end as if they had not been interrupted."""

from dataclasses import replace

import pytest

from tests.training.runs import best_step, digest, gaps_of, interrupt_after
from yt8m.data.records import Records
from yt8m.outputs.evaluation import evaluate
from yt8m.serving.graph import load_graph
from yt8m.training.run import average, train

pytestmark = pytest.mark.slow  # each trains, is stopped and trains again


@pytest.mark.parametrize("place", ["before the best", "at the best", "after the best"])
def test_a_run_that_keeps_the_best_resumes_bit_for_bit(
    data, sample, best, tmp_path, monkeypatch, place
):
    folder, config = best
    step = best_step(folder) + {"before the best": -3, "at the best": 0, "after the best": 3}[place]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(step, patch)
        train(config, data["train"], tmp_path / "a", tmp_path / "s", sample=sample)
    assert len(list((tmp_path / "s").glob("*/state.safetensors"))) == 1
    train(config, data["train"], tmp_path / "a", tmp_path / "s", sample=sample)
    assert digest(tmp_path / "a") == digest(folder) and not (tmp_path / "s").exists()
    assert gaps_of(tmp_path / "a") == gaps_of(folder)


def test_averages_are_kept_at_their_best_and_resume_bit_for_bit(
    data, sample, best, tmp_path, monkeypatch
):
    folder, config = best
    config = replace(config, ema=replace(config.ema, epochs=2, learning_rate=0.05))
    start = folder / "weights.safetensors"
    average(config, start, data["train"], tmp_path / "a", tmp_path / "s", sample=sample)
    gaps = gaps_of(tmp_path / "a")
    found = evaluate(load_graph(tmp_path / "a"), Records(data["validate"]), 10).result()
    assert found.gap == pytest.approx(max(gaps.values()), abs=1e-6)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(best_step(tmp_path / "a") + 1, patch)
        average(config, start, data["train"], tmp_path / "b", tmp_path / "s", sample=sample)
    average(config, start, data["train"], tmp_path / "b", tmp_path / "s", sample=sample)
    assert digest(tmp_path / "b") == digest(tmp_path / "a")
