"""Records, and a model that was trained on them."""

import pytest

from tests.small import write_dataset, write_model_config
from yt8m.training.run import train


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
