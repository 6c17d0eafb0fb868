"""What runs again after which change: no more, and no less."""

import os

import pytest

pytestmark = pytest.mark.xdist_group("workflow")  # one finished run serves all

FIRST = {
    "generate": 3,
    "manifest": 2,
    "model_config": 12,
    "train": 4,
    "ema": 4,
    "quantise": 4,
    "ensemble": 2,
    "fingerprint": 2,
    "distil": 2,
    "distilled_manifest": 1,
    "evaluate": 12,
    "evaluate_ensemble": 2,
    "size": 2,
    "archive": 1,
    "predict": 1,
    "submit": 1,
    "report": 1,
}


def test_a_first_run_makes_everything(built):
    assert built.first == FIRST
    for name in ("report.html", "ensembles/final/final.tar.gz", "predictions/final/validate.csv"):
        assert built.path(name).stat().st_size > 0
    assert not list(built.path(".").rglob("*.part*"))
    assert not list(built.path("state").rglob("*.*"))


def test_a_second_run_does_nothing(built):
    assert built.plan() == {}


def test_a_comment_and_the_order_of_words_change_nothing(done):
    done.write_config(lambda c: dict(reversed(c.items())), comment="# a remark\n")
    assert done.plan() == {}


def test_files_with_newer_dates_and_the_same_content_change_nothing(done):
    for name in ("data/train.json", "ensembles/teacher/ensemble.json"):
        os.utime(done.path(name))
    for file in done.path("ensembles/teacher/graph").rglob("*"):
        os.utime(file)
    assert done.plan() == {}


def test_another_way_to_score_trains_nothing(done):
    done.write_config(lambda c: c.update(inference={"top_k": 5}))
    assert done.plan() == {
        "evaluate": 12,
        "evaluate_ensemble": 2,
        "predict": 1,
        "submit": 1,
        "report": 1,
    }


def test_another_quantiser_of_a_student_trains_nothing(done):
    def change(c):
        student = {**c["models"]["student"], "quantise": {"min_elements": 50}}
        c["models"] = {**c["models"], "student": student}

    done.write_config(change)
    plan = done.plan()
    assert plan["model_config"] == 1 and plan["quantise"] == 1
    assert not plan.keys() & {"train", "ema", "distil", "generate"}


def test_a_students_setting_leaves_its_teacher_alone(done):
    def change(c):
        student = {**c["models"]["student"], "teacher_weight": 0.9}
        c["models"] = {**c["models"], "student": student}

    done.write_config(change)
    assert done.run() == {
        "model_config": 3,
        "train": 1,
        "ema": 1,
        "quantise": 1,
        "ensemble": 1,
        "fingerprint": 1,
        "evaluate": 3,
        "evaluate_ensemble": 1,
        "size": 1,
        "archive": 1,
        "predict": 1,
        "submit": 1,
        "report": 1,
    }
    assert done.plan() == {}


def test_other_weights_of_the_teacher_train_no_member_again(done):
    def change(c):
        c["ensembles"]["teacher"]["members"] = {"vlad": 0.4, "bag": 0.3, "memory": 0.3}

    done.write_config(change)
    ran = done.run()
    assert ran["distil"] == 2 and ran["train"] == 1 and ran["ema"] == 1
    assert ran["ensemble"] == 2 and ran["fingerprint"] == 2
    assert done.plan() == {}


def test_a_tuned_member_of_the_teacher_remakes_its_chain_the_shards_and_the_students(done):
    def change(c):
        bag = {**c["models"]["bag"], "training": {"learning_rate": 0.02}}
        c["models"] = {**c["models"], "bag": bag}

    done.write_config(change)
    ran = done.run()
    expected = {"train": 2, "ema": 2, "quantise": 2, "ensemble": 2, "distil": 2}
    assert {rule: ran[rule] for rule in expected} == expected
    assert "generate" not in ran and "manifest" not in ran
    assert done.plan() == {}


def test_a_lost_shard_is_made_again_and_teaches_nothing_new(done):
    shard = "distillation/teacher/shard-00001-of-00002.tfrecord"
    before = done.path(shard).read_bytes()
    done.remove(shard)
    assert done.plan("distillation") == {"distil": 1, "distilled_manifest": 1}
    done.run("distillation")
    assert done.path(shard).read_bytes() == before
    assert done.plan() == {}


def test_a_partial_target_makes_its_ancestors_and_no_more(done):
    done.remove("models/vlad/ema")
    done.remove("models/bag/ema")
    assert done.plan("results/models/vlad/ema/metrics.validate.json") == {
        "model_config": 1,
        "ema": 1,
        "evaluate": 1,
    }


def test_the_originals_record_layout_teaches_the_students_too(done):
    done.write_config(lambda c: c.update(distillation={"layout": "full"}))
    ran = done.run("students")
    assert ran["distil"] == 2 and ran["train"] == 1 and ran["ema"] == 1
    shard = done.path("distillation/teacher/shard-00000-of-00002.tfrecord").read_bytes()
    assert b"predictions" in shard and b"video_id" in shard


def test_shards_can_be_written_many_a_job(done):
    done.write_config(lambda c: c.update(distillation={"shards_per_job": 10}))
    assert done.plan("distillation") == {"distil_rest": 1, "distilled_manifest": 1}
