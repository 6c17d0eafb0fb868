"""Options of commands, quoted for the shell."""

import json
import shlex
from types import SimpleNamespace

import pytest

from tests.workflow.test_plan import compressing, full_records, imported, plan_of, validating
from yt8m.workflow.entries import Entries
from yt8m.workflow.flags import Flags
from yt8m.workflow.shell import option, quoted


def test_an_option_is_given_if_there_is_a_file():
    assert option("records", "a.json") == "--records a.json"
    assert option("config", ["a", "b"]) == "--config a --config b"
    assert option("records", []) == ""


@pytest.mark.parametrize("path", ["a b", "it's", "$HOME", 'say "hi"', "a;b", "{x}", "*"])
def test_a_path_with_special_characters_is_one_argument(path):
    assert shlex.split(option("out", path)) == ["--out", path]
    assert shlex.split(quoted([path, "b"])) == [path, "b"]


def test_a_student_is_given_its_soft_labels_and_their_teacher():
    flags = Flags(plan_of())
    found = flags.soft_labels("student", SimpleNamespace(soft_labels=["x/manifest.json"]))
    teacher = "--teacher r/ensembles/teacher/fingerprint.json"
    assert found.split() == ["--soft-labels", "x/manifest.json", *teacher.split()]
    assert flags.soft_labels("vlad", SimpleNamespace(soft_labels=[])).split() == []


def test_models_that_wait_and_learn_from_the_same_records_are_trained_ahead():
    def few(c):
        c["resources"] = {"train": {"together": 3}}

    flags, everyone = Flags(plan_of(few)), {"vlad", "bag", "memory", "student"}
    words = shlex.split(flags.together("train", "memory", everyone - {"memory"}))
    of = "r/models/{0}/trained/config.json r/models/{0}/trained r/state/train/{0} "
    of += "r/logs/tensorboard/{0}/trained"
    ahead = [["--ahead", *of.format(name).split()] for name in ("vlad", "bag")]
    assert words == ["--together", *ahead[0], *ahead[1]]
    words = shlex.split(flags.together("ema", "vlad", {"bag"}))
    assert words[2:5] == [
        "r/models/bag/ema/config.json",
        "r/models/bag/trained/weights.safetensors",
        "r/models/bag/ema",
    ]
    assert flags.together("train", "student", everyone) == "--together"
    assert flags.together("train", "vlad", set()) == "--together"
    assert Flags(plan_of()).together("train", "vlad", everyone) == ""


def test_stages_that_wait_for_their_evaluation_are_evaluated_ahead():
    def few(c):
        c["resources"] = {"infer": {"together": 3}}

    flags = Flags(plan_of(few))
    waiting = {("vlad", "ema"), ("vlad", "quantised"), ("memory", "trained"), ("bag", "ema")}
    words = shlex.split(flags.evaluated_together("vlad", "ema", "validate", waiting))
    of = "r/models/{0}/{1} r/models/{0}/{1}/metrics.validate.json r/state/evaluate/{0}-{1}-validate"
    ahead = [
        ["--ahead", *of.format(*who).split()] for who in (("vlad", "quantised"), ("bag", "ema"))
    ]
    assert words == ["--together", "r/state/evaluate/vlad-ema-validate", *ahead[0], *ahead[1]]
    assert len(shlex.split(flags.evaluated_together("bag", "ema", "validate", set()))) == 2
    assert Flags(plan_of()).evaluated_together("vlad", "ema", "validate", waiting) == ""


def test_members_are_given_with_their_weights_in_sorted_order():
    words = Flags(plan_of()).members("teacher").split()
    assert [w for w in words if not w.startswith("--")][::2] == ["0.25", "0.25", "0.5"]
    assert words[2::3] == [f"r/models/{name}/quantised" for name in ("bag", "memory", "vlad")]


def test_the_sources_of_an_ensemble_are_checked_if_it_was_made_here():
    assert Flags(plan_of()).derived_from("teacher").endswith("--models r/models")
    fingerprint = "--fingerprint r/ensembles/teacher/fingerprint.json"
    assert Flags(plan_of(imported)).derived_from("teacher") == fingerprint


def test_a_budget_and_a_plan_are_given_if_there_is_one():
    flags = Flags(plan_of(compressing))
    assert flags.budget("final") == "--budget 10000000" and flags.budget("teacher") == ""
    assert "--plan r/ensembles/final/plan.json" in flags.combined_from("final")
    assert "--plan" not in flags.combined_from("teacher")
    assert flags.sweep("final") == "--share 0.5"


