"""Learning weights from whole models and records."""

import json
from itertools import islice

import numpy as np
import pytest
from click.testing import CliRunner

from tests.serving.test_graph import write_stage
from tests.small import SCHEMA, write_dataset
from yt8m.artefacts import read_member_weights
from yt8m.cli import main
from yt8m.config.ensembles import WeightLearning
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.metrics.cross_entropy import losses
from yt8m.metrics.gap import global_average_precision
from yt8m.outputs.graph_predictions import predict_records
from yt8m.serving.graph import load_graph
from yt8m.weight_learning.run import collect, learn_weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("weight_learning")
    write_dataset(found)
    for number, name in enumerate(("vlad", "bag")):
        write_stage(found, name, number)
    return found


@pytest.fixture(scope="module")
def records(folder):
    from yt8m.data.manifest import read_manifest

    return Records(read_manifest(folder / "validate.json"))


@pytest.fixture(scope="module")
def stages(folder):
    return {folder / name / "trained": weight for name, weight in (("vlad", 0.25), ("bag", 0.75))}


def test_the_reported_scores_agree_with_full_predictions(stages, records):
    found = learn_weights(stages, records, WeightLearning(folds=3), batch_size=7)
    graphs = [load_graph(stage) for stage in stages]
    own = [np.concatenate([s.predictions for s in predict_records(g, records, 30)]) for g in graphs]
    labels = np.concatenate([s.batch.labels for s in predict_records(graphs[0], records, 30)])
    assert found["videos"] == len(labels) == 30
    for scores, weights in (
        (found["configured"]["metrics"], found["configured"]["weights"]),
        (found["learned"]["in_sample"], found["learned"]["weights"]),
    ):
        mixed = (weights["vlad"] * own[0] + weights["bag"] * own[1]).astype("f4")
        assert scores["gap"] == pytest.approx(global_average_precision(mixed, labels), abs=1e-5)
        assert scores["loss"] == pytest.approx(losses(mixed, labels).mean(), rel=1e-5)
    assert found["configured"]["weights"] == {"vlad": 0.25, "bag": 0.75}
    better = found["learned"]["out_of_fold"]["gap"] > found["configured"]["metrics"]["gap"]
    assert found["method"] == ("learned" if better else "configured")


def test_no_more_videos_are_predicted_than_requested(stages, records, monkeypatch):
    graphs = [load_graph(stage) for stage in stages]
    found = collect(graphs, records, videos=10, batch_size=4, kept=40)
    assert len(found) == 10 and found.labels.shape[1] == SCHEMA.classes
    first = next(iter(predict_records(graphs[0], records, 10)))
    np.testing.assert_allclose(found.predictions[:, :, 0], first.predictions, atol=1e-6)
    assert (
        sum(len(s.batch.ids) for s in islice(predict_records(graphs[0], records, 4, videos=10), 9))
        == 10
    )
    assert len(collect(graphs, records, videos=999, batch_size=8, kept=40)) == 30


def test_two_members_of_the_same_name_are_refused(stages, records, folder, tmp_path):
    twice = {folder / "vlad/trained": 0.5, write_stage(tmp_path, "vlad", 5): 0.5}
    with pytest.raises(ArtefactError, match="two members are called vlad"):
        learn_weights(twice, records, WeightLearning(), 16)


def test_the_command_writes_what_the_ensemble_reads(stages, folder, tmp_path):
    arguments = [a for stage, w in stages.items() for a in ("--member", str(w), str(stage))]
    out = tmp_path / "weights.json"
    options = ["--records", str(folder / "validate.json"), "--out", str(out)]
    settings = json.dumps({"folds": 2, "objective": "loss"})
    result = CliRunner().invoke(
        main, ["learn-weights", *arguments, "--settings", settings, *options]
    )
    assert result.exit_code == 0, result.output
    weights = read_member_weights(out).weights
    assert sum(weights.values()) == pytest.approx(1) and set(weights) == {"vlad", "bag"}
    combine = ["ensemble", "both", *arguments, "--weights", str(out), "--out", str(tmp_path / "e")]
    result = CliRunner().invoke(main, combine)
    assert result.exit_code == 0, result.output
    members = json.loads((tmp_path / "e/ensemble.json").read_text())["members"]
    used = {name: weight for name, weight in weights.items() if weight > 0}
    assert {m["name"]: m["weight"] for m in members} == used


@pytest.mark.parametrize("content", [{}, [], {"weights": {"vlad": "much"}}])
def test_a_file_of_other_content_is_not_accepted_as_weights(tmp_path, content):
    write_json(tmp_path / "weights.json", content)
    with pytest.raises(ArtefactError, match=r"weights\.json: .*(is missing|expected a)"):
        read_member_weights(tmp_path / "weights.json")
