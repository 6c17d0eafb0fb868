"""What an ensemble of one's own features or videos keeps beside its graph."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.own_features import (
    EXTRACTION,
    NAMES,
    WIDTHS,
    fitted,
    raw_videos,
    records_of,
    write_given,
    write_linear,
)
from tests.serving.test_stranger import WITHOUT_US
from tests.small import SCHEMA
from yt8m.artefacts import BESIDE, ENSEMBLE, GRAPH, LABELS, PROJECTIONS, read_ensemble
from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.projections.files import save_projections
from yt8m.serving.archive import write_archive
from yt8m.serving.archive_reader import unpacked
from yt8m.serving.contents import read_whole_ensemble
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.graph import load_graph
from yt8m.serving.importing import import_ensemble, imported_files
from yt8m.serving.preprocessing import NOTHING, GivenFiles, read_names, read_preprocessing
from yt8m.serving.raw_features import raw_bytes
from yt8m.serving.size import measure

PAGE = (Path(__file__).parents[2] / "docs/reference/graph-signatures.md").read_text()


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    return write_given(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return write_linear(tmp_path_factory.mktemp("models") / "linear")


@pytest.fixture(scope="module")
def made(stage, given, tmp_path_factory):
    """The folder of an ensemble whose graph takes the extractors' values."""
    out = tmp_path_factory.mktemp("own") / "final"
    export_ensemble("final", {stage: 1.0}, out, given=given)
    return out


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "final")


def same(found):
    """Whether this is the preprocessing of `write_given`."""
    extraction = json.loads(found.extraction_file.read_text())
    digests = {name: each.digest for name, each in found.projections.items()}
    expected = {name: each.digest for name, each in fitted().items()}
    return digests == expected and extraction == EXTRACTION and [*digests] == [*SCHEMA.features]


def test_a_folder_and_its_archive_hold_the_preprocessing_and_the_names(made, given, tmp_path):
    assert same(read_preprocessing(made)) and read_names(made) == NAMES
    write_archive(made, tmp_path / "final.tar.gz", label_names=given.label_names)
    with unpacked(tmp_path / "final.tar.gz") as folder:
        assert same(read_preprocessing(folder)) and read_names(folder) == NAMES
        assert all((folder / f).read_bytes() == (made / f).read_bytes() for f in BESIDE)
        page = (folder / "README.md").read_text()
    write_archive(made, tmp_path / "again.tar.gz")  # the folder's own names
    packed = [(tmp_path / f"{name}.tar.gz").read_bytes() for name in ("final", "again")]
    assert packed[0] == packed[1]
    assert "| rgb | 30 | pca_whiten | 24 | -2 to 2 | floor |" in page
    assert "- Sound: `log_mel`, digest of its weights and settings `2222222222222222`" in page
    assert "four signatures" in page and "- `audio`, float32 `[B, T, 8]`" in page


def test_a_stranger_predicts_from_raw_features_by_the_cards_example(made, given, tmp_path):
    """With TensorFlow alone; the predictions are those of the records."""
    write_archive(made, tmp_path / "final.tar.gz")
    shutil.unpack_archive(tmp_path / "final.tar.gz", tmp_path)
    page = (tmp_path / "final/README.md").read_text()
    (code,) = [c for c in re.findall(r"```python\n(.*?)```", page, re.S) if '"raw"' in c]
    signatures = "import json\nsigned = {name: [\n"
    signatures += "  {k: [t.dtype.name, t.shape.as_list()] for k, t in tensors.items()}\n"
    signatures += "  for tensors in (f.structured_input_signature[1], f.structured_outputs)]\n"
    signatures += "  for name, f in graph.signatures.items()}\nprint(json.dumps(signed))\n"
    (tmp_path / "example.py").write_text(f"{code}{signatures}")
    values = raw_videos(1, 7)
    for name, one in values.items():
        np.save(tmp_path / f"{name}.npy", one[0].astype(np.float64))
    done = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_US, "example.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *printed, signed = done.stdout.splitlines()
    found = np.array(" ".join(printed).strip("[]").split(), np.float32)
    frames = records_of(values)
    batch = Batch(["a"], frames, np.array([7], np.int32), np.zeros((1, 6), bool))
    np.testing.assert_allclose(found, load_graph(made).predict(batch)[0], atol=1e-4)
    length, floats = {"num_frames": ["int32", [None]]}, ["float32", [None, 6]]
    raw = {name: ["float32", [None, None, width]] for name, width in WIDTHS.items()} | length
    assert json.loads(signed) == {
        "serving_default": [{"frames": ["uint8", [None, None, 32]]} | length, {"output_0": floats}],
        "floats": [{"frames": ["float32", [None, None, 32]]} | length, {"output_0": floats}],
        "raw": [raw, {"predictions": floats}],
        "records": [
            {"records": ["string", [None]]},
            {
                "ids": ["string", [None]],
                "classes": ["int32", [None, 6]],
                "scores": ["float32", [None, 6]],
            },
        ],
    }


