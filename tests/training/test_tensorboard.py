"""What TensorBoard reads from the events of a run."""

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
from tensorboard.util.tensor_util import make_ndarray

from tests.training.runs import best_step, gaps_of
from yt8m.training.tensorboard import flat


@pytest.fixture(scope="module")
def events(best):
    found = EventAccumulator(str(best[0].parent / "events"), size_guidance={"tensors": 0})
    found.Reload()
    return found


def scalars(events, tag: str) -> dict[int, float]:
    """Step -> value."""
    found = events.Tensors(tag)
    return {event.step: float(make_ndarray(event.tensor_proto)) for event in found}


def test_measurements_are_in_a_group_and_those_of_the_kept_weights_beside_them(best, events):
    gaps = gaps_of(best[0])
    assert scalars(events, "validation/gap") == pytest.approx(gaps, rel=1e-6)
    kept = {best_step(best[0]): max(gaps.values())}
    assert scalars(events, "kept/validation_gap") == pytest.approx(kept, rel=1e-6)
    assert "loss" in events.Tags()["tensors"]


def test_the_settings_of_a_model_are_a_session_of_the_tab_hparams(events):
    stored = events.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    session = metadata.parse_session_start_info_plugin_data(stored)
    settings = {
        name: getattr(value, value.WhichOneof("kind")) for name, value in session.hparams.items()
    }
    assert session.group_name == "train vlad"
    expected = {"model": "vlad", "phase": "train", "recipe.kind": "netvlad", "recipe.clusters": 4}
    expected |= {"training.learning_rate": 0.01, "training.validate.keep": "best"}
    assert expected.items() <= settings.items()


def test_settings_are_flat_and_without_nulls():
    assert flat({"a": {"b": 1, "c": [2, 3]}, "d": None, "e": True}) == {
        "a.b": 1,
        "a.c": "[2, 3]",
        "e": True,
    }
