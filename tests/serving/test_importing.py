"""Ensembles of other runs: copied unchanged, or refused before anything runs."""

import copy
import json
import re

import pytest

from tests.small import SCHEMA, config
from yt8m.artefacts import ENSEMBLE, ENSEMBLE_FORMAT, GRAPH, read_ensemble
from yt8m.config.experiment import read_experiment
from yt8m.errors import ArtefactError, ConfigError, OutputError
from yt8m.json_files import write_json
from yt8m.serving.contents import file_digests
from yt8m.serving.importing import import_ensemble, imported_folders
from yt8m.workflow.layout import Layout

COPIES = Layout("results").ensemble


@pytest.fixture
def ready(tmp_path):
    """A folder like that of a finished ensemble, whose graph is a text."""
    folder = tmp_path / "theirs"
    (folder / GRAPH / "variables").mkdir(parents=True)
    (folder / GRAPH / "saved_model.pb").write_text("graph")
    (folder / GRAPH / "variables" / "variables.index").write_text("names")
    (folder / GRAPH / "variables" / "variables.data-00000-of-00001").write_text("values")
    member = {"name": "vlad", "weight": 1.0, "recipe": {}, "digest": "d", "variables": []}
    described = {"format": ENSEMBLE_FORMAT, "name": "theirs", "code": "c", "members": [member]}
    described |= {"schema": SCHEMA.as_json(), "files": file_digests(folder / GRAPH)}
    write_json(folder / ENSEMBLE, described)
    return folder


def experiment(ready, folder=None, **words):
    settings = copy.deepcopy(config())
    settings["ensembles"]["teacher"] = {"folder": folder or str(ready)}
    settings["results"] = str(ready.parent / "results")
    settings["dataset"].update(words)
    return read_experiment(settings)


def test_a_copy_has_the_same_graph_under_its_local_name(ready, tmp_path):
    import_ensemble("teacher", ready, tmp_path / "teacher")
    found = {p.relative_to(tmp_path / "teacher") for p in (tmp_path / "teacher").rglob("*.*")}
    assert {p.relative_to(ready) for p in ready.rglob("*.*")} == found
    theirs, ours = read_ensemble(ready), read_ensemble(tmp_path / "teacher")
    assert ours == {**theirs, "name": "teacher"}


@pytest.mark.parametrize(
    "name", ["graph/notes.txt", "graph/variables/a.csv", "preprocessing/mine/a.npy", "labels.csv"]
)
def test_files_of_others_are_not_deleted(ready, tmp_path, name):
    mine = tmp_path / "copy" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(OutputError, match=f"{name}: is not a file of an ensemble"):
        import_ensemble("teacher", ready, tmp_path / "copy")
    assert [p for p in (tmp_path / "copy").rglob("*") if p.is_file()] == [mine]


def test_an_earlier_copy_is_replaced(ready, tmp_path):
    for name in ("one", "two"):
        import_ensemble(name, ready, tmp_path / "copy")
    assert read_ensemble(tmp_path / "copy")["name"] == "two"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\nb", ".x"])
def test_an_invalid_name_for_a_copy_is_refused(ready, tmp_path, name):
    with pytest.raises(ArtefactError, match=r"name: is .*; expected a name: a letter"):
        import_ensemble(name, ready, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("name", ["teacher", "vlad-31", "model.ckpt 7", "größe", "2018"])
def test_valid_names_for_a_copy_are_accepted(ready, tmp_path, name):
    import_ensemble(name, ready, tmp_path / "copy")
    assert read_ensemble(tmp_path / "copy")["name"] == name


def test_an_older_copy_is_replaced_completely(ready, tmp_path):
    import_ensemble("teacher", ready, tmp_path / "teacher")
    (tmp_path / "teacher" / GRAPH / "left_over.pb").write_text("")
    import_ensemble("teacher", ready, tmp_path / "teacher")
    assert not (tmp_path / "teacher" / GRAPH / "left_over.pb").exists()


def test_imported_ensembles_are_found_by_name(ready, monkeypatch):
    monkeypatch.setenv("YT8M_READY", str(ready.parent))
    for name in (str(ready), "$YT8M_READY/theirs", "${YT8M_READY}/./theirs"):
        assert imported_folders(experiment(ready, folder=name), COPIES) == {"teacher": ready}


def test_a_folder_without_an_ensemble_is_refused(ready, tmp_path):
    where = re.escape(f"ensembles.teacher.folder: {tmp_path / 'gone'} holds no ensemble.json")
    with pytest.raises(ConfigError, match=where):
        imported_folders(experiment(tmp_path / "gone"), COPIES)


@pytest.mark.parametrize(
    ("words", "theirs", "ours"),
    [
        ({"classes": 7}, "6 classes", "7 classes"),
        ({"features": {"rgb": 24}}, "rgb 24, audio 8", "rgb 24"),
        ({"max_frames": 12}, "10 frames", "12 frames"),
    ],
)
def test_an_ensemble_of_other_records_is_refused_naming_both(ready, words, theirs, ours):
    message = f"was made for .*{theirs}.*; the dataset has .*{ours}"
    with pytest.raises(ConfigError, match=message):
        imported_folders(experiment(ready, **words), COPIES)


def test_an_ensemble_of_another_version_is_refused(ready):
    path = ready / ENSEMBLE
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 1}))
    with pytest.raises(ArtefactError, match="has format 1; this version reads 4"):
        imported_folders(experiment(ready), COPIES)


UNFIT = {
    "a name that leads elsewhere": ("name: is '../../x'; expected a name", "name", "../../x"),
    "a name with a line": ("name: is 'a.nb'; expected a name", "name", "a\nb"),
    "no name": ("name: is ''; expected a name", "name", ""),
    "no members": ("has no members", "members", []),
    "another word": ("decode: is 'never'; expected 'at_load' or 'per_call'", "decode", "never"),
    "a member's name": (r"members\[0\].name: is '/x'; expected a name", "members", [("/x", 1)]),
    "a negative weight": (
        r"members\[1\].weight: is -0.5; expected a finite number of 0 or more",
        *("members", [("a", 1.5), ("b", -0.5)]),
    ),
    "too little": ("the weights sum to 0.9; they", "members", [("a", 0.9)]),
    "too much": ("the weights sum to 1.2; they", "members", [("a", 0.6), ("b", 0.6)]),
}


@pytest.mark.parametrize("how", UNFIT)
def test_an_invalid_description_is_refused_in_one_line(ready, how):
    said, word, value = UNFIT[how]
    described = json.loads((ready / ENSEMBLE).read_text())
    if word == "members":
        (one,) = described["members"]
        value = [{**one, "name": name, "weight": weight} for name, weight in value]
    write_json(ready / ENSEMBLE, {**described, word: value})
    with pytest.raises(ArtefactError, match=rf"theirs/ensemble\.json: {said}") as error:
        imported_folders(experiment(ready), COPIES)
    assert str(error.value).isprintable()


def test_a_link_to_itself_is_refused(ready, tmp_path):
    (tmp_path / "x").symlink_to("x")
    with pytest.raises(ConfigError, match=r"ensembles.teacher.folder: .* holds no ensemble.json"):
        imported_folders(experiment(tmp_path / "x"), COPIES)


def test_importing_from_the_destination_of_the_copy_is_refused(ready, tmp_path):
    place = tmp_path / "results" / "ensembles" / "teacher"
    place.parent.mkdir(parents=True)
    ready.rename(place)
    settings = experiment(place)
    with pytest.raises(ConfigError, match="is where its copy goes"):
        imported_folders(settings, Layout(str(tmp_path / "results")).ensemble)