@pytest.mark.parametrize("file", BESIDE)
@pytest.mark.parametrize("change", ["swapped", "removed"])
def test_a_file_of_another_ensemble_is_refused_like_another_graph(copy, tmp_path, file, change):
    other = write_given(tmp_path / "other", 1, NAMES[::-1], {"images_digest": "3" * 16})
    files = dict(zip(BESIDE, (other.label_names, other.projections, other.extraction), strict=True))
    if change == "swapped":
        shutil.copy(files[file], copy / file)
    else:
        (copy / file).unlink()
    message = f"{re.escape(str(copy / file))}: (had other content|is missing)"
    readers = [read_whole_ensemble, load_graph, read_preprocessing]
    for read in readers:
        with pytest.raises(ArtefactError, match=message):
            read(copy)
    with pytest.raises(ArtefactError, match=message):
        import_ensemble("mine", copy, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_the_page_on_serving_lists_each_signature(made):
    graph = tf.saved_model.load(str(made / GRAPH))
    for name, function in graph.signatures.items():
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
        for tensors in (function.structured_input_signature[1], function.structured_outputs):
            for tensor, spec in tensors.items():
                typed = rf"`{tensor}`[^;]*?\b{spec.dtype.name}\b"
                assert re.search(typed, row), (name, tensor)


def test_projections_that_make_other_records_are_refused(tmp_path):
    narrow = fitted()["audio"]
    save_projections(tmp_path / "p.safetensors", {"rgb": fitted()["rgb"]})
    with pytest.raises(ArtefactError, match=r"p\.safetensors: the projections make rgb 24 .*audio"):
        GivenFiles(tmp_path / "p.safetensors").preprocessing(SCHEMA)
    wide = replace(narrow, levels=replace(narrow.levels, high=5.0))
    save_projections(tmp_path / "p.safetensors", fitted() | {"audio": wide})
    with pytest.raises(ArtefactError, match=r"audio 8 in \[-2, 5\]"):
        GivenFiles(tmp_path / "p.safetensors").preprocessing(SCHEMA)


def test_ensembles_of_given_records_have_no_preprocessing_nor_that_of_an_earlier_one(copy, stage):
    export_ensemble("final", {stage: 1.0}, copy)
    assert {p.name for p in copy.iterdir()} == {ENSEMBLE, GRAPH}
    for folder in (copy, stage):
        assert read_preprocessing(folder) is None and read_names(folder) is None
    assert not {"beside", "preprocessing", "raw_bytes"} & set(read_ensemble(copy))
    assert not hasattr(tf.saved_model.load(str(copy / GRAPH)), "predict_raw")
    assert "raw_bytes" not in measure(copy, None)


def test_without_raw_the_graph_is_smaller_but_the_preprocessing_is_kept(
    made, stage, given, tmp_path
):
    export_ensemble("final", {stage: 1.0}, tmp_path / "final", given=given, raw=False)
    assert same(read_preprocessing(tmp_path / "final"))
    assert not hasattr(tf.saved_model.load(str(tmp_path / "final" / GRAPH)), "predict_raw")
    large, small = measure(made, None), measure(tmp_path / "final", None)
    size = raw_bytes(fitted())
    assert size == 4 * (30 + 30 * 24 + 24 + 8 + 8) == large["raw_bytes"]
    assert size < large["graph_bytes"] - small["graph_bytes"] < size + 80_000
    with pytest.raises(ArtefactError, match=rf"of which {size:,} are projections, which `raw: f"):
        measure(made, small["size_bytes"])
    fingerprints = [fingerprint(read_ensemble(folder)) for folder in (made, tmp_path / "final")]
    assert fingerprints[0] == fingerprints[1]


def test_other_projections_change_the_digest_but_not_the_teacher(made, tmp_path):
    def after(given):
        preprocessing = given.preprocessing(SCHEMA).as_json()
        return fingerprint(described | {"preprocessing": preprocessing})

    described = read_ensemble(made)
    other = write_given(tmp_path / "other", seed=1)
    ours, theirs = fingerprint(described), after(other)
    assert ours["teacher"] == theirs["teacher"] and ours["digest"] != theirs["digest"]
    # The number of frames that they were fitted on does not count.
    again = {name: replace(each, frames=7) for name, each in fitted().items()}
    save_projections(other.projections, again)
    assert after(other) == ours


def test_an_imported_ensemble_keeps_its_preprocessing(made, given, tmp_path):
    import_ensemble("mine", made, tmp_path / "mine", given)
    assert read_ensemble(tmp_path / "mine") == {**read_ensemble(made), "name": "mine"}
    assert {made / file for file in BESIDE} <= {*imported_files(made)}
    assert same(read_preprocessing(tmp_path / "mine"))
    assert read_names(tmp_path / "mine") == NAMES
    read_whole_ensemble(tmp_path / "mine")


OTHERS = {
    "projections": ({"seed": 1}, "the projection of rgb"),
    "extraction": ({"extraction": {"sound_digest": None}}, "sound_digest"),
    "label_names": ({"names": [*NAMES[:4], "trees", "song"]}, "the name of class 4"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_an_ensemble_for_other_records_is_not_imported(made, tmp_path, what):
    words, message = OTHERS[what]
    other = getattr(write_given(tmp_path / "run", **words), what)
    own = dict(zip(OTHERS, (*BESIDE[1:], LABELS), strict=True))[what]
    both = rf"{re.escape(str(made / own))}: differs from {re.escape(str(other))} in {message}"
    with pytest.raises(ArtefactError, match=both):
        import_ensemble("mine", made, tmp_path / "mine", replace(NOTHING, **{what: other}))
    assert not (tmp_path / "mine").exists()


def test_a_changed_list_of_digests_is_refused_as_damage(copy):
    described = read_ensemble(copy)
    write_json(copy / ENSEMBLE, described | {"beside": {PROJECTIONS: "short"}})
    with pytest.raises(ArtefactError, match="a SHA-256 of 64"):
        read_ensemble(copy)
