"""An ensemble with projections and names of classes, and files exported from it."""

import importlib.util

import numpy as np
import pytest

from tests.small import SCHEMA
from yt8m.projections.files import save_projections
from yt8m.projections.levels import Levels
from yt8m.projections.projection import Projection
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.exporting.export import Options, export
from yt8m.serving.preprocessing import GivenFiles

PACKAGES = {"onnx": ("tf2onnx", "onnxruntime"), "litert": ("ai_edge_litert",)}
NAMES = [f"Thing {number}, größer" for number in range(SCHEMA.classes)]


def skip_without(form):
    missing = [name for name in PACKAGES[form] if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: pip install -e '.[export]'")


def projections():
    """Of more values than records have, with another rounding for sound."""
    random = np.random.default_rng(4)
    axes = np.linalg.qr(random.normal(size=(64, 64)))[0][:, : SCHEMA.features["rgb"]]
    return {
        "rgb": Projection(
            "pca_whiten",
            width=64,
            levels=Levels(),
            mean=random.normal(size=64).astype("f4"),
            vectors=axes.astype("f4"),
            deviations=np.geomspace(5, 0.1, SCHEMA.features["rgb"]).astype("f4"),
        ),
        "audio": Projection(
            "scale",
            width=SCHEMA.features["audio"],
            levels=Levels(rounding="nearest"),
            mean=np.full(SCHEMA.features["audio"], 3, "f4"),
            deviations=np.full(SCHEMA.features["audio"], 0.5, "f4"),
        ),
    }


@pytest.fixture(scope="session")
def named(quantised, tmp_path_factory):
    """An ensemble's folder with projections and names of classes."""
    folder = tmp_path_factory.mktemp("named")
    save_projections(folder / "projections.safetensors", projections())
    rows = "".join(f'{number},"{name}"\n' for number, name in enumerate(NAMES))
    (folder / "names.csv").write_text(f"Index,Name\n{rows}")
    given = GivenFiles(folder / "projections.safetensors", None, folder / "names.csv")
    export_ensemble("named", {quantised["vlad"]: 1.0}, folder / "named", given=given)
    return folder / "named"


@pytest.fixture(scope="session")
def exported(named, tmp_path_factory):
    """(format, input) -> the file, as pages in docs/how-to name it; made when asked for."""
    made = {}

    def get(form, kind):
        if (form, kind) not in made:
            skip_without(form)
            stem = "raw" if kind == "raw" else "final"
            folder = tmp_path_factory.mktemp(f"{form}_{kind}")
            made[form, kind] = folder / f"{stem}.{ {'onnx': 'onnx', 'litert': 'tflite'}[form] }"
            export(named, form, made[form, kind], Options(kind))
        return made[form, kind]

    return get
