import pytest

from tests.comparison.fabricated import config, fabricate

GRID = {"clusters": [8, 16, 32], "training.learning_rate": [1e-3, 3e-3]}


@pytest.fixture(scope="session")
def grid(tmp_path_factory):
    """A run with a grid of 3 x 2 settings and two seeds each, besides their base."""
    folder = tmp_path_factory.mktemp("grid") / "results"
    return fabricate(folder, config(variants={"of": "vlad", "grid": GRID, "seeds": 2}))
