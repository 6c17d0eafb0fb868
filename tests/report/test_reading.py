import re
import shutil

import numpy as np
import pytest

from yt8m.errors import ArtefactError
from yt8m.report.chain import nodes_and_edges
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.weights import load_weights, save_weights

MISSING = [
    "models/vlad/config.json",
    "models/vlad/trained/metrics.validate.json",
    "models/words/ema/history.csv",
    "models/words/ema/weights.safetensors",
    "models/vlad_student/quantised/sizes.json",
    "ensembles/final/ensemble.json",
    "ensembles/final/size.json",
    "ensembles/teacher/metrics.validate.json",
    "ensembles/teacher/classes.validate.parquet",
    "data/validate.json",
    "data/train.json",
    "run.json",
]


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_file_is_named(fabricated, tmp_path, name):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "results")
    (tmp_path / "results" / name).unlink()
    with pytest.raises(ArtefactError, match=re.escape(name)):
        read_content(tmp_path / "results", **arguments)


DAMAGED = [name for name in MISSING if not name.endswith("weights.safetensors")]


@pytest.mark.parametrize("text", ["", "[]", "{}", "videos,loss\n1,2\n", '{"format": 1}'])
@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_named(fabricated, tmp_path, name, text):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "results")
    (tmp_path / "results" / name).write_text(text)
    with pytest.raises(ArtefactError, match=re.escape(name)):
        read_content(tmp_path / "results", **arguments)


def test_an_ensemble_of_other_weights_is_refused(fabricated, tmp_path):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "results")
    path = tmp_path / "results/models/vlad/quantised/weights.safetensors"
    weights, header = load_weights(path)
    save_weights(path, {**weights, "more": np.zeros(3, np.float32)}, header)
    with pytest.raises(ArtefactError, match=r"teacher/ensemble\.json: holds other weights of vlad"):
        read_content(tmp_path / "results", **arguments)


@pytest.mark.parametrize("word, value", [("final", "finale"), ("models", ["vlad", "words"])])
def test_names_that_do_not_go_together_are_refused(fabricated, word, value):
    folder, arguments = fabricated
    with pytest.raises(ArtefactError, match=r"not among the (ensembles|models)"):
        read_content(folder, **arguments | {word: value})


def test_a_teacher_made_elsewhere_is_shown_without_its_members(fabricated):
    folder, arguments = fabricated
    own = {"models": ["vlad_student"], "ensembles": ["final"], "ready": ["teacher"]}
    content = read_content(folder, **arguments | own)
    assert content.teacher.name == "teacher" and not content.teacher.stages
    assert set(content.teacher.members) == {"vlad", "words"}
    page = render(content)
    assert "made elsewhere" in page and "GAP of teacher" in page
    assert "<b>vlad</b>" not in page and "<b>vlad_student</b>" in page
    nodes, edges = nodes_and_edges(content)
    assert ("ensemble teacher", "shards teacher") in edges
    assert {end for edge in edges for end in edge} == set(nodes)
