"""Saved graphs, loaded without TensorFlow's Python and with it."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from yt8m.artefacts import GRAPH, read_ensemble
from yt8m.data.schema import Batch
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.runtime import devices
from yt8m.serving import saved_graph
from yt8m.serving.graph import load_graph


@pytest.mark.parametrize("decode", ["at_load", "per_call"])
def test_both_ways_predict_the_same_bits(decode, both, batch, monkeypatch):
    by_library = load_graph(both[decode])
    monkeypatch.setattr(saved_graph, "library_file", lambda: None)
    by_python = load_graph(both[decode])
    floats = batch.frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)
    for frames in (batch.frames, floats, batch.frames[:, :1]):
        given = Batch(batch.ids, frames, batch.num_frames, batch.labels)
        np.testing.assert_array_equal(by_library.predict(given), by_python.predict(given))


def test_python_is_used_where_there_may_be_a_gpu(ensemble, monkeypatch, tmp_path):
    used = []
    for name in ("_by_python", "_by_library"):
        monkeypatch.setattr(saved_graph, name, lambda *_, name=name: used.append(name))
    monkeypatch.setattr(devices, "DRIVER", tmp_path)
    for gpus in (None, 1, 0):
        monkeypatch.setattr(devices, "_chosen", devices.Devices(gpus=gpus))
        saved_graph.load_saved_graph(ensemble / GRAPH, read_ensemble(ensemble))
    assert used == ["_by_python", "_by_python", "_by_library"]


IMPORTED = """
import json, sys
from yt8m.cli import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def imported_by(*arguments):
    """Packages that a command imports, in a process of its own."""
    environment = {n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def commands(ensemble, folder):
    records = folder / "validate.json"
    state = ("--state", folder / "state")
    metrics = ("--classes-out", folder / "classes.parquet", "--out", folder / "metrics.json")
    soft = ("--shards", "0", *state, "--out", folder / "soft")
    return {
        "predict": (
            "predict",
            ensemble,
            "--records",
            records,
            *state,
            "--out",
            folder / "p.parquet",
        ),
        "evaluate": ("evaluate", ensemble, "--records", records, *metrics),
        "distil": ("distil", ensemble, "--records", records, *soft),
        "label": ("label", ensemble, folder / "video.npy", "--out", folder / "labels.csv"),
    }


@pytest.mark.parametrize("name", ["predict", "evaluate", "distil", "label"])
def test_commands_that_only_predict_by_an_ensemble_import_no_tensorflow(
    name, ensemble, batch, tmp_path
):
    from tests.small import write_dataset
    from yt8m.data.manifest import write_manifest

    write_manifest(write_dataset(tmp_path)["validate"], tmp_path / "validate.json")
    np.save(tmp_path / "video.npy", batch.frames[0])
    found = imported_by(*commands(ensemble, tmp_path)[name])
    assert not found & {"tensorflow", "keras", "pandas"}
