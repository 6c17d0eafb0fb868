"""Weights in place of others: every reader refuses them and changes nothing."""

import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.small import SCHEMA, write_model_config
from yt8m.artefacts import CONFIG, WEIGHTS, MemberWeights
from yt8m.cli import main
from yt8m.config.model import STAGE_WORDS, read_model_config
from yt8m.data.manifest import Manifest, Shard, write_manifest
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.mean_weights import average_files
from yt8m.origins import (
    Origin,
    check_plan,
    check_records,
    check_sources,
    derived_from,
    origin_of,
    trained_on,
)
from yt8m.quantisation import quantise_stage
from yt8m.serving.ensemble import with_learned_weights
from yt8m.serving.member import load_member
from yt8m.weights import read_header, save_weights

OURS = "models/vlad"


def write_run(folder, seed=1, shard="a", teacher="t"):
    """The files of a run with two models and a student, with small arrays as weights."""
    records = manifest(folder / "data/train.json", shard)
    soft = manifest(folder / "distillation/teacher/manifest.json", teacher, "soft_labels")
    for number, name in enumerate(("vlad", "bag", "student")):
        model = folder / "models" / name
        config = write_model_config(model, name, seed=seed)
        taught = soft if name == "student" else None
        rng = np.random.default_rng((seed, number))
        source = None
        for stage in ("trained", "ema"):
            words = {word: config.entry()[word] for word in STAGE_WORDS[stage]}
            write_json(model / stage / CONFIG, words)
            arrays = {"kernel": rng.normal(size=(20, 10)).astype("f4")}
            header = trained_on(config, stage, records, taught, source)
            save_weights(model / stage / WEIGHTS, arrays, header)
            source = read_header(model / stage / WEIGHTS)[1]
        quantise_stage(model / "ema" / WEIGHTS, config.quantise, model / "quantised")
    return folder


