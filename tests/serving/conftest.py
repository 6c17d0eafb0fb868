"""Models at a stage, their ensemble, and videos for them."""

import numpy as np
import pytest

from tests.serving.stages import WEIGHTS_OF, write_stage
from tests.small import write_dataset
from yt8m.artefacts import WEIGHTS
from yt8m.compression.quantisers import uniform
from yt8m.config.steps import Quantisation
from yt8m.data.records import Records
from yt8m.quantisation import quantise_stage
from yt8m.serving.ensemble import export_ensemble


@pytest.fixture(scope="session")
def stages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {name: write_stage(folder, name, i) for i, name in enumerate(WEIGHTS_OF)}


@pytest.fixture(scope="session")
def quantised(stages):
    found = {}
    for name, stage in stages.items():
        found[name] = stage.parent / "quantised"
        settings = Quantisation(uniform.Recipe(), min_elements=20)
        quantise_stage(stage / WEIGHTS, settings, found[name])
    return found


@pytest.fixture(scope="session")
def ensemble(quantised, tmp_path_factory):
    out = tmp_path_factory.mktemp("ensembles") / "teacher"
    export_ensemble("teacher", {quantised[n]: w for n, w in WEIGHTS_OF.items()}, out)
    return out


@pytest.fixture(scope="session")
def batch(tmp_path_factory):
    data = write_dataset(tmp_path_factory.mktemp("data"))
    return Records(data["validate"]).batch(np.arange(12))


@pytest.fixture(scope="session")
def both(quantised, ensemble, tmp_path_factory):
    """The same ensemble, decoded at load and in each call."""
    out = tmp_path_factory.mktemp("per_call") / "teacher"
    stages = {quantised[n]: w for n, w in WEIGHTS_OF.items()}
    export_ensemble("teacher", stages, out, decode="per_call")
    return {"at_load": ensemble, "per_call": out}
