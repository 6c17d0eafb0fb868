"""What is made from what, as plain Python."""

import copy

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.workflow.flags import Flags
from yt8m.workflow.layout import Layout
from yt8m.workflow.plan import Plan
from yt8m.workflow.record_files import Undated
from yt8m.workflow.shard_jobs import ShardJobs
from yt8m.workflow.targets import Targets


def plan_of(change=None) -> Plan:
    """The plan of the small config, changed by a function of it."""
    settings = copy.deepcopy(config())
    if change is not None:
        change(settings)
    return Plan(read_experiment(settings), Layout("r"))


def compressing(c):
    c["ensembles"]["final"]["compress"] = {"sweep": [0.5]}


def recovering(c):
    c["ensembles"]["final"]["compress"] = {"recovery": {"epochs": 1}}


def learning(c):
    c["ensembles"]["teacher"]["learn"] = {"folds": 3}


def full_records(c):
    c["distillation"] = {"layout": "full"}


def validating(c):
    """One of four models is validated on a split of its own."""
    c["dataset"]["source"]["splits"]["other"] = [1, 20]
    c["models"]["bag"] = {**c["models"]["bag"], "training": {"validate": {"split": "other"}}}


def imported(c):
    c["ensembles"]["teacher"] = {"folder": "/theirs"}


def test_a_student_learns_from_its_teachers_soft_labels_beside_the_records():
    plan = plan_of()
    assert plan.teachers_of_model("student") == ["teacher"]
    assert plan.training_records("student") == "r/data/train.json"
    assert plan.soft_labels("student") == ["r/distillation/teacher/manifest.json"]
    digests = ["r/data/train.digest", "r/distillation/teacher/manifest.digest"]
    assert plan.training_digests("student") == digests


def test_other_models_learn_from_records_only():
    plan = plan_of()
    assert plan.teachers_of_model("vlad") == [] and plan.soft_labels("vlad") == []
    assert plan.training_digests("vlad") == ["r/data/train.digest"]
    assert plan.models_without_teacher == ["vlad", "bag", "memory"] and plan.students == ["student"]


def test_only_a_model_that_is_validated_reads_the_records_for_it():
    plan = plan_of(validating)
    assert plan.validation_records("bag") == ["r/data/other.json"]
    assert plan.training_digests("bag") == ["r/data/train.digest", "r/data/other.digest"]
    assert plan.validation_records("vlad") == []
    assert plan.training_digests("vlad") == ["r/data/train.digest"]
    assert plan.splits == ["other", "train", "validate"] and "other" in plan.labelled
    assert "r/data/other.json" in plan.compared, "it may hold no video of the training split"


def test_a_model_is_validated_on_the_first_evaluated_split_by_default():
    plan = plan_of(lambda c: c["training"].update(validate={}))
    assert plan.validation_records("vlad") == ["r/data/validate.json"]
    assert plan.splits == ["train", "validate"]


def test_full_shards_replace_the_records():
    plan = plan_of(full_records)
    assert plan.training_records("student") == "r/distillation/teacher/manifest.json"
    assert plan.soft_labels("student") == []
    assert plan.training_records("vlad") == "r/data/train.json"


def test_dates_of_manifests_and_given_files_are_ignored():
    plan = plan_of(imported)
    undated = [plan.records("train"), *plan.soft_labels("student"), *plan.hashed_ids]
    undated += plan.import_files("teacher").values()
    assert all(isinstance(path, Undated) for path in undated)
    dated = [plan.digest("train"), *plan.training_digests("student"), *plan.shards("train")]
    assert not any(isinstance(path, Undated) for path in dated)


def test_members_are_of_their_stage_or_compressed_for_the_budget():
    quantised = ["r/models/student/quantised/weights.safetensors"]
    assert plan_of().member_weights("final") == quantised
    plan = plan_of(compressing)
    compressed = ["r/ensembles/final/members/student/weights.safetensors"]
    assert plan.member_weights("final") == compressed
    assert plan.source_weights("final") == ["r/models/student/ema/weights.safetensors"]
    assert plan.member_config("final", "student") == "r/models/student/ema/config.json"


def test_compressed_members_are_fine_tuned_on_their_training_records_on_request():
    assert plan_of(compressing).recovery_records("final", "student") == []
    plan = plan_of(recovering)
    assert plan.recovery_records("final", "student") == ["r/data/train.json"]
    assert plan.recovery_soft_labels("final", "student") == plan.soft_labels("student")
    assert plan.recovery_digests("final", "student") == plan.training_digests("student")


