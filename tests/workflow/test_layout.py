"""The paths of results."""

import pytest

from yt8m.workflow.layout import Layout, digest_beside, ensemble_files, metric_files

LAYOUT = Layout("r")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (LAYOUT.manifest("train"), "r/data/train.json"),
        (LAYOUT.hashed_ids("train"), "r/data/train.ids.npy"),
        (LAYOUT.shard_list("train"), "r/data/train.sources"),
        (LAYOUT.shard("train", "00001", "00003"), "r/data/train/train-00001-of-00003.tfrecord"),
        (LAYOUT.comparison["digest"], "r/data/duplicate-videos.digest"),
        (LAYOUT.config("vlad"), "r/models/vlad/config.json"),
        (LAYOUT.config("vlad", "ema/"), "r/models/vlad/ema/config.json"),
        (LAYOUT.weights("vlad", "ema"), "r/models/vlad/ema/weights.safetensors"),
        (LAYOUT.fitted("vlad", "trained")["history"], "r/models/vlad/trained/history.csv"),
        (LAYOUT.quantised("vlad")["sizes"], "r/models/vlad/quantised/sizes.json"),
        (LAYOUT.graph("t"), "r/ensembles/t/graph/saved_model.pb"),
        (LAYOUT.archive("t"), "r/ensembles/t/t.tar.gz"),
        (LAYOUT.sweep("t", "test"), "r/ensembles/t/sweep.test.json"),
        (LAYOUT.model_points("vlad"), "r/frontier/vlad.json"),
        (LAYOUT.frontier, "r/frontier/points.csv"),
        (LAYOUT.compressed("t", "m")["weights"], "r/ensembles/t/members/m/weights.safetensors"),
        (LAYOUT.distilled_shard("t", "*", "00003"), "r/distillation/t/shard-*-of-00003.tfrecord"),
        (LAYOUT.predictions("t", "test", "csv"), "r/predictions/t/test.csv"),
        (LAYOUT.state("train", "m"), "r/state/train/m"),
    ],
)
def test_every_result_has_its_path(path, expected):
    assert path == expected


def test_names_and_the_root_may_be_wildcards():
    folder = Layout("<results>").stage("{model}", "{stage}")
    assert metric_files(folder, "{split}") == {
        "metrics": "<results>/models/{model}/{stage}/metrics.{split}.json",
        "classes": "<results>/models/{model}/{stage}/classes.{split}.parquet",
        "videos": "<results>/models/{model}/{stage}/videos.{split}.parquet",
    }


def test_a_digest_is_beside_its_manifest():
    assert digest_beside(LAYOUT.manifest("train")) == "r/data/train.digest"
    assert digest_beside(LAYOUT.distilled("t")) == "r/distillation/t/manifest.digest"


def test_an_ensemble_has_the_same_layout_everywhere():
    files = ensemble_files(LAYOUT.ensemble("t"))
    assert files["description"] == LAYOUT.description("t") and files["graph"] == LAYOUT.graph("t")
    assert ensemble_files("/theirs")["description"] == "/theirs/ensemble.json"
