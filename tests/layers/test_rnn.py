import numpy as np

from tests.reference import layers as slow
from yt8m.layers.rnn import BidirectionalLSTM, FinalMemory, FinalOutput, backwards


def test_frames_are_reversed_within_their_video():
    frames = np.float32([[1, 2, 3, 9], [4, 9, 9, 9], [5, 6, 7, 8]])[:, :, None]
    mask = frames[:, :, 0] != 9
    expected = [[3, 2, 1, 9], [4, 9, 9, 9], [8, 7, 6, 5]]
    found = np.asarray(backwards(frames, mask))
    np.testing.assert_array_equal(found[:, :, 0], expected)
    np.testing.assert_array_equal(np.asarray(backwards(found, mask)), frames)


def test_the_final_memory_is_that_after_the_last_frame(batch, filled):
    frames, num_frames, mask = batch
    layer = FinalMemory(5)
    layer.build(frames.shape)
    filled(layer)
    weights = [np.asarray(w, "float64") for w in layer.weights]
    expected = slow.lstm_memory(frames, num_frames, *weights)
    np.testing.assert_allclose(np.asarray(layer(frames, mask)), expected, atol=1e-5)


def test_the_second_half_reads_the_video_from_its_end(batch, filled):
    frames, num_frames, mask = batch
    layer = BidirectionalLSTM(6)
    layer.build(frames.shape)
    filled(layer)
    found = np.asarray(layer(frames, mask))
    layer.backward.set_weights(layer.forward.get_weights())
    turned = np.asarray(backwards(frames, mask))
    same = np.asarray(layer(frames, mask))
    other = np.asarray(layer(turned, mask))
    assert found.shape == (4, 7, 6)
    for video, n in enumerate(num_frames):
        expected = other[video, :n, :3][::-1]
        np.testing.assert_allclose(same[video, :n, 3:], expected, atol=1e-5)


def test_half_of_an_odd_number_of_cells_is_rounded_down(batch):
    frames, _, mask = batch
    assert BidirectionalLSTM(5)(frames, mask).shape == (4, 7, 4)


def test_a_video_without_frames_gives_finite_numbers():
    frames, mask = np.zeros((1, 3, 2), "float32"), np.zeros((1, 3), bool)
    assert np.isfinite(np.asarray(FinalMemory(2)(frames, mask))).all()
    assert np.isfinite(np.asarray(FinalOutput(2, 2)(frames, mask))).all()


def test_the_final_output_is_that_of_the_top_layer(batch, filled):
    frames, num_frames, mask = batch
    layer = FinalOutput(5, layers=3)
    layer.build(frames.shape)
    filled(layer)
    expected = []
    for video, n in zip(frames, num_frames, strict=True):
        outputs = video[:n]
        for lstm in layer.stack:
            outputs = slow.lstm_outputs(outputs, *(np.asarray(w, "f8") for w in lstm.weights))
        expected.append(outputs[-1])
    np.testing.assert_allclose(np.asarray(layer(frames, mask)), expected, atol=1e-5)
