"""Graphs whose files are damaged: refused in one line that names the folder, or unaffected."""

import json
import subprocess
import sys

import pytest

from tests.contracts.test_models import SCHEMA, small
from tests.serving.stages import write_kind
from yt8m.artefacts import GRAPH
from yt8m.recipes import recipe_class
from yt8m.serving.ensemble import export_ensemble

TRY_ALL = """
import json, shutil, sys
from pathlib import Path
import numpy as np
from yt8m.errors import ArtefactError
from yt8m.serving.exporting.videos import made_up_videos
from yt8m.serving.graph import load_graph
folder, file, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
whole, random = (folder / "graph" / file).read_bytes(), np.random.default_rng(5)
def predicted():
    graph = load_graph(folder)
    return graph.predict(next(made_up_videos(graph.schema)))
expected, found = predicted(), dict(refused=0, equal=0, other=0, odd=[])
def attempt(damaged):
    if damaged is None: (folder / "graph" / file).unlink()
    else: (folder / "graph" / file).write_bytes(damaged)
    try:
        found["equal" if np.array_equal(predicted(), expected) else "other"] += 1
    except ArtefactError as error:
        found["refused"] += 1
        named = str(error).startswith((str(folder), "x: cannot predict"))
        if "\\n" in str(error) or not named: found["odd"].append(str(error))
for _ in range(number):
    place, bit = divmod(int(random.integers(8 * len(whole))), 8)
    attempt(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
for share in (0, 0.01, 0.5, 0.99): attempt(whole[: int(share * len(whole))])
attempt(whole[:-1]); attempt(whole + b"x"); attempt(bytes(len(whole))); attempt(None)
print(json.dumps(found))
"""


@pytest.fixture
def folder(tmp_path):
    """An ensemble of one small logistic model."""
    recipe = small(recipe_class("yt8m.models", "logistic", "")())
    stage = write_kind(tmp_path / "stage", "logistic", recipe, SCHEMA)
    export_ensemble("x", {stage: 1.0}, tmp_path / "x")
    return tmp_path / "x"


FILES = {
    "saved_model.pb": 50,
    "variables/variables.index": 30,
    "variables/variables.data-00000-of-00001": 20,
    "fingerprint.pb": 5,
}


@pytest.mark.parametrize("file", FILES)
def test_damage_is_refused_in_one_line_or_harmless(file, folder):
    """In a separate process, which must neither crash nor hang."""
    assert (folder / GRAPH / file).exists()
    done = subprocess.run(
        [sys.executable, "-c", TRY_ALL, str(folder), file, str(FILES[file])],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["odd"] == []
    if file.startswith("variables"):  # TensorFlow has checksums of these
        assert found["other"] == 0 and found["refused"] >= 5
