"""Records, and a model that was trained on them."""

import pytest

from tests.small import write_dataset, write_model_config
from tests.training.runs import validated
from yt8m.training.run import train
from yt8m.training.sample import Sample


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def folder(data):
    """The folder of the manifests."""
    return data["train"].shards[0].path.parent.parent


@pytest.fixture(scope="session")
def trained(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained")
    config = write_model_config(out, "vlad")
    train(config, data["train"], out / "a", out / "state", tensorboard=out / "events")
    return out


@pytest.fixture(scope="session")
def sample(data):
    """All videos of the split for validation."""
    return Sample(data["validate"], 1000, 10)


@pytest.fixture(scope="session")
def best(data, sample, tmp_path_factory):
    """A run that is long enough to overfit and keeps the best weights; and its config."""
    folder = tmp_path_factory.mktemp("best")
    config = validated(write_model_config(folder, "vlad", epochs=4), keep="best")
    events = folder / "events"
    train(config, data["train"], folder / "a", folder / "s", tensorboard=events, sample=sample)
    return folder / "a", config
