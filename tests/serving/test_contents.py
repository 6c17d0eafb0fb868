"""An ensemble's folder with files of another one: refused before it is used."""

import re
import shutil

import pytest
from click.testing import CliRunner

from tests.serving.stages import WEIGHTS_OF, write_stage
from tests.small import write_dataset
from yt8m.artefacts import ENSEMBLE, FINGERPRINT, GRAPH, WEIGHTS, read_ensemble
from yt8m.cli import main
from yt8m.config.steps import Quantisation
from yt8m.json_files import write_json
from yt8m.quantisation import quantise_stage
from yt8m.serving.contents import check_origin, read_whole_ensemble
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.fingerprint import fingerprint

VARIABLES = "graph/variables/variables.data-00000-of-00001"


@pytest.fixture(scope="module")
def run(stages, ensemble, quantised, tmp_path_factory):
    """Models, their ensemble with its fingerprint, and records."""
    folder = tmp_path_factory.mktemp("run")
    write_dataset(folder / "data")
    for stage in stages.values():
        shutil.copytree(stage.parent, folder / "models" / stage.parent.name)
    shutil.copytree(ensemble, folder / "ensembles/teacher")
    write_json(folder / "ensembles/teacher" / FINGERPRINT, fingerprint(read_ensemble(ensemble)))
    return folder


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The same of another run: models of the same settings with other weights."""
    folder = tmp_path_factory.mktemp("theirs")
    members = {}
    for number, (name, weight) in enumerate(WEIGHTS_OF.items()):
        stage = write_stage(folder / "models", name, 10 + number)
        settings = Quantisation(min_elements=20)
        quantise_stage(stage / WEIGHTS, settings, stage.parent / "quantised")
        members[stage.parent / "quantised"] = weight
    export_ensemble("teacher", members, folder / "ensembles/teacher")
    return folder


@pytest.fixture
def own(run, tmp_path):
    return shutil.copytree(run, tmp_path / "run")


def take(name):
    def make(folder, theirs):
        (shutil.rmtree if (folder / name).is_dir() else (lambda p: p.unlink()))(folder / name)
        copy = shutil.copytree if (theirs / name).is_dir() else shutil.copy
        copy(theirs / name, folder / name)

    return make


def remove(name):
    return lambda folder, theirs: (folder / name).unlink()


def add(name):
    return lambda folder, theirs: (folder / name).write_text("more")


def both(*changes):
    return lambda folder, theirs: [change(folder, theirs) for change in changes]


NOT_THE_SAME = "had other content when ensemble.json was written"
MIXED = {
    "their graph": (take(GRAPH), f"graph/.*: {NOT_THE_SAME}"),
    "their description": (take(ENSEMBLE), f"describes another ensemble|{NOT_THE_SAME}"),
    "their variables": (take(VARIABLES), f"{VARIABLES}: {NOT_THE_SAME}"),
    "a changed program": (add("graph/saved_model.pb"), f"graph/saved_model.pb: {NOT_THE_SAME}"),
    "a file too few": (
        remove(VARIABLES),
        f"{VARIABLES}: is missing, but existed when ensemble.json",
    ),
    "a file too many": (add("graph/more.bin"), "graph/more.bin: did not exist when ensemble.json"),
}
EXCHANGED = {
    "their graph and description": (
        both(take(GRAPH), take(ENSEMBLE)),
        "describes another ensemble than",
    ),
    "their ensemble as a whole": (
        both(
            take(GRAPH),
            take(ENSEMBLE),
            lambda folder, theirs: write_json(
                folder / FINGERPRINT, fingerprint(read_ensemble(theirs))
            ),
        ),
        "holds other weights of bag than any stage in",
    ),
}


def readers(own):
    """Every command that reads an ensemble, as the workflow calls it."""
    folder, records = own / "ensembles/teacher", own / "data/train.json"
    known = ["--fingerprint", folder / FINGERPRINT, "--models", own / "models"]
    state = ["--state", own / "state"]
    yield "evaluate", folder, "--records", records, "--classes-out", own / "c.parquet", *known
    yield "predict", folder, "--records", records, *state, *known
    yield "distil", folder, "--records", records, "--shards", "0", *state, *known
    yield "size", folder, *known
    yield "archive", folder, *known
    yield "import-ensemble", "mine", folder


COMMANDS = ["evaluate", "predict", "distil", "size", "archive", "import-ensemble"]
OUT = {"predict": "out.parquet", "archive": "out.tar.gz"}


CASES = [(what, command) for what in (*MIXED, *EXCHANGED) for command in COMMANDS]
CASES = [case for case in CASES if case[0] in MIXED or case[1] != "import-ensemble"]
"""Finished folders are accepted as long as their files belong together."""


@pytest.mark.parametrize(("what", "command"), CASES)
def test_a_folder_with_files_of_another_ensemble_is_refused(own, theirs, what, command):
    change, message = {**MIXED, **EXCHANGED}[what]
    folder = own / "ensembles/teacher"
    change(folder, theirs / "ensembles/teacher")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (words,) = [words for words in readers(own) if words[0] == command]
    out = own / OUT.get(command, "out")
    result = CliRunner().invoke(main, [*map(str, words), "--out", str(out)])
    assert result.exit_code == 1
    assert re.search(message, result.output) and len(result.output.splitlines()) == 1
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert not list(own.glob("out*")) and not (own / "state").exists()


def test_an_ensemble_of_a_single_run_is_accepted(own):
    folder = own / "ensembles/teacher"
    assert read_whole_ensemble(folder) == read_ensemble(folder)
    check_origin(folder, folder / FINGERPRINT, own / "models")
    shutil.rmtree(own / "models/bag")  # without the weights, nothing is checked
    check_origin(folder, folder / FINGERPRINT, own / "models")
    check_origin(folder, None, None)


def test_exporting_an_ensemble_again_gives_the_same_fingerprint(own, quantised):
    again = own / "again"
    export_ensemble("teacher", {quantised[n]: w for n, w in WEIGHTS_OF.items()}, again)
    there = read_ensemble(own / "ensembles/teacher")
    assert fingerprint(read_ensemble(again)) == fingerprint(there)
