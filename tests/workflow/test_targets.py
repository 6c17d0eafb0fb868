"""The files of each target."""

from tests.workflow.test_plan import compressing, imported, learning, plan_of
from yt8m.workflow.targets import Targets


def targets_of(change=None) -> Targets:
    return Targets(plan_of(change))


def test_the_records_target_is_the_manifests_of_all_splits():
    assert targets_of().manifests == ["r/data/train.json", "r/data/validate.json"]


def test_the_teachers_target_is_members_weights_and_fingerprints():
    weights = [f"r/models/{m}/quantised/weights.safetensors" for m in ("bag", "memory", "vlad")]
    assert targets_of().teacher_members == weights
    assert targets_of().fingerprints == ["r/ensembles/teacher/fingerprint.json"]
    assert targets_of(imported).teacher_members == []


def test_the_soft_labels_target_is_the_manifest_and_every_shard():
    shards = [f"r/distillation/teacher/shard-0000{n}-of-00002.tfrecord" for n in range(2)]
    assert targets_of().soft_labels() == ["r/distillation/teacher/manifest.json", *shards]


def test_the_students_target_is_quantised_weights():
    assert targets_of().students == ["r/models/student/quantised/weights.safetensors"]


def test_the_final_ensemble_has_a_size_an_archive_its_card_and_metrics():
    files = ("size.json", "final.tar.gz", "model-card.md", "metrics.validate.json")
    assert targets_of().final_files == [f"r/ensembles/final/{name}" for name in files]


def predicting_two_splits(c):
    c["run"] = {"predict": ["train", "validate"]}


def test_each_predicted_split_has_a_table_and_a_submission():
    names = ("train.parquet", "train.csv", "validate.parquet", "validate.csv")
    predictions = targets_of(predicting_two_splits).predictions
    assert predictions == [f"r/predictions/final/{name}" for name in names]


def test_models_are_evaluated_at_all_stages_on_all_splits_for_evaluation():
    targets = targets_of(lambda c: c["run"].update(evaluate=["validate", "train"]))
    assert targets.stage_metrics(["vlad"]) == [
        f"r/models/vlad/{stage}/metrics.{split}.json"
        for stage in ("trained", "ema", "quantised")
        for split in ("validate", "train")
    ]
    both = [f"r/ensembles/teacher/metrics.{split}.json" for split in ("validate", "train")]
    assert targets.ensemble_metrics(["teacher"]) == both


def test_the_metrics_after_teachers_are_of_students_and_teachers():
    metrics = targets_of().metrics_after_teachers
    teacher = "r/ensembles/teacher/metrics.validate.json"
    assert metrics[-1] == teacher and len(metrics) == 3 + 1
    assert all(path.startswith("r/models/student/") for path in metrics[:-1])


def test_weights_and_graphs_are_only_of_what_this_run_makes():
    made = targets_of(imported).weights_and_graphs
    stages = ("trained", "ema", "quantised")
    assert made[:3] == [f"r/models/student/{stage}/weights.safetensors" for stage in stages]
    assert set(made[3:]) == {f"r/ensembles/{name}/ensemble.json" for name in ("teacher", "final")}


def test_the_report_reads_optional_results_if_they_are_made():
    plain, compressed = targets_of().reported(), targets_of(compressing).reported()
    assert plain["weights"] == plain["plans"] == plain["sweeps"] == []
    assert compressed["plans"] == ["r/ensembles/final/plan.json"]
    assert targets_of(learning).reported()["weights"] == ["r/ensembles/teacher/weights.json"]
    assert plain["digests"] == [
        *(f"r/data/{split}.digest" for split in ("train", "validate")),
        "r/distillation/teacher/manifest.digest",
    ]


def test_confidence_follows_from_the_videos_of_all_graphs():
    targets = targets_of()
    assert targets.reported()["confidence"] == "r/confidence.validate.parquet"
    videos = targets.resampled()["videos"]
    assert videos[:2] == [
        f"r/ensembles/{e}/videos.validate.parquet" for e in targets.plan.ensembles
    ]
    assert len(videos) == 2 + 3 * len(targets.plan.models)
