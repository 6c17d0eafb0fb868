"""Models at a stage and ensembles as graphs."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.serving.stages import WEIGHTS_OF, write_stage
from tests.small import SCHEMA, write_dataset
from yt8m.artefacts import ENSEMBLE, GRAPH, WEIGHTS, MemberWeights
from yt8m.compression.quantisers import uniform
from yt8m.config.steps import Quantisation
from yt8m.data.examples import encode_video
from yt8m.data.records import Records
from yt8m.data.schema import Batch, Video, split_features
from yt8m.data.tfrecord import write_records
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.errors import ArtefactError
from yt8m.quantisation import quantise_stage
from yt8m.serving.archive import write_archive
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.graph import load_graph
from yt8m.serving.size import measure
from yt8m.weights import save_weights


def test_an_ensemble_is_the_weighted_mean_of_its_members(ensemble, quantised, batch):
    expected = sum(w * load_graph(quantised[n]).predict(batch) for n, w in WEIGHTS_OF.items())
    np.testing.assert_allclose(load_graph(ensemble).predict(batch), expected, atol=1e-6)


def test_quantised_predictions_differ_slightly_and_are_reproducible(stages, quantised, batch):
    before, after = load_graph(stages["vlad"]).predict(batch), load_graph(quantised["vlad"])
    assert 0 < np.abs(after.predict(batch) - before).max() < 0.05
    assert np.array_equal(after.predict(batch), after.predict(batch))


@pytest.mark.parametrize("rows", [1, 5, 12])
def test_batch_size_and_padding_change_nothing(ensemble, batch, rows):
    graph = load_graph(ensemble)
    whole = graph.predict(batch)
    frames = np.concatenate([batch.frames, np.full((12, 3, 32), 77, np.uint8)], axis=1)[:rows]
    part = Batch(batch.ids[:rows], frames, batch.num_frames[:rows], batch.labels[:rows])
    np.testing.assert_allclose(graph.predict(part), whole[:rows], atol=1e-5)


def test_floats_and_bytes_predict_the_same(ensemble, batch):
    graph = load_graph(ensemble)
    floats = batch.frames.astype("f4") * YOUTUBE_8M.step + YOUTUBE_8M.first
    found = graph.function(floats, batch.num_frames)
    np.testing.assert_allclose(found, graph.predict(batch), atol=1e-5)


STRANGER = """
import json, sys
import numpy as np
import tensorflow as tf
graph = tf.saved_model.load(sys.argv[1])
data = np.load(sys.argv[2])
by_bytes = graph.signatures["serving_default"](
    frames=tf.constant(data["frames"]), num_frames=tf.constant(data["num_frames"]))
records = list(tf.data.TFRecordDataset(sys.argv[2].replace("npz", "tfrecord")))
by_records = graph.signatures["records"](records=tf.stack(records))
np.savez(sys.argv[3], predictions=list(by_bytes.values())[0],
         ids=by_records["ids"].numpy().astype("S"),
         classes=by_records["classes"], scores=by_records["scores"])
