"""A loaded graph on arrays in memory and on videos."""

import shutil

import numpy as np
import pytest

import yt8m
from tests.labelling.made import NAMES, WIDTHS, projections
from tests.serving.own_features import write_given, write_linear
from tests.small import SCHEMA
from yt8m.artefacts import GRAPH
from yt8m.labelling.label import label_video
from yt8m.labelling.labeller import open_labeller
from yt8m.labelling.windows import Windows
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph


@pytest.fixture(scope="module")
def expected(place, batch):
    """float32 [30, 6]"""
    return load_graph(place / "it").predict(batch)


@pytest.fixture(scope="module")
def raw():
    """Two videos of 7 frames as an extractor gives them."""
    random = np.random.default_rng(2)
    return {n: random.normal(0.4, 0.3, (2, 7, w)).astype("f4") for n, w in WIDTHS.items()}


@pytest.fixture(scope="module")
def given_records(tmp_path_factory):
    """A graph of given records, without projections."""
    folder = tmp_path_factory.mktemp("records")
    export_ensemble("plain", {write_linear(folder / "linear"): 1.0}, folder / "plain")
    return yt8m.load(folder / "plain")


def by_name(frames):
    return {"rgb": frames[..., :24], "audio": frames[..., 24:]}


def close(found, expected):
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_it_tells_what_it_is(classifier, place):
    assert classifier.names == list(NAMES) and classifier.schema == SCHEMA
    assert (classifier.features, classifier.raw_features) == (dict(SCHEMA.features), WIDTHS)
    assert classifier.metrics["validate"]["gap"] == 1.0 and classifier.thresholds is None
    assert classifier.fingerprint == load_graph(place / "it").fingerprint
    files = [file for file in (place / "it" / GRAPH).rglob("*") if file.is_file()]
    assert classifier.size_bytes == sum(file.stat().st_size for file in files)
    assert "'it': 6 classes, rgb 24 + audio 8, " in repr(classifier)


def test_all_forms_of_the_same_videos_predict_the_same(classifier, batch, expected):
    apart = [f[:n] for f, n in zip(batch.frames, batch.num_frames, strict=True)]
    close(classifier.predict(batch), expected)
    close(classifier.predict(batch.frames, batch.num_frames), expected)
    close(classifier.predict(by_name(batch.frames), batch.num_frames.tolist()), expected)
    close(classifier.predict(apart), expected)
    close(classifier.predict([by_name(frames) for frames in apart], batch_size=7), expected)
    close(classifier.predict(apart[0]), expected[:1])
    close(classifier.predict(by_name(apart[0])), expected[:1])
    close(classifier.predict(apart[0].astype(np.int64)), expected[:1])
    assert classifier.predict([]).shape == (0, 6)


def test_dequantised_floats_predict_as_their_bytes(place, batch, given_records):
    bytes_of = given_records.predict(batch)
    floats = yt8m.read_records(place / "validate.json", dequantise=True)
    close(given_records.predict([video.features for video in floats]), bytes_of)
    (padded,) = floats.batches(30)
    close(given_records.predict(padded), bytes_of)
    from_videos = yt8m.load(place / "it")
    close(from_videos.predict(padded, features="records"), from_videos.predict(batch))


def test_an_extractors_values_predict_as_the_records_made_of_them(classifier, raw):
    made = projections()
    frames = [[made[n].to_bytes(video) for video in raw[n]] for n in SCHEMA.features]
    expected = classifier.predict(np.concatenate(frames, axis=2))
    close(classifier.predict(raw), expected)
    close(classifier.predict(np.concatenate([raw["rgb"], raw["audio"]], axis=2)), expected)
    silent = {"rgb": raw["rgb"][0], "audio": None}
    neutral = np.tile(made["audio"].neutral, (7, 1))
    close(classifier.predict(silent), classifier.predict(silent | {"audio": neutral}))
    assert abs(classifier.predict(silent) - expected[0]).max() > 1e-4


def test_frames_later_than_in_training_do_not_count(classifier, batch):
    longest = batch.frames[np.argmax(batch.num_frames)]
    longer = np.concatenate([longest, 255 - longest])
    close(classifier.predict(longer), classifier.predict(longer[: SCHEMA.max_frames]))


def test_the_best_classes_have_names(classifier, expected):
    best = classifier.top(expected, 2)
    assert len(best) == 30 and [len(labels) for labels in best] == [2] * 30
    label = best[0][0]
    assert label == classifier.top(expected[0], 1)[0] == (NAMES[label.index], *label[1:])
    assert label.index == expected[0].argmax()
    assert label.probability == pytest.approx(expected[0].max())


def test_any_numbers_are_ranked(classifier):
    """Bytes do not wrap around, and numbers below 0 are not left out."""
    classes = classifier.schema.classes
    for dtype in (np.uint8, np.int8, np.float16, np.float64):
        row = np.zeros(classes, dtype)
        row[3], row[1] = 100, 50
        assert [label.index for label in classifier.top(row, 3)] == [3, 1, 0]
    logits = np.log(np.linspace(0.1, 0.9, classes))
    best = [label.index for label in classifier.top(logits, classes)]
    assert best == list(range(classes))[::-1]
    with pytest.raises(yt8m.ArrayError, match="NaN"):
        classifier.top(np.where(np.arange(classes) == 2, np.nan, logits))


