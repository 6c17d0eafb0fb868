import numpy as np

from yt8m.calibration.bins import BINS, ONE_HALF, bins_of, centres, lower_edges

EDGES = lower_edges()


def test_a_bin_is_from_its_lower_edge_up_to_the_next():
    assert bins_of(EDGES).tolist() == list(range(BINS))
    assert bins_of(np.nextafter(EDGES[1:], np.float32(0))).tolist() == list(range(BINS - 1))
    assert EDGES[ONE_HALF] == 0.5 and (np.diff(EDGES) > 0).all()


def test_any_value_is_in_the_bin_that_a_search_finds():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.random(5000), 1 / (1 + np.exp(rng.normal(0, 8, 5000)))])
    values = values.astype("float32").reshape(100, 100)
    expected = np.searchsorted(EDGES, values, side="right") - 1
    assert (bins_of(values) == expected).all()
    assert (bins_of(values.T) == expected.T).all()  # not contiguous


def test_values_outside_of_probabilities_are_in_the_outer_bins():
    values = np.array([-3.0, -0.0, 0.0, 1e-30, 1.0, 1.5, 3e38], np.float32)
    assert bins_of(values).tolist() == [0] * 4 + [BINS - 1] * 3


def test_edges_are_at_most_a_thirtysecond_apart():
    inner = EDGES[1:].astype(float)
    widths = np.diff(inner) / np.minimum(inner[:-1], 1 - inner[:-1])
    assert widths.max() <= 1 / 32
    assert ((centres() > EDGES) & (centres() < np.append(EDGES[1:], 1))).all()
