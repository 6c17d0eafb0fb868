import keras
import numpy as np

from yt8m.layers.dropout import Dropout


def dropped(layer, values):
    return np.asarray(layer(values, training=True))


def layer_of(draws, rate=0.25):
    layer = Dropout(rate)
    layer.build((None, 4))
    layer.draws.assign(draws)
    return layer


def test_values_are_dropped_at_the_rate_and_the_mean_is_kept():
    values = np.full((200, 500), 3.0, "float32")
    found = dropped(layer_of(0), values)
    np.testing.assert_allclose(np.unique(found), [0.0, 4.0], atol=1e-6)
    assert abs((found == 0).mean() - 0.25) < 0.01  # five standard deviations are 0.007
    assert abs((found == 0).mean(axis=0).std() - (0.25 * 0.75 / 200) ** 0.5) < 0.01


def test_nothing_is_dropped_outside_of_training():
    values = np.ones((3, 4), "float32")
    layer = layer_of(7)
    assert np.array_equal(np.asarray(layer(values)), values)
    assert float(layer.draws) == 7


def test_each_draw_differs_and_is_reproducible_from_the_weight():
    values = np.ones((10, 50), "float32")
    layer = layer_of(5)
    first, second = dropped(layer, values), dropped(layer, values)
    assert not np.array_equal(first, second)
    assert float(layer.draws) == 7
    np.testing.assert_array_equal(dropped(layer_of(6), values), second)


def test_another_keras_seed_gives_other_draws():
    def start(seed):
        keras.utils.set_random_seed(seed)
        layer = Dropout(0.5)
        layer.build((None, 4))
        return float(layer.draws)

    assert start(1) == start(1) != start(2)


def test_dropout_has_one_float_variable_of_a_fixed_name():
    """Keras' own has an integer seed, whose name differs in every model."""
    first, second = (keras.Sequential([Dropout(0.5, name="it")], name="m") for _ in range(2))
    for model in (first, second):
        model.build((None, 3))
    assert [v.path for v in first.variables] == [v.path for v in second.variables]
    assert [v.dtype for v in first.variables] == ["float32"]
