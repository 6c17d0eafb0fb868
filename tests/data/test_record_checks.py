"""All readers of shards accept or refuse the same records."""

import json

import pytest

from tests.data.families import DAMAGED, LEGAL, PROBABILITIES, SUSPECT, id_of, record
from tests.data.samples import SMALL
from yt8m.data.checks import Checks
from yt8m.data.ids import unsafe_reason
from yt8m.data.inspect import inspect_shards
from yt8m.data.record_checks import check_record
from yt8m.data.survey import build_manifest, survey_split
from yt8m.data.tfrecord import write_records
from yt8m.errors import RecordError

GOOD = [record(seed=seed) for seed in (2, 3, 4)]
ALLOW = Checks("warn", "warn", "warn")


def outcomes(tmp_path, payload: bytes, checks: Checks, others=GOOD) -> tuple[bool, bool, bool]:
    """Whether a manifest, an inspection by the same schema, and one without a schema accept it."""
    write_records(tmp_path / "x", [*others, payload])
    try:
        build_manifest([tmp_path / "x"], SMALL, "train", checks=checks)
        manifest = True
    except RecordError as error:
        assert f"{tmp_path}/x" in str(error)
        manifest = False
    inspected = [inspect_shards([tmp_path / "x"], schema, checks) for schema in (SMALL, None)]
    return manifest, *(not (found.damages or found.refused) for found in inspected)


@pytest.mark.parametrize("name", LEGAL)
def test_all_readers_accept_what_is_odd_but_legal(tmp_path, name):
    assert outcomes(tmp_path, LEGAL[name], Checks()) == (True, True, True)
    assert outcomes(tmp_path, LEGAL[name], Checks(), [LEGAL[name]] * 2) == (True, True, True)


@pytest.mark.parametrize("name", SUSPECT)
def test_all_readers_refuse_or_all_allow_what_is_doubtful(tmp_path, name):
    assert outcomes(tmp_path, SUSPECT[name], Checks()) == (False, False, False)
    assert outcomes(tmp_path, SUSPECT[name], ALLOW) == (True, True, True)


@pytest.mark.parametrize("name", PROBABILITIES)
def test_all_readers_refuse_or_all_allow_scores_out_of_range(tmp_path, name):
    assert outcomes(tmp_path, PROBABILITIES[name], Checks(), []) == (False, False, False)
    assert outcomes(tmp_path, PROBABILITIES[name], ALLOW, []) == (True, True, True)


@pytest.mark.parametrize("name", DAMAGED)
def test_all_readers_refuse_what_is_damaged(tmp_path, name):
    manifest, by_schema, guessed = outcomes(tmp_path, DAMAGED[name], ALLOW)
    assert (manifest, by_schema) == (False, False)
    if name != "a label too high":  # the number of classes is not known
        assert not guessed


def test_all_readers_refuse_predictions_above_1_even_if_allowed(tmp_path):
    assert outcomes(tmp_path, PROBABILITIES["predictions above 1"], ALLOW) == (False, False, False)


def test_a_split_without_labels_needs_no_labels_feature(tmp_path):
    for name in ("labels missing", "labels without a kind"):
        assert outcomes(tmp_path, SUSPECT[name], Checks(), []) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "checks", "message"),
    [
        ("a comma in the id", {}, "1 record has a comma, a quote or a line end in the id: .*, re"),
        (
            "an id that is not valid UTF-8",
            {},
            r"an id that is not valid UTF-8: .*record 3, id 'a\\\\xffb'",
        ),
        ("an escape in the id", {}, r"invisible character in the id: .*, id '\\x1b\[2J'"),
        ("labels misspelt", {}, "1 record has no .*`labels`.*record 3, which holds id, label3"),
        ("labels without a kind", {"ids": "warn"}, "`labels` are not a list of integers"),
    ],
)
def test_a_refusal_has_a_count_an_example_and_the_setting(tmp_path, name, checks, message):
    write_records(tmp_path / "x", [*GOOD, SUSPECT[name]])
    with pytest.raises(RecordError, match=message) as error:
        build_manifest([tmp_path / "x"], SMALL, "train", checks=Checks(**checks))
    word = "ids" if " id" in name else "labels"
    assert str(error.value).endswith(f"or accept them: dataset.checks.{word}: warn.")


def test_allowed_problems_are_warned_about_with_their_count(tmp_path, capsys):
    write_records(tmp_path / "a", [*GOOD, SUSPECT["a comma in the id"]])
    write_records(tmp_path / "b", [SUSPECT["a quote in the id"], SUSPECT["labels missing"]])
    build_manifest([tmp_path / "a", tmp_path / "b"], SMALL, "train", checks=ALLOW)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    start = "split train: warning: 2 records have a comma, a quote or a line end in the id:"
    assert lines[0] == f"{start} {tmp_path}/a, record 3, id 'a,b'"
    assert lines[1].startswith("split train: warning: 1 record has no (or half a) feature `labels`")


@pytest.mark.parametrize("name", ["labels missing", "a comma in the id"])
def test_a_problem_from_an_earlier_survey_is_reported_like_a_new_one(tmp_path, name):
    write_records(tmp_path / "x", [SUSPECT[name]])

    def survey(checks: Checks, *more) -> str:
        try:
            survey_split([tmp_path / "x", *more], SMALL, "t", checks=checks, state=tmp_path / "s")
            return ""
        except RecordError as error:
            return str(error)

    first = survey(Checks())
    assert bool(first) == (name != "labels missing")  # no video has labels, so none need say so
    assert survey(Checks()) == first
    write_records(tmp_path / "y", GOOD)
    assert "dataset.checks." in survey(Checks(), tmp_path / "y")
    assert not survey(ALLOW, tmp_path / "y")


@pytest.mark.parametrize("text", ["{}", "[1]", "null", '{"shard": {}, "labels": 0, "problems": 5}'])
def test_damaged_saved_findings_are_made_again(tmp_path, text):
    write_records(tmp_path / "x", GOOD)
    first = survey_split([tmp_path / "x"], SMALL, "t", state=tmp_path / "s")
    (file,) = (tmp_path / "s").iterdir()
    path, identity, _ = json.loads(file.read_text())
    file.write_text(f"{json.dumps([path, identity])[:-1]}, {text}]")
    again = survey_split([tmp_path / "x"], SMALL, "t", state=tmp_path / "s")
    assert again.manifest == first.manifest


CHARACTERS = [chr(number) for number in range(1, 0x3100) if not 0xD800 <= number < 0xE000]
ODD = [id for c in CHARACTERS for id in (c, f"{c}1", f"a{c}b", f"{c} 1") if unsafe_reason(id)]


def test_every_id_that_a_submission_refuses_is_reported_when_shards_are_read():
    """So that it is reported before a model is trained, not when the CSV is written."""
    assert len(ODD) > 100
    for id in ["", "=1+1", "@x", "-1+A1(2)", "a,b", "a\u2028b", *ODD]:
        assert unsafe_reason(id)
        checked = check_record(memoryview(record(id_of(id.encode()))), SMALL, "here")
        assert [problem for problem, _ in checked.problems if problem.word == "ids"], repr(id)
