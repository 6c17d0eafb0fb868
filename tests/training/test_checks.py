"""Settings of training that are refused before anything runs."""

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.errors import ConfigError


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"micro_batches": 3}, "^training.micro_batches: is 3; must divide batch_size, 10"),
        ({"micro_batches": 20}, "^training.micro_batches: is 20; must divide batch_size, 10"),
        ({"micro_batches": 0}, "^training.micro_batches: is 0; 1 or more"),
        ({"micro_batches": 2.5}, "^training.micro_batches: is 2.5; expected a whole number"),
        ({"loss": "hing"}, "^training.loss: is 'hing'; expected one of 'cross_entropy', 'hinge'"),
        (
            {"loss": "hinge"},
            "models.student.training.loss: is hinge; must be cross_entropy",
        ),
    ],
)
def test_an_invalid_setting_is_refused_with_its_path(training, message):
    with pytest.raises(ConfigError, match=message):
        read_experiment(config(**training))


def test_a_models_entry_keeps_its_loss_and_its_parts():
    words = config(micro_batches=5)
    words["models"] = {**words["models"], "other": {"kind": "logistic", "training": {}}}
    words["models"]["other"]["training"] = {"loss": "softmax"}
    training = read_experiment(words).models["other"].entry()["training"]
    assert (training["loss"], training["micro_batches"]) == ("softmax", 5)
