import json
import os
import re
import shutil

import numpy as np
import pytest

from tests.report.fabricated import other_facts
from yt8m.errors import ArtefactError, Yt8mError
from yt8m.report.charts.dependencies import nodes_and_edges
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
    with pytest.raises(ArtefactError, match=r"teacher/ensemble\.json: has other weights of vlad"):
        read_content(tmp_path / "results", **arguments)


@pytest.fixture
def run(fabricated, tmp_path):
    """A copy of the invented run that tests may change."""
    folder, _ = fabricated
    return shutil.copytree(folder, tmp_path / "results")


@pytest.mark.parametrize(
    "facts, message",
    [
        ({"final": "finale"}, r"made.final is finale, not among made.ensembles"),
        (
            {"models": ["vlad", "words"]},
            "the member vlad_student, not among made.models",
        ),
        ({"ensembles": ["final"]}, r"the teacher of vlad_student is teacher, not among made.ens"),
    ],
)
def test_inconsistent_names_are_refused(run, facts, message):
    other_facts(run, **facts)
    with pytest.raises(ArtefactError, match=r"run\.json: .*" + message):
        read_content(run, "")


def test_an_imported_teacher_is_shown_without_its_members(run):
    other_facts(run, models=["vlad_student"], imported=["teacher"])
    content = read_content(run, "")
    assert content.teacher.name == "teacher" and not content.teacher.stages
    assert set(content.teacher.members) == {"vlad", "words"}
    page = render(content)
    assert "imported" in page and "GAP of teacher" in page
    assert "<b>vlad</b>" not in page and "<b>vlad_student</b>" in page
    nodes, edges = nodes_and_edges(content)
    assert ("ensemble teacher", "shards teacher") in edges
    assert {end for edge in edges for end in edge} == set(nodes)


JSON_FILES = [
    "models/vlad/config.json",
    "models/vlad/quantised/sizes.json",
    "models/vlad/ema/metrics.validate.json",
    "ensembles/final/size.json",
    "ensembles/final/ensemble.json",
    "data/train.json",
    "run.json",
]
WRONG = (None, True, -1, 2**70, float("nan"), "x", "a\0b", [], [[]], {}, {"a": 1})


def places(content, place=()):
    """Places of all values of a JSON content; of each list, only those of the first entry."""
    if place:
        yield place
    if isinstance(content, dict):
        for key, value in content.items():
            yield from places(value, (*place, key))
    elif isinstance(content, list) and content:
        yield from places(content[0], (*place, 0))


@pytest.mark.parametrize("name", JSON_FILES)
def test_an_invalid_value_is_refused_in_one_line_that_names_its_file(fabricated, tmp_path, name):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "results")
    path = tmp_path / "results" / name
    text = path.read_text()
    random = np.random.default_rng(0)
    found = list(places(json.loads(text)))
    for number in random.permutation(len(found))[:12]:
        content = json.loads(text)
        inner = content
        for key in found[number][:-1]:
            inner = inner[key]
        inner[found[number][-1]] = WRONG[random.integers(len(WRONG))]
        path.write_text(json.dumps(content))
        try:
            read_content(tmp_path / "results", **arguments)
        except Yt8mError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("name", JSON_FILES)
def test_a_pipe_in_place_of_a_file_is_reported(fabricated, tmp_path, name):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "results")
    (tmp_path / "results" / name).unlink()
    os.mkfifo(tmp_path / "results" / name)
    with pytest.raises(ArtefactError, match=re.escape(name) + ": cannot be read .*named pipe"):
        read_content(tmp_path / "results", **arguments)


CHANGED_SETTINGS = {
    ("recipe", "clusters"): "trained",
    ("quantise", "min_elements"): "quantised",
    ("name",): None,
}


@pytest.mark.parametrize("setting", CHANGED_SETTINGS, ids=".".join)
def test_settings_that_weights_were_not_made_with_are_refused(run, setting):
    path = run / "models/vlad/config.json"
    entry = json.loads(path.read_text())
    inside = entry if len(setting) == 1 else entry[setting[0]]
    inside[setting[-1]] = "words" if setting == ("name",) else 77
    path.write_text(json.dumps(entry))
    stage = CHANGED_SETTINGS[setting]
    named = rf"vlad/{stage}/weights.*{setting[-1]} is \d+, but 77 in .*" if stage else ""
    with pytest.raises(ArtefactError, match=rf"{named}models/vlad/config\.json.*run the workflow"):
        read_content(run, "")


OF_OTHERS = {
    "models/vlad/quantised/classes.validate.parquet": "models/words/quantised",
    "models/vlad/ema/classes.validate.parquet": "models/words/ema",
    "models/words/quantised/classes.validate.parquet": "models/words/ema",
    "ensembles/final/classes.validate.parquet": "ensembles/teacher",
    "ensembles/teacher/size.json": "ensembles/final",
}


@pytest.mark.parametrize("file", OF_OTHERS)
def test_results_of_another_graph_are_refused(run, file):
    shutil.copy(run / OF_OTHERS[file] / file.rsplit("/", 1)[1], run / file)
    with pytest.raises(ArtefactError, match=rf"{re.escape(file)}: is about another.*delete it"):
        read_content(run, "")


@pytest.mark.parametrize(
    "change", [{"name": "other"}, {"member_bytes": {"vlad_student": 3}}], ids=str
)
def test_the_size_of_another_ensemble_is_refused(run, change):
    path = run / "ensembles/final/size.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ArtefactError, match=r"final/size\.json: is about another ensemble"):
        read_content(run, "")


def test_a_size_that_the_graph_beside_it_does_not_have_is_refused(run):
    (run / "ensembles/final/graph").mkdir()
    (run / "ensembles/final/graph/saved_model.pb").write_bytes(b"short")
    with pytest.raises(ArtefactError, match=r"final/size\.json: is about another ensemble"):
        read_content(run, "")
