"""Estimated bytes of variables, compared with those of real variables."""

import numpy as np
import pytest

from tests.quantisers import variants
from yt8m.compression.plan import quantise_weights
from yt8m.compression.storage import Encoded
from yt8m.config.steps import Quantisation
from yt8m.describing.budgets import stored_bytes, variable_bytes
from yt8m.describing.costs import Variable

SHAPES = {"large": (37, 31), "at_the_limit": (50, 20), "above_it": (1001,), "scalar": ()}
VARIANTS = {name: q for name, q in variants().items() if not name.startswith("kmeans-8")}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_quantiser_takes_the_estimated_bytes(name):
    settings = Quantisation(VARIANTS[name], min_elements=1000)
    random = np.random.default_rng(3)
    weights = {n: random.normal(size=s).astype(np.float32) for n, s in SHAPES.items()}
    stored = quantise_weights(
        {n: np.asarray(a) for n, a in weights.items()}, settings.quantiser, settings.min_elements
    )
    variables = [Variable(n, s, "float32") for n, s in SHAPES.items()]
    for variable in variables:
        value = stored[variable.path]
        encoded = isinstance(value, Encoded)
        assert encoded == (variable.path in ("large", "above_it"))
        found = variable_bytes(variable, settings)
        assert found == (value.size_bytes if encoded else value.nbytes), variable
    assert stored_bytes(variables, settings) == sum(variable_bytes(v, settings) for v in variables)


def test_only_floats_are_quantised():
    seed = Variable("seed", (5000,), "uint32")
    assert variable_bytes(seed, Quantisation(min_elements=10)) == 20000
