"""The inputs of ensembles, soft labels and shards, in the plan."""

from tests.workflow.test_input_files import from_files
from tests.workflow.test_plan import compressing, learning, plan_of
from yt8m.workflow.record_files import Undated

MEMBERS = ("bag", "memory", "vlad")


def calibrating(c):
    c["dataset"]["source"] = {**c["dataset"]["source"]}
    splits = {**c["dataset"]["source"]["splits"], "held_out": [1, 30]}
    c["dataset"]["source"]["splits"] = splits
    c["ensembles"]["final"]["compress"] = {"split": "held_out"}


def test_an_ensemble_is_made_from_quantised_weights_unless_it_is_compressed():
    plan = plan_of(compressing)
    assert plan.source_stage("teacher") == "quantised" and plan.source_stage("final") == "ema"
    assert plan.member_source("final", "student") == "r/models/student/ema/weights.safetensors"
    assert plan.member_source("teacher", "bag") == "r/models/bag/quantised/weights.safetensors"


def test_the_folders_of_members_are_of_their_stage_or_compressed():
    plan = plan_of(compressing)
    assert plan.source_folders("teacher") == [f"r/models/{m}/quantised" for m in MEMBERS]
    assert plan.member_folders("teacher") == plan.source_folders("teacher")
    assert plan.source_folders("final") == ["r/models/student/ema"]
    assert plan.member_folders("final") == ["r/ensembles/final/members/student"]


def test_an_archive_holds_the_settings_of_members_in_the_order_of_the_config():
    configs = plan_of().member_configs("teacher")
    assert configs == [f"r/models/{name}/config.json" for name in ("vlad", "bag", "memory")]


def test_a_compression_plan_is_made_on_its_own_split():
    plan = plan_of(calibrating)
    assert plan.calibration_records("final") == "r/data/held_out.json"
    assert isinstance(plan.calibration_records("final"), Undated)
    assert plan.calibration_digest("final") == "r/data/held_out.digest"
    assert plan.splits == ["held_out", "train", "validate"]


def test_weights_are_learned_on_the_named_split():
    records = plan_of(learning).weight_learning_records("teacher")
    assert records == "r/data/validate.json" and isinstance(records, Undated)


def test_an_archive_has_a_licence_if_one_is_given(tmp_path):
    assert plan_of().licence == []
    file = tmp_path / "LICENCE"
    file.write_text("free")
    plan = plan_of(lambda c: c.update(card={"licence_file": str(file)}))
    assert plan.licence == [str(file)] and isinstance(plan.licence[0], Undated)


def test_soft_labels_have_as_many_shards_as_the_training_split():
    plan = plan_of()
    names = [f"r/distillation/teacher/shard-0000{n}-of-00002.tfrecord" for n in range(2)]
    assert plan.soft_label_shards("teacher") == names
    assert plan.shard_jobs.shards == 2


def test_a_manifest_reads_generated_shards_or_the_list_of_given_ones():
    names = [f"r/data/train/train-0000{n}-of-00002.tfrecord" for n in range(2)]
    assert plan_of().shards("train") == names and plan_of().number_of_shards("train") == 2
    assert plan_of(from_files).shards("train") == ["r/data/train.sources"]