def test_learned_weights_are_an_input_if_they_are_learned():
    assert plan_of().learned_weights("teacher") == []
    plan = plan_of(learning)
    assert plan.learned_weights("teacher") == ["r/ensembles/teacher/weights.json"]
    assert plan.learned_weights("final") == []
    assert plan.weight_learning_digest("teacher") == "r/data/validate.digest"


def test_an_imported_ensemble_has_no_members_here():
    plan = plan_of(imported)
    assert plan.imported == ["teacher"] and plan.combined == ["final"]
    assert plan.models == ["student"] and plan.members("teacher") == []
    assert plan.import_files("teacher")["description"] == "/theirs/ensemble.json"


def test_splits_for_training_and_evaluation_are_compared():
    plan = plan_of()
    assert plan.splits == ["train", "validate"] and plan.evaluated == ["validate"]
    assert plan.compared == ["r/data/train.json", "r/data/validate.json"]
    assert plan.not_compared == []


def evaluating_what_is_learned_from(c):
    c["run"] = {"evaluate": ["train"], "predict": ["validate"]}


def test_with_one_split_there_is_nothing_to_compare():
    plan = plan_of(evaluating_what_is_learned_from)
    assert plan.evaluated == [] and plan.comparison == []
    assert plan.decided is None and plan.thresholds("final") == []  # nor to choose thresholds on


def test_thresholds_are_chosen_on_the_first_split_that_nothing_was_trained_on():
    plan = plan_of(lambda c: c["run"].update(evaluate=["train", "validate"]))
    assert plan.decided == "validate"
    assert plan.scores("final") == "r/ensembles/final/scores.validate.parquet"
    files = [f"r/ensembles/final/{name}" for name in ("thresholds.csv", "calibration.json")]
    assert plan.thresholds("final") == files == Targets(plan).reported()["thresholds"]


def test_only_a_run_with_videos_has_videos_to_show():
    assert plan_of().thumbnails("final") == []


ERRORS = ("mistakes", "confusions", "scores")


def test_errors_are_those_on_the_first_split_that_nothing_was_trained_on():
    plan = plan_of(lambda c: c["run"].update(evaluate=["train", "validate"]))
    of = {word: f"r/ensembles/final/{word}.validate.parquet" for word in ERRORS}
    assert plan.errors("final") == [*of.values()] == Targets(plan).reported()["errors"]
    assert plan.class_gains("final") == ["r/ensembles/final/class-gains.validate.parquet"]
    tables = Targets(plan).reported()["classes"]
    assert {path.split(".")[-2] for path in tables} == {"train", "validate"}
    written = {f"--{word}-out {path}" for word, path in of.items()}
    assert all(option in Flags(plan).observed("final", "validate") for option in written)


def test_a_run_that_evaluates_no_other_split_has_no_errors_to_show():
    plan = plan_of(evaluating_what_is_learned_from)
    assert plan.errors("final") == plan.class_gains("final") == []
    assert Flags(plan).class_gains() == ""


def test_a_report_reads_everything_that_is_made():
    reported = Targets(plan_of(compressing)).reported()
    assert reported["sweeps"] == ["r/ensembles/final/sweep.validate.json"]
    assert reported["distilled"] == ["r/distillation/teacher/manifest.json"]
    assert len(reported["metrics"]) == 4 * 3 + 2 and len(reported["histories"]) == 4 * 2


@pytest.mark.parametrize(
    ("shards", "per_job", "jobs", "rest"),
    [
        (3, 1, ["0-0", "1-1", "2-2"], []),
        (25, 10, ["0-9", "10-19"], range(20, 25)),
        (3, 10, [], range(3)),
    ],
)
def test_every_shard_is_written_by_one_job(shards, per_job, jobs, rest):
    found = ShardJobs(shards, per_job)
    assert found.rest == [f"{number:05d}" for number in rest]
    assert found.total == f"{shards:05d}"
    numbers = [f"{j:0{found.job_digits}d}" for j in range(len(jobs))]
    assert [found.of_job(number) for number in numbers] == jobs
    written = [f"{job}{place}" for job in numbers for place in found.places] + found.rest
    assert written == found.numbers
    if rest:
        assert found.of_rest == f"{rest[0]}-{rest[-1]}"