assert "yt8m" not in sys.modules
"""


def test_a_python_with_tensorflow_alone_loads_it_and_predicts(ensemble, batch, tmp_path):
    records = [
        encode_video(Video(id, (), split_features(frames[:n], SCHEMA)), SCHEMA)
        for id, frames, n in zip(batch.ids, batch.frames, batch.num_frames, strict=True)
    ]
    np.savez(tmp_path / "in.npz", frames=batch.frames, num_frames=batch.num_frames)
    write_records(tmp_path / "in.tfrecord", records)
    arguments = [str(ensemble / GRAPH), str(tmp_path / "in.npz"), str(tmp_path / "out.npz")]
    done = subprocess.run(
        [sys.executable, "-I", "-c", STRANGER, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = np.load(tmp_path / "out.npz")
    expected = load_graph(ensemble).predict(batch)
    np.testing.assert_allclose(found["predictions"], expected, atol=1e-5)
    assert [i.decode() for i in found["ids"]] == batch.ids
    best = np.argsort(-expected, axis=1, kind="stable")
    np.testing.assert_array_equal(found["classes"][:, 0], best[:, 0])
    np.testing.assert_allclose(found["scores"], np.sort(expected)[:, ::-1], atol=1e-5)


def test_codes_are_kept_as_codes_on_disk(tmp_path):
    plain = write_stage(tmp_path, "vlad", hidden=2048)
    settings = Quantisation(uniform.Recipe(), min_elements=1000)
    quantise_stage(plain / WEIGHTS, settings, tmp_path / "small")
    for name, stage in (("plain", plain), ("small", tmp_path / "small")):
        export_ensemble(name, {stage: 1.0}, tmp_path / "ensembles" / name)
    large, small = (_data_bytes(tmp_path / "ensembles" / name) for name in ("plain", "small"))
    stored = sum(v["size_bytes"] for v in _variables(tmp_path / "ensembles/small"))
    assert small < stored + 10_000
    assert small < 0.3 * large


def _data_bytes(ensemble):
    return (ensemble / "graph/variables/variables.data-00000-of-00001").stat().st_size


def _variables(ensemble):
    described = json.loads((ensemble / ENSEMBLE).read_text())
    return [variable for member in described["members"] for variable in member["variables"]]


def test_the_fingerprint_depends_on_content_not_on_time(quantised, ensemble, tmp_path):
    export_ensemble("teacher", dict.fromkeys(quantised.values(), 1 / 3), tmp_path / "b")

    def taken(folder):
        return fingerprint(json.loads((folder / ENSEMBLE).read_text()))["digest"]

    assert taken(tmp_path / "b") != taken(ensemble)

    other_way = {quantised[name]: WEIGHTS_OF[name] for name in reversed(WEIGHTS_OF)}
    export_ensemble("teacher", other_way, tmp_path / "c")
    assert taken(tmp_path / "c") == taken(ensemble)
    values = "graph/variables/variables.data-00000-of-00001"
    assert (tmp_path / "c" / values).read_bytes() == (ensemble / values).read_bytes()


def test_learned_weights_replace_configured_ones_and_0_leaves_a_member_out(
    quantised, ensemble, batch, tmp_path
):
    stages = {quantised[n]: w for n, w in WEIGHTS_OF.items()}
    learned = {"vlad": 0.75, "bag": 0.0, "memory": 0.25}
    export_ensemble("teacher", stages, tmp_path / "a", learned=MemberWeights(learned))
    described = json.loads((tmp_path / "a" / ENSEMBLE).read_text())
    found = {m["name"]: m["weight"] for m in described["members"]}
    assert found == {"vlad": 0.75, "memory": 0.25}
    expected = sum(w * load_graph(quantised[n]).predict(batch) for n, w in found.items())
    np.testing.assert_allclose(load_graph(tmp_path / "a").predict(batch), expected, atol=1e-6)

    export_ensemble("teacher", stages, tmp_path / "b", learned=MemberWeights(WEIGHTS_OF))
    found, expected = (json.loads((f / ENSEMBLE).read_text()) for f in (tmp_path / "b", ensemble))
    assert fingerprint(found) == fingerprint(expected)
    with pytest.raises(ArtefactError, match="the weights are of bag, vlad; learn them again"):
        export_ensemble(
            "teacher", stages, tmp_path / "d", learned=MemberWeights({"vlad": 0.5, "bag": 0.5})
        )


def test_the_archive_is_reproducible_and_loads_where_it_is_unpacked(ensemble, tmp_path):
    write_archive(ensemble, tmp_path / "1.tar.gz")
    for file in ensemble.rglob("*"):
        file.touch()
    write_archive(ensemble, tmp_path / "2.tar.gz")
    assert (tmp_path / "1.tar.gz").read_bytes() == (tmp_path / "2.tar.gz").read_bytes()
    subprocess.run(["tar", "xzf", tmp_path / "1.tar.gz", "-C", tmp_path], check=True)
    assert load_graph(tmp_path / "teacher").schema == SCHEMA


def test_a_budget_is_met_or_the_largest_variables_are_named(ensemble):
    size = measure(ensemble, None)["size_bytes"]
    assert measure(ensemble, size)["budget_bytes"] == size
    with pytest.raises(ArtefactError, match="1 more than its budget_bytes") as error:
        measure(ensemble, size - 1)
    assert re.search(r"vlad +hidden/kernel +codebook, 8 bits\n", str(error.value))


@pytest.mark.parametrize("name", ["../x", "a\nb", ""])
def test_an_invalid_name_is_refused(quantised, tmp_path, name):
    with pytest.raises(ArtefactError, match="expected a name"):
        export_ensemble(name, {quantised["bag"]: 1.0}, tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("weight", [-0.5, float("nan")])
def test_a_weight_below_zero_is_refused(quantised, tmp_path, weight):
    with pytest.raises(ArtefactError, match=f"has weight {weight:g}; give 0 or more"):
        weights = dict(zip(quantised.values(), [weight, 1.0, 0.5], strict=True))
        export_ensemble("x", weights, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_weights_that_do_not_sum_to_one_are_refused(quantised, tmp_path):
    with pytest.raises(ArtefactError, match=r"sum to 0\.9; they must sum to 1"):
        weights = dict(zip(quantised.values(), [0.5, 0.3, 0.1], strict=True))
        export_ensemble("x", weights, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_members_of_other_classes_are_refused(quantised, tmp_path):
    from yt8m.weights import load_weights

    weights, header = load_weights(quantised["vlad"] / WEIGHTS)
    header["model"]["schema"]["classes"] = 7
    save_weights(tmp_path / "other" / WEIGHTS, weights, header)
    with pytest.raises(ArtefactError, match="vlad predicts 7 classes"):
        export_ensemble("x", {quantised["bag"]: 0.5, tmp_path / "other": 0.5}, tmp_path / "x")
    with pytest.raises(ArtefactError, match="its weights do not fit its recipe"):
        load_graph(tmp_path / "other")


def test_records_of_other_classes_are_refused(ensemble, tmp_path):
    from yt8m.outputs.graph_predictions import predict_records

    data = write_dataset(tmp_path)["validate"]
    other = Records(replace(data, schema=replace(SCHEMA, classes=7)))
    with pytest.raises(ArtefactError, match="was made for"):
        next(predict_records(load_graph(ensemble), other, 4))
    features = dict(reversed(SCHEMA.features.items()))  # as long, and each value another one
    swapped = Records(replace(data, schema=replace(SCHEMA, features=features)))
    with pytest.raises(ArtefactError, match="was made for"):
        next(predict_records(load_graph(ensemble), swapped, 4))


def test_videos_without_frames_are_refused(ensemble):
    frames, lengths = np.zeros((2, 0, SCHEMA.feature_size), np.uint8), np.zeros(2, np.int32)
    batch = Batch(["a", "b"], frames, lengths, np.zeros((2, SCHEMA.classes), bool))
    with pytest.raises(ArtefactError, match=r"frames are uint8 \(2, 0, 32\); expected .*1 or more"):
        load_graph(ensemble).predict(batch)


def test_a_folder_without_a_graph_is_refused(tmp_path):
    with pytest.raises(ArtefactError):
        load_graph(tmp_path)