def manifest(path, shard, kind="frames"):
    shards = (Shard(path.parent / shard, 1, 1, sha256(shard.encode()).hexdigest()),)
    found = Manifest(SCHEMA, "train", shards, kind)
    write_manifest(found, path)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run, and others that differ in one respect each."""
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder / "ours")
    write_run(folder / "other_seed", seed=8)
    write_run(folder / "other_data", shard="b")
    write_run(folder / "other_teacher", teacher="u")
    return folder


@pytest.fixture
def run(runs, tmp_path):
    """That run, as a copy that tests may change."""
    return shutil.copytree(runs / "ours", tmp_path / "run")


SWAPS = {
    # (what is put, where): by what a reader of the latter stops
    ("ours/models/vlad/trained", "vlad/ema"): "stage trained in a folder named ema",
    ("ours/models/vlad/ema", "vlad/trained"): "stage ema in a folder named trained",
    ("ours/models/vlad/quantised", "vlad/ema"): "stage quantised in a folder named ema",
    ("ours/models/vlad/ema", "vlad/quantised"): "stage ema in a folder named quantised",
    ("ours/models/bag/trained", "vlad/trained"): "name is 'bag', but 'vlad' in",
    ("ours/models/bag/quantised", "vlad/quantised"): "name is 'bag', but 'vlad' in",
    ("other_seed/models/vlad/trained", "vlad/trained"): "training.seed is 8, but 1 in",
    ("other_seed/models/vlad/ema", "vlad/ema"): "training.seed is 8, but 1 in",
    ("other_seed/models/vlad/quantised", "vlad/quantised"): "training.seed is 8, but 1 in",
    ("other_data/models/vlad/trained", "vlad/trained"): "was trained on other records than",
    ("other_data/models/vlad/ema", "vlad/ema"): "was trained on other records than",
    ("other_data/models/vlad/quantised", "vlad/quantised"): "was trained on other records than",
    ("other_teacher/models/student/ema", "student/ema"): "trained on other soft labels",
    ("other_teacher/models/student/quantised", "student/quantised"): "trained on other soft labels",
}


def readers(run, model, stage):
    """Every command that reads weights of a stage, as the workflow calls it."""
    folder, out = run / "models" / model / stage, run / "out"
    config, records = folder.parent / CONFIG, run / "data/train.json"
    known = ["--trained-on", records]
    known += ["--trained-on", run / "distillation/teacher/manifest.json"]
    member = ["--member", 1.0, folder]
    given = ["--records", records, *known, "--out", out]
    yield "evaluate", folder, *given, "--classes-out", run / "c.parquet"
    yield "learn-weights", *member, *given
    yield "ensemble", "one", *member, *known, "--out", out
    yield "compress", "plan", "one", *member, *given, "--budget", 10**6
    if stage != "quantised":
        source = [config, "--source", folder / WEIGHTS]
        yield "quantise", *source, *known, "--out", out
    if stage == "trained":
        yield "ema", *source, *given, "--state", run / "state"


GRAPHS = ["evaluate", "learn-weights", "ensemble", "compress"]
COMMANDS = {
    "trained": [*GRAPHS, "quantise", "ema"],
    "ema": [*GRAPHS, "quantise"],
    "quantised": GRAPHS,
}
"""Stage -> the commands that read it."""


def cases():
    for (put, where), message in SWAPS.items():
        model, stage = where.split("/")
        for command in COMMANDS[stage]:
            yield pytest.param(put, model, stage, command, message, id=f"{put}-{where}-{command}")


@pytest.mark.parametrize(("put", "model", "stage", "command", "message"), cases())
def test_weights_in_place_of_others_are_refused(runs, run, put, model, stage, command, message):
    place = run / "models" / model / stage / WEIGHTS
    shutil.copy(runs / put / WEIGHTS, place)
    before = place.read_bytes()
    (words,) = [words for words in readers(run, model, stage) if words[0] == command]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 1
    assert message in result.output and str(place) in result.output
    assert "delete it and make it again" in result.output and len(result.output.splitlines()) == 1
    assert place.read_bytes() == before
    assert not (run / "out").exists() and not (run / "state").exists()


def test_weights_in_their_own_place_are_accepted(run):
    for path in sorted((run / "models").glob(f"*/*/{WEIGHTS}")):
        load_member(path.parent)
        load_member(path)
        check_records([path], [run / "data/train.json", run / "distillation/teacher/manifest.json"])


def test_an_unknown_origin_is_not_checked(runs, run, tmp_path):
    """A stage folder alone, under any name; a manifest that is gone; the mean of several files."""
    copied = shutil.copytree(run / OURS / "ema", tmp_path / "mine")
    (copied / CONFIG).unlink()
    load_member(copied)
    other = runs / "other_data/models/vlad/ema"
    check_records([other], [run / "data/train.json", run / "data/gone.json"])
    check_records([other], [])
    average_files([run / OURS / "ema" / WEIGHTS, other / WEIGHTS], run / OURS / "trained")
    load_member(run / OURS / "trained")
    assert origin_of(load_member(run / OURS / "trained").header).stage == "averaged"


@pytest.mark.parametrize("way", [".", WEIGHTS, "../ema"])
def test_a_place_is_recognised_by_any_path_to_it(runs, run, monkeypatch, way):
    shutil.copy(run / OURS / "trained" / WEIGHTS, run / OURS / "ema")
    monkeypatch.chdir(run / OURS / "ema")
    with pytest.raises(ArtefactError, match="holds weights of stage trained in a folder named ema"):
        load_member(Path(way))
    shutil.copy(runs / "other_seed" / OURS / "ema" / WEIGHTS, run / OURS / "ema")
    (run / OURS / "ema" / CONFIG).unlink()
    with pytest.raises(ArtefactError, match=r"training\.seed is 8, but 1 in .*config\.json"):
        load_member(Path(way))


def test_a_stage_depends_on_its_own_settings_alone(run):
    """Another quantiser concerns neither the trained nor the averaged weights."""
    entry = read_model_config(run / OURS / CONFIG).entry()
    write_json(run / OURS / CONFIG, {**entry, "quantise": {"min_elements": 7}})
    (run / OURS / "ema" / CONFIG).unlink()
    load_member(run / OURS / "ema")
    load_member(run / OURS / "trained")
    with pytest.raises(ArtefactError, match=r"quantise\.min_elements is 100, but 7 in"):
        load_member(run / OURS / "quantised")


def test_weights_from_before_a_setting_existed_are_those_without_it(run):
    path = run / OURS / "ema" / WEIGHTS
    header = read_header(path)[0]
    settings = header["origin"]["settings"]
    del settings["training"]["decay_share"], settings["training"]["batch_norm"]["memory_share"]
    save_weights(path, {"kernel": np.zeros((2, 2), "f4")}, header)
    load_member(run / OURS / "ema")
    settings["teacher"] = "another"
    save_weights(path, {"kernel": np.zeros((2, 2), "f4")}, header)
    with pytest.raises(ArtefactError, match="teacher is 'another', but None in"):
        load_member(run / OURS / "ema")


@pytest.mark.parametrize("origin", [None, "x", [], 3, {"settings": [1], "stage": 5, "more": 1}])
def test_an_invalid_origin_in_a_header_is_ignored(origin):
    assert origin_of({"kind": "weights", "origin": origin}) == Origin()


def test_weights_that_were_validated_on_other_records_are_refused(tmp_path):
    train, ours, theirs = (manifest(tmp_path / f"{name}.json", name) for name in "abc")
    config, weights = write_model_config(tmp_path, "vlad"), tmp_path / WEIGHTS
    header = trained_on(config, "trained", train, validated_on=ours)
    save_weights(weights, {"kernel": np.zeros(3, "f4")}, header)
    check_records([weights], [tmp_path / "a.json", tmp_path / "b.json"])
    with pytest.raises(ArtefactError, match="was validated on other records than"):
        check_records([weights], [tmp_path / "a.json", tmp_path / "c.json"])
    derived = derived_from(header, "d" * 64, stage="quantised")
    assert origin_of(derived).validated_on == ours.digest != theirs.digest


def test_equal_runs_write_equal_headers(runs, tmp_path):
    again = write_run(tmp_path / "elsewhere")
    for path in sorted(again.glob(f"models/*/*/{WEIGHTS}")):
        assert path.read_bytes() == (runs / "ours" / path.relative_to(again)).read_bytes()


def compressed(run, source, plan="ours"):
    """A member that was made from the averaged weights of a run."""
    header, digest = read_header(source / OURS / "ema" / WEIGHTS)
    member = run / "ensembles/final/members/vlad"
    told = derived_from(header, digest, stage="compressed", plan=plan)
    save_weights(member / WEIGHTS, {"kernel": np.ones((2, 2), "f4")}, told)
    write_json(run / "plan.json", {"digests": {"vlad": digest}, "stored": {"vlad": "ours"}})
    return member


def combine(run, member, *options):
    words = ["ensemble", "final", "--member", 1.0, member, *options, "--out", run / "out"]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 1 and not (run / "out").exists()
    return result.output


COMPRESSED = {
    "of another run": ("other_seed", "ours", "was made from other weights than any stage in"),
    "by another plan": ("ours", "theirs", "is not encoded as"),
}


@pytest.mark.parametrize("what", COMPRESSED)
def test_a_compressed_member_of_another_origin_is_refused(runs, run, what):
    source, plan, message = COMPRESSED[what]
    member = compressed(run, runs / source, plan)
    output = combine(run, member, "--models", run / "models", "--plan", run / "plan.json")
    assert message in output and f"{member / WEIGHTS}: " in output
    assert "delete it and make it again" in output and len(output.splitlines()) == 1


def test_a_compressed_member_of_the_run_is_accepted(runs, run):
    member = compressed(run, run)
    check_sources([member], run / "models")
    check_plan([member], run / "plan.json")
    check_plan([run / OURS / "ema"], run / "plan.json")  # says nothing about what is not compressed


@pytest.mark.parametrize("content", [[], {}, {"stored": {}, "digests": {"vlad": "1"}}])
def test_a_file_that_is_not_a_valid_plan_is_refused(run, content):
    member = compressed(run, run)
    write_json(run / "plan.json", content)
    output = combine(run, member, "--plan", run / "plan.json")
    assert "plan.json: is not a valid plan" in output and len(output.splitlines()) == 1


def test_learned_weights_belong_to_the_members_they_were_learned_with(runs, run):
    """As they are, or as they were before compression."""
    other = load_member(runs / "other_seed" / OURS / "ema")
    write_json(run / "weights.json", {"weights": {"vlad": 1.0}, "digests": {"vlad": other.digest}})
    for member in (run / OURS / "ema", compressed(run, run)):
        output = combine(run, member, "--weights", run / "weights.json")
        assert "final: its weights were learned from other predictions of vlad" in output
    known = MemberWeights({"vlad": 1.0}, {"vlad": load_member(run / OURS / "ema").digest})
    for member in (run / OURS / "ema", compressed(run, run)):
        found = [load_member(member)]
        assert with_learned_weights("final", found, known) == (found, [1.0])
