"""How shards are divided among jobs that read them."""

import pytest

from tests.workflow.test_plan import plan_of
from yt8m.workflow.flags import Flags
from yt8m.workflow.job_parts import JobParts
from yt8m.workflow.shell import quoted


@pytest.mark.parametrize(("things", "per_job"), [(1, 1), (5, 2), (6, 2), (7, 3844), (3844, 200)])
def test_every_thing_is_read_by_one_job_and_no_job_reads_more_than_it_should(things, per_job):
    parts = JobParts(things, per_job)
    numbers = [parts.numbers(name) for name in parts.names]
    assert [number for some in numbers for number in some] == [*range(things)]
    assert len(numbers) == parts.count == int(parts.total)
    assert all(1 <= len(some) <= per_job for some in numbers)


def test_things_that_are_added_change_the_last_part_only():
    before, after = JobParts(5, 2), JobParts(6, 2)
    assert [after.numbers(name) for name in after.names][:2] == [range(2), range(2, 4)]
    assert (before.numbers("00002"), after.numbers("00002")) == (range(4, 5), range(4, 6))
    assert after.numbers_option("00002") == "--numbers 4-5"
    assert after.as_option("00002") == "--part 2/3"


def in_parts(**most):
    """A change of the config: jobs read at most so many shards; train has three."""

    def change(c):
        c["resources"] = {step: {"shards_per_job": number} for step, number in most.items()}
        c["dataset"]["source"] = {
            **c["dataset"]["source"],
            "splits": {"train": [3, 60], "validate": [1, 30]},
        }

    return change


def test_only_a_split_with_more_shards_than_a_job_reads_is_read_in_parts():
    plan = plan_of(in_parts(records=2))
    assert plan.surveyed_splits == ["train"] and plan.inferred_in_parts == []
    parts = [plan.layout.surveyed("train", f"0000{n}", "00002") for n in range(2)]
    assert plan.manifest_inputs("train") == parts
    assert plan.manifest_inputs("validate") == plan.shards("validate")
    shards = plan.shards("train")
    assert plan.part_inputs("train", "00000") == shards[:2]
    assert plan.part_inputs("train", "00001") == shards[2:]


def test_by_default_a_job_reads_two_hundred_shards():
    plan = plan_of(in_parts())
    assert plan.surveyed_splits == [] and plan.soft_label_parts is None
    assert plan_of(in_parts(infer=3)).inferred_in_parts == []
    assert plan_of(in_parts(infer=2)).inferred_in_parts == ["train"]


def many(c):
    """A training split that is distilled into 450 shards."""
    in_parts(records=7)(c)
    c["dataset"]["source"]["splits"]["train"] = [450, 900]


def test_soft_labels_are_read_two_hundred_shards_a_job_whatever_the_setting():
    plan = plan_of(many)
    shards = plan.soft_label_shards("teacher")
    parts = plan.soft_label_manifest_inputs("teacher")
    assert len(parts) == 3 and len(plan.surveyed("train")) == 65
    found = [plan.soft_label_part("teacher", f"0000{n}") for n in range(3)]
    assert [shard for part in found for shard in part] == shards and len(found[2]) == 50
    option = Flags(plan).soft_label_shards("teacher")
    assert option == f"--parts {quoted(plan.layout.surveyed_soft_labels('teacher', '*', '00003'))}"


def test_soft_labels_are_surveyed_as_what_they_are():
    def full(c):
        many(c)
        c["distillation"] = {"layout": "full"}

    option = Flags(plan_of(many)).soft_label_part("teacher", "00002")
    assert "of-00450.tfrecord' --numbers 400-449 --part 2/3 --soft-labels" in option
    assert "--soft-labels" not in Flags(plan_of(full)).soft_label_part("teacher", "00000")
