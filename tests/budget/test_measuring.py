"""Plans for real members: measured, applied, and within the budget."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.stages import write_stage
from tests.small import SCHEMA, write_dataset
from yt8m.artefacts import GRAPH, WEIGHTS
from yt8m.budget.batch_norm import estimate_statistics
from yt8m.budget.compare import compare
from yt8m.budget.encodings import all_encodings
from yt8m.budget.expected_gap import expected_gap
from yt8m.budget.measuring import make_plan, sample
from yt8m.budget.members import compress_member
from yt8m.budget.predictor import Predictor, read
from yt8m.budget.sweep import sweep
from yt8m.compression.encode import encode
from yt8m.compression.plan import MIN_ELEMENTS
from yt8m.compression.quantisers import uniform
from yt8m.compression.storage import Encoded, decode
from yt8m.config.compression import Compression
from yt8m.config.steps import Quantisation
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.metrics.gap import global_average_precision
from yt8m.quantisation import quantise_stage
from yt8m.recipes import read_settings
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph
from yt8m.serving.member import load_member
from yt8m.weights import load_weights

WAYS = [{"kind": "uniform", "bits": bits} for bits in (2, 4, 8)]
SETTINGS = read_settings(Compression, {"quantisers": WAYS, "min_elements": 2000, "videos": 40}, "")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return {split: Records(m) for split, m in write_dataset(folder).items()}


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    vlad = write_stage(folder, "vlad", 1, clusters=32, hidden=128)
    return {vlad: 0.6, write_stage(folder, "bag", 2, clusters=256, hidden=128): 0.4}


@pytest.fixture(scope="module")
def generous(stages, records):
    return make_plan("final", stages, records["train"], SETTINGS, 10_000_000, 16)


def graph_bytes(ensemble):
    """Bytes of all files of a graph."""
    return sum(p.stat().st_size for p in (ensemble / GRAPH).rglob("*") if p.is_file())


def test_with_bytes_to_spare_nothing_is_lost(generous):
    assert generous.predicted == 0
    assert generous.measured < 1e-6


def test_more_bits_lose_less(generous):
    options = zip(*(choice.options for choice in generous.choices), strict=True)
    two, four, eight, plain = (sum(option.loss for option in encoding) for encoding in options)
    assert two > four > eight > plain == 0
    assert min(option.loss for choice in generous.choices for option in choice.options) == 0


def test_the_loss_of_leaving_a_member_out_is_measured(stages, generous, records):
    predictors = [Predictor(load_member(stage)) for stage in stages]
    batches = [read(batch, SCHEMA) for batch in sample(records["train"], 40, 16)]
    vlad, bag = (p.all(batches) for p in predictors)
    together = np.float32(0.6) * vlad + np.float32(0.4) * bag
    lost = [expected_gap(together, together) - expected_gap(together, p) for p in (vlad, bag)]
    assert [absence.members for absence in generous.absences] == [("bag",), ("vlad",)]
    np.testing.assert_allclose([a.loss for a in generous.absences], lost, atol=1e-6)


@pytest.mark.parametrize("share", [0.45, 0.7])
def test_the_graph_on_disk_stays_within_the_budget(stages, records, generous, tmp_path, share):
    spare = generous.size_bytes - generous.fixed_bytes
    budget = int(generous.fixed_bytes + share * spare)
    plan = make_plan("final", stages, records["train"], SETTINGS, budget, 16)
    assert plan.size_bytes <= budget
    assert 0 < plan.measured < 3 * plan.predicted
    folders = {}
    for stage, weight in stages.items():
        out = tmp_path / stage.parent.name
        compress_member(plan, stage, out, 16)
        folders[out] = weight
    export_ensemble("final", folders, tmp_path / "final")
    assert 0.9 * plan.size_bytes < graph_bytes(tmp_path / "final") <= budget
    batch = records["validate"].batch(np.arange(8))
    graph = load_graph(tmp_path / "final")
    apart = [load_graph(folder) for folder in folders]
    mean = sum(w * g.predict(batch) for w, g in zip(folders.values(), apart, strict=True))
    np.testing.assert_allclose(graph.predict(batch), mean, atol=1e-5)


def test_a_plan_is_the_same_however_often_it_is_made(stages, records, generous):
    again = make_plan("final", stages, records["train"], SETTINGS, 10_000_000, 16)
    for first, second in zip(generous.choices, again.choices, strict=True):
        assert first.taken == second.taken
        assert [o.loss for o in first.options] == [o.loss for o in second.options]


def test_a_plan_for_other_weights_is_refused(generous, tmp_path):
    stage = write_stage(tmp_path, "vlad", seed=9)
    with pytest.raises(ArtefactError, match="was made for other weights of vlad"):
        compress_member(generous, stage, tmp_path / "out", 16)
    assert not (tmp_path / "out").exists()


def test_members_that_are_quantised_already_are_refused(stages, records, tmp_path):
    stage = next(iter(stages))
    quantise_stage(stage / WEIGHTS, Quantisation(uniform.Recipe(), 100), tmp_path)
    with pytest.raises(ArtefactError, match=r"vlad: .* is already quantised"):
        make_plan("final", {tmp_path: 1.0}, records["train"], SETTINGS, 10_000_000, 16)


def test_no_calibration_video_is_used_twice(records):
    batches = sample(records["train"], 50, 16)
    ids = [id for batch in batches for id in batch.ids]
    assert len(ids) == len(set(ids)) == 50
    assert [len(batch.ids) for batch in batches] == [16, 16, 16, 2]


def test_statistics_are_the_mean_over_the_batches(stages, records):
    """Of the first batch norm, whose input does not depend on other statistics."""
    member = load_member(next(iter(stages)))
    predictor = Predictor(member)
    batches = sample(records["train"], 32, 16)
    found = estimate_statistics(predictor, member.stored, batches)
    path = next(p for p in found if p.endswith("moving_mean") and "input" in p)
    expected = []
    for batch in batches:
        frames = batch.frames.astype(np.float64) * 4 / 255 + 4 / 512 - 2
        frames /= np.linalg.norm(frames, axis=-1, keepdims=True)
        valid = np.arange(frames.shape[1]) < batch.num_frames[:, None]
        expected.append(frames[valid].mean(axis=0))
    whole = np.mean(expected, axis=0)
    assert found[path].shape[0] in SCHEMA.features.values() or len(whole) == len(found[path])
    start = (
        0 if len(found[path]) in (len(whole), SCHEMA.features["rgb"]) else SCHEMA.features["rgb"]
    )
    part = whole[start : start + len(found[path])]
    np.testing.assert_allclose(found[path], part, atol=1e-5)


def test_a_sweep_scores_each_encoding_within_its_budget(stages, records, generous):
    rows = sweep(generous, list(stages), records["validate"], [1.0, 0.9], 16)
    assert rows[0]["encoding"] == "float32"
    whole = next(row["size_bytes"] for row in rows if row["encoding"] == "uniform")
    for row in rows[1:]:
        assert row["size_bytes"] <= row["share"] * whole + 1
        assert 0 <= row["gap"] <= 1


def test_a_sweep_counts_the_bytes_on_disk(stages, records, generous, tmp_path):
    """Including what decodes variables: the reported size of a graph with 8 bits is correct."""
    rows = sweep(generous, list(stages), records["validate"], [1.0], 16)
    row = next(row for row in rows if row["encoding"] == "uniform")
    folders = {}
    for stage, weight in stages.items():
        out = tmp_path / stage.parent.name
        quantise_stage(stage / WEIGHTS, Quantisation(uniform.Recipe(), MIN_ELEMENTS), out)
        folders[out] = weight
    export_ensemble("final", folders, tmp_path / "final")
    assert graph_bytes(tmp_path / "final") == pytest.approx(row["size_bytes"], rel=0.01)


def test_codes_are_kept_as_codes(stages, generous, tmp_path):
    plan = generous.within(generous.fixed_bytes + (generous.size_bytes - generous.fixed_bytes) // 3)
    stage = next(iter(stages))
    compress_member(plan, stage, tmp_path, 16)
    stored, header = load_weights(tmp_path / WEIGHTS)
    quantisers = plan.quantisers_of("vlad")
    assert any(isinstance(value, Encoded) for value in stored.values())
    for path, value in stored.items():
        assert isinstance(value, Encoded) == (quantisers.get(path) is not None), path
    assert header["model"]["name"] == "vlad"
    assert tf.io.gfile.exists(str(tmp_path / "sizes.json"))


def test_all_encodings_are_compared_on_equal_terms(stages, records):
    stage = next(iter(stages))
    encodings = all_encodings(["uniform", "float16"], [2, 8])
    assert [name for name, _ in encodings] == [
        "float32",
        "uniform bits=2",
        "uniform bits=8",
        "float16",
    ]
    rows = {
        row.encoding: row for row in compare(stage, encodings, records["validate"], 16, 5, 2000)
    }
    assert rows["float32"].error == 0 < rows["float16"].error < rows["uniform bits=8"].error
    assert rows["uniform bits=8"].error < rows["uniform bits=2"].error
    sizes = [
        rows[encoding].size_bytes for encoding in ("uniform bits=2", "uniform bits=8", "float16")
    ]
    assert sizes == sorted(sizes) and sizes[-1] < rows["float32"].size_bytes
    assert abs(rows["float16"].gap - rows["float32"].gap) < 0.01


class WithoutLabels(Records):
    """The same records as of a split that nobody labelled."""

    def batch(self, indices):
        found = super().batch(indices)
        return replace(found, labels=np.zeros_like(found.labels))


def test_labels_as_a_guide_measure_what_each_encoding_costs_in_gap(stages, records):
    guided = replace(SETTINGS, guide="labels", videos=60)
    (vlad, _) = stages
    plan = make_plan("final", {vlad: 1.0}, records["validate"], guided, 10_000_000, 16)
    batches = sample(records["validate"], 60, 16)
    labels = np.concatenate([batch.labels for batch in batches])
    member = load_member(vlad)
    predictor, inputs = Predictor(member), [read(batch, SCHEMA) for batch in batches]
    before = global_average_precision(predictor.all(inputs), labels)
    assert plan.guide == "labels" and plan.choices
    for choice in plan.choices:
        value = member.stored[choice.variable]
        replaced = {choice.variable: decode(encode("", value, uniform.Recipe(2)))}
        after = global_average_precision(predictor.all(inputs, replaced), labels)
        assert choice.options[0].loss == pytest.approx(max(before - after, 0.0), abs=1e-9)
    assert any(choice.options[0].loss for choice in plan.choices)


def test_a_split_without_labels_guides_no_plan(stages, records):
    guided = replace(SETTINGS, guide="labels")
    unlabelled = WithoutLabels(records["validate"].manifest)
    with pytest.raises(ArtefactError, match=r"final: none of the \d+ videos has a label"):
        make_plan("final", stages, unlabelled, guided, 10_000_000, 16)
