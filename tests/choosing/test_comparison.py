"""Comparing candidates by metrics that belong together."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from yt8m.choosing.choice import read_choice
from yt8m.choosing.comparison import choose
from yt8m.cli import main
from yt8m.data.manifest import Manifest, Shard, write_manifest
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.files import write_metrics
from yt8m.origins import Origin, header_of
from yt8m.weights import read_header, save_weights

SCHEMA = Schema({"rgb": 4}, classes=3, max_frames=5)
LABELS = np.eye(3, dtype=bool)


def manifest(split="validate", digest="0") -> Manifest:
    return Manifest(SCHEMA, split, (Shard(Path("/s.tfrecord"), 3, 100, digest * 64),))


def candidate(folder: Path, name: str, right: int, top_k: int = 2, loss=1.0, records=None) -> Path:
    """Write weights, and metrics of predictions that are right for so many of three videos."""
    stage = folder / name / "ema"
    identity = {"name": name, "recipe": {"kind": "netvlad"}, "schema": SCHEMA.as_json()}
    weights = {"v": np.full(3, right, np.float32)}
    header = header_of(identity, Origin("ema"))
    save_weights(stage / "weights.safetensors", weights, header)
    metrics = Metrics(3, top_k)
    predictions = np.where(LABELS, 0.9, 0.1).astype(np.float32)
    predictions[right:] = np.roll(predictions[right:], 1, axis=1)
    metrics.add(predictions, LABELS, loss)
    digest = read_header(stage / "weights.safetensors")[1]
    write_metrics(
        stage / "metrics.validate.json",
        metrics.result(),
        digest,
        (records or manifest()).digest,
    )
    return stage


def files(*stages: Path) -> dict[Path, Path]:
    return {stage: stage / "metrics.validate.json" for stage in stages}


def test_the_best_candidates_are_chosen_with_all_that_was_compared(tmp_path):
    stages = [candidate(tmp_path, name, right) for name, right in [("a", 1), ("b", 3), ("c", 2)]]
    choice = choose("final", files(*stages), manifest(), "hit_at_one", 2)
    assert choice.members == ["b", "c"] and choice.split == "validate" and choice.top_k == 2
    assert [c.name for c in choice.candidates] == ["b", "c", "a"]
    values = [c.value for c in choice.candidates]
    assert values[0] == 1.0 and values == sorted(values, reverse=True)
    assert choice.candidates[2].weights == read_header(stages[0] / "weights.safetensors")[1]
    assert choice.records == manifest().digest


def test_metrics_of_other_weights_or_records_are_refused(tmp_path):
    a, b = candidate(tmp_path, "a", 1), candidate(tmp_path, "b", 2)
    metrics = {a: a / "metrics.validate.json", b: a / "metrics.validate.json"}
    with pytest.raises(ArtefactError, match="holds metrics of a different graph"):
        choose("final", metrics, manifest(), "gap", 1)
    with pytest.raises(ArtefactError, match="holds metrics on different records"):
        choose("final", files(a, b), manifest(digest="1"), "gap", 1)


def test_metrics_over_other_numbers_of_predictions_are_refused(tmp_path):
    stages = [candidate(tmp_path, "a", 1), candidate(tmp_path, "b", 2, top_k=1)]
    with pytest.raises(ArtefactError, match=r"\(top_k\): a 2, b 1; evaluate them again"):
        choose("final", files(*stages), manifest(), "gap", 1)


def test_a_metric_that_was_not_computed_is_refused(tmp_path):
    stages = [candidate(tmp_path, "a", 1), candidate(tmp_path, "b", 2, loss=None)]
    with pytest.raises(ArtefactError, match=r"b/ema/metrics.validate.json: has no loss"):
        choose("final", files(*stages), manifest(), "loss", 1)


def test_one_model_twice_or_too_few_are_refused(tmp_path):
    stages = [candidate(tmp_path, "a", 1), candidate(tmp_path / "again", "a", 2)]
    with pytest.raises(ArtefactError, match="again/a/ema: holds a, as does"):
        choose("final", files(*stages), manifest(), "gap", 1)
    with pytest.raises(ArtefactError, match="2 members from 1 candidates"):
        choose("final", files(stages[0]), manifest(), "gap", 2)


def test_the_command_writes_and_prints_the_choice(tmp_path):
    stages = [candidate(tmp_path, name, right) for name, right in [("a", 1), ("b", 3), ("c", 2)]]
    write_manifest(manifest(), tmp_path / "validate.json")
    arguments = ["choose", "final", "--records", str(tmp_path / "validate.json"), "--count", "2"]
    for stage, path in files(*stages).items():
        arguments += ["--candidate", str(stage), str(path)]
    out = tmp_path / "choice.json"
    done = CliRunner().invoke(main, [*arguments, "--by", "hit_at_one", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert read_choice(out, "final").members == ["b", "c"]
    assert "by hit_at_one on validate, b 1.0000, c " in done.output and "next is a" in done.output