def test_only_splits_that_need_labels_must_have_them_and_only_training_needs_a_batch():
    flags = Flags(plan_of(lambda c: c["run"].update(predict=["train"])))
    assert flags.needs_labels("validate") == "--require-labels"
    assert flags.enough_videos("train") == "--at-least 10" and flags.enough_videos("validate") == ""


def test_a_limit_is_given_only_if_there_is_one():
    assert Flags(plan_of()).limit() == ""
    for limit, text in ((0.01, "--limit 0.01"), (1234567, "--limit 1234567.0")):
        assert Flags(plan_of(lambda c, n=limit: c["dataset"].update(limit=n))).limit() == text


def test_a_config_json_holds_only_what_its_stage_depends_on():
    entries = Entries(plan_of())
    trained, ema, whole = (json.loads(entries.model("vlad", p)) for p in ("trained/", "ema/", ""))
    assert "ema" not in trained and "quantise" not in ema and "quantise" in whole
    assert trained["recipe"] == whole["recipe"]


def test_the_order_of_settings_does_not_change_entries():
    def other_way_round(c):
        for word in ("models", "ensembles", "training"):
            c[word] = dict(reversed(c[word].items()))

    entries, others = Entries(plan_of()), Entries(plan_of(other_way_round))
    assert entries.whole() == others.whole() and entries.made() == others.made()


def test_suspect_records_are_allowed_only_in_the_training_split():
    entries = Entries(plan_of())
    assert json.loads(entries.checks("train"))["duplicates"] == "warn"
    assert json.loads(entries.checks("validate"))["duplicates"] == "refuse"


def test_a_plan_must_be_for_the_ensemble_and_its_budget():
    assert Flags(plan_of(compressing)).planned_for("final") == "--ensemble final 10000000"


def test_every_command_that_predicts_is_given_the_same_options():
    def change(c):
        c["inference"] = {"batch_size": 7, "top_k": 5, "skip_dummies": True}

    assert Flags(plan_of(change)).inference == "--batch-size 7 --top-k 5 --skip-dummies"
    assert "--skip-dummies" not in Flags(plan_of()).inference


def test_soft_labels_must_be_of_the_records_and_the_teacher_in_their_layout():
    teacher = "--teacher r/ensembles/teacher/fingerprint.json"
    found = Flags(plan_of()).soft_labels_of("teacher")
    assert found == f"--soft-labels-of r/data/train.json {teacher}"
    found = Flags(plan_of(full_records)).soft_labels_of("teacher")
    assert found == f"--full-records-of r/data/train.json {teacher}"


def test_predictions_must_be_of_the_ensemble_and_the_split():
    fingerprint = "--fingerprint r/ensembles/final/fingerprint.json"
    found = Flags(plan_of()).predictions_of("final", "validate")
    assert found == f"{fingerprint} --records r/data/validate.json"


def test_a_student_was_trained_on_its_teachers_soft_labels_too():
    records, soft_labels = "r/data/train.json", "r/distillation/teacher/manifest.json"
    flags = Flags(plan_of())
    assert flags.trained_on("vlad") == f"--trained-on {records}"
    both = f"--trained-on {records} --trained-on {soft_labels}"
    assert flags.trained_on("student") == flags.members_trained_on("final") == both


def test_a_validated_model_is_given_its_records_and_checked_by_them():
    flags = Flags(plan_of(validating))
    given = SimpleNamespace(validation=["x/other.json"])
    assert flags.validation(given) == "--validate x/other.json"
    assert flags.validation(SimpleNamespace(validation=[])) == ""
    both = "--trained-on r/data/train.json --trained-on r/data/other.json"
    assert flags.trained_on("bag") == flags.members_trained_on("teacher") == both
    assert flags.trained_on("vlad") == "--trained-on r/data/train.json"


def test_a_job_is_given_the_number_of_its_shard_and_the_pattern_matches_all():
    flags = Flags(plan_of())
    words = shlex.split(flags.source("train", "00001"))
    assert words[0] == "--source" and json.loads(words[1])["kind"] == "generated"
    assert words[2:] == ["--shard", "1"]
    assert shlex.split(flags.shards("train", [])) == ["r/data/train/train-*-of-00002.tfrecord"]


def test_the_first_evaluated_split_is_resampled_as_configured():
    words = {"evaluate": ["train", "validate"], "confidence": {"resamples": 200, "level": 0.9}}
    flags = Flags(plan_of(lambda c: c["run"].update(words)))
    assert flags.confidence == "--split train --resamples 200 --level 0.9 --seed 0"