def test_thresholds_decide(place, tmp_path, expected, classifier):
    shutil.copytree(place / "it", tmp_path / "it")
    rows = [f"{i},{0.5 if i else ''}\n" for i in range(6)]  # class 0 is never given
    (tmp_path / "it/thresholds.csv").write_text("Index,Threshold\n" + "".join(rows))
    calibrated = yt8m.load(tmp_path / "it")
    calibrated.thresholds[:] = 0  # a copy
    found = calibrated.decide(expected)
    np.testing.assert_array_equal(found[:, 1:], expected[:, 1:] >= 0.5)
    assert found.any() and not found[:, 0].any()
    with pytest.raises(yt8m.ConfigError, match="has no thresholds; compare"):
        classifier.decide(expected)


def test_a_video_is_labelled_as_by_the_command(classifier, place):
    found = classifier.label(place / "clip.mp4", every=2, window=4)
    same = label_video(open_labeller(place / "it"), place / "clip.mp4", Windows(2, 4))
    np.testing.assert_array_equal(found.predictions, same.predictions)
    np.testing.assert_array_equal(found.over_time, same.over_time)
    assert found.parts == ((0, 4), (2, 6), (4, 7), (6, 7))


def test_a_missing_extractor_hinders_only_the_labelling_of_videos(tmp_path, batch):
    given = write_given(tmp_path / "given")  # whose digests no extractor here has
    export_ensemble("far", {write_linear(tmp_path / "linear"): 1.0}, tmp_path / "far", given=given)
    far = yt8m.load(tmp_path / "far")
    assert far.predict(batch).shape == (30, 6)
    with pytest.raises(yt8m.ConfigError, match="has other weights or settings here"):
        far.label("clip.mp4")


def test_a_model_at_a_stage_is_loaded_too(place, batch):
    stage = next((place / "models").glob("vlad/trained"))
    found = yt8m.load(stage)
    close(found.predict(batch), load_graph(stage).predict(batch))
    assert found.size_bytes == (stage / "weights.safetensors").stat().st_size
    assert found.names[5] == "class 5"


ONE = np.zeros((4, 32), np.uint8)


@pytest.mark.parametrize(
    ("videos", "lengths", "message"),
    [
        (ONE[:, :30], None, r"video 0: is uint8 \[4, 30\]; expected \[frames, 32\]"),
        ([ONE, ONE[:, :9]], None, r"video 1: is uint8 \[4, 9\]"),
        (ONE.astype("f4"), None, r"expected \[frames, 1408\] .* features=\"records\""),
        (ONE[:0], None, r"is uint8 \[0, 32\]"),
        ({"rgb": ONE}, None, r"video 0, rgb: is uint8 \[4, 32\]; expected \[frames, 24\]"),
        ({"rgb": ONE[:, :24]}, None, "lacks audio"),
        ({"rbg": ONE}, None, "'rbg' is not a feature of the graph"),
        ({}, None, "no feature"),
        (ONE.astype(str), None, "frames are <U"),
        (ONE.astype(int) + 300, None, "from 300 to 300"),
        (ONE, 4, "lengths: are of a padded array"),
        ([ONE], [4], "lengths: are of a padded array"),
        (ONE[None], [4, 4], r"lengths: are int64 \[2\]; expected 1 whole numbers"),
        (ONE[None], [5], "video 0 has 5 frames; expected 1 to 4"),
        ({"rgb": ONE[None, :, :24], "audio": ONE[:, :8]}, None, "the same number of videos"),
        (np.full((4, 1408), np.inf, "f4"), None, "all must be finite"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(classifier, videos, lengths, message):
    with pytest.raises(yt8m.ArrayError, match=message):
        classifier.predict(videos, lengths)


def test_options_that_make_no_sense_are_refused(classifier, given_records):
    with pytest.raises(yt8m.ConfigError, match="features: is 'row'"):
        classifier.predict(ONE, features="row")
    with pytest.raises(yt8m.ConfigError, match="batch_size"):
        classifier.predict(ONE, batch_size=0)
    with pytest.raises(yt8m.ConfigError, match="takes no raw features"):
        given_records.predict(ONE, features="raw")
    with pytest.raises(yt8m.ArrayError, match=r"expected \[6\], or \[videos, 6\]"):
        classifier.top(np.zeros(5))
    with pytest.raises(yt8m.ConfigError, match="needs every"):
        classifier.label("clip.mp4", window=2)
    with pytest.raises(yt8m.RecordError, match="was made from records, and knows no extractor"):
        given_records.label("clip.mp4")


def test_what_is_not_a_graph_is_refused(tmp_path):
    with pytest.raises(yt8m.ArtefactError, match="no such file or folder"):
        yt8m.load(tmp_path / "no.tar.gz")
    with pytest.raises(yt8m.ConfigError, match="there is no file"):
        yt8m.load(tmp_path, label_names=tmp_path / "no.csv")
    (tmp_path / "text.tar.gz").write_text("text")
    with pytest.raises(yt8m.ArtefactError, match="is truncated, damaged or not"):
        yt8m.load(tmp_path / "text.tar.gz")
    with pytest.raises(yt8m.ArtefactError):
        yt8m.load(tmp_path)
