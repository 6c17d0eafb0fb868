import numpy as np
import pytest

from tests.reference import quantise as reference
from yt8m.compression.clusters import best_starts, better_starts
from yt8m.compression.kmeans1d import kmeans
from yt8m.compression.nearest import squared_error
from yt8m.compression.points import fair_starts, points_of
from yt8m.compression.quantisers import quantile, uniform
from yt8m.compression.quantisers.kmeans import Recipe

SKEWED = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "lognormal": lambda rng, n: rng.lognormal(sigma=2, size=n),
    "heavy tails": lambda rng, n: rng.standard_t(3, size=n),
    "two scales": lambda rng, n: rng.standard_normal(n) * np.where(rng.random(n) < 0.1, 1, 1e-3),
    "many zeros": lambda rng, n: rng.standard_normal(n) * (rng.random(n) < 0.2),
    "rounded": lambda rng, n: np.round(rng.standard_normal(n), 2),
}


def ordered(name, count, seed=0):
    return np.sort(SKEWED[name](np.random.default_rng(seed), count).astype(np.float32))


def exact_error(values, clusters):
    """Without atoms and without thinning."""
    found = points_of(values, len(values))
    starts = best_starts(found.sums, clusters)
    means = np.add.reduceat(found.weights * found.positions, starts)
    means /= np.add.reduceat(found.weights, starts)
    median = float(values[len(values) // 2])
    return squared_error(values, (means + median).astype(np.float32))


def test_clusters_of_an_example_by_hand():
    values = np.float32([0, 0, 1, 10, 11, 30])
    np.testing.assert_array_equal(kmeans(values, 3), np.float32([1 / 3, 10.5, 30]))
    np.testing.assert_array_equal(kmeans(values, 2), np.float32([4.4, 30]))


@pytest.mark.parametrize("clusters", [2, 3, 4, 7, 16, 31])
@pytest.mark.parametrize("name", SKEWED)
def test_few_values_get_optimal_clusters(name, clusters):
    for seed, count in enumerate([5, 33, 64]):
        values = ordered(name, count, seed)
        error = squared_error(values, kmeans(values, clusters))
        assert error <= reference.least_error(values, clusters) * (1 + 1e-6) + 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_ties_do_not_hide_the_best_clusters(seed):
    rng = np.random.default_rng(seed)
    values = np.sort(rng.integers(0, 12, 40).astype(np.float32))
    error = squared_error(values, kmeans(values, 5))
    assert error == pytest.approx(reference.least_error(values, 5), abs=1e-9)


@pytest.mark.parametrize(("count", "clusters"), [(20_000, 256), (50_000, 16)])
@pytest.mark.parametrize("name", SKEWED)
def test_many_values_get_clusters_within_a_thousandth_of_optimal(name, count, clusters):
    values = ordered(name, count)
    error = squared_error(values, kmeans(values, clusters))
    assert error <= exact_error(values, clusters) * 1.001


@pytest.mark.parametrize("name", ["normal", "heavy tails"])
def test_thinning_to_points_hardly_raises_the_error(name, monkeypatch):
    values = ordered(name, 50_000)
    before = squared_error(values, kmeans(values, 16))
    monkeypatch.setattr("yt8m.compression.kmeans1d.POINTS", 5000)
    assert squared_error(values, kmeans(values, 16)) <= before * 1.0001


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("name", SKEWED)
def test_the_error_is_never_larger_than_that_of_other_levels(name, bits):
    values = ordered(name, 3000)
    error = squared_error(values, Recipe(bits).centres(values))
    for other in (uniform, quantile):
        assert error <= squared_error(values, other.Recipe(bits).centres(values))


def test_one_value_far_away_does_not_spoil_the_others():
    values = ordered("normal", 5000)
    for outlier in (1e6, -1e6):
        with_it = np.sort(np.append(values, np.float32(outlier)))
        error = squared_error(with_it, kmeans(with_it, 16))
        assert error <= squared_error(values, kmeans(values, 15)) * 1.001


@pytest.mark.parametrize("far", [1e30, -1e30, 3.4e38])
def test_an_extreme_value_is_handled_no_worse_than_by_other_levels(far):
    values = np.sort(np.append(ordered("normal", 5000), np.float32(far)))
    found = Recipe(4).centres(values)
    assert np.isfinite(found).all()
    assert squared_error(values, found) <= squared_error(values, quantile.Recipe(4).centres(values))


@pytest.mark.parametrize("scale", [1e-42, 1e-30, 1.0, 1e30, 1e37])
def test_the_scale_of_the_values_does_not_matter(scale):
    values = np.sort((np.random.default_rng(0).random(2000) * scale).astype(np.float32))
    found = Recipe(4).centres(values)
    assert np.isfinite(found).all() and (np.diff(found) > 0).all()
    assert squared_error(values / scale, found / scale) < 2000 * 0.05**2


@pytest.mark.parametrize("values", [[5.0], [0.0, 0.0], [1e30, 1e30, -1e-45], [2, 2, 2, 1]])
def test_no_more_distinct_values_than_clusters_are_kept_exactly(values):
    found = Recipe(2).centres(np.float32(values))
    np.testing.assert_array_equal(found, np.unique(np.float32(values)))


def test_the_order_of_the_values_does_not_matter():
    values = ordered("lognormal", 4000)
    shuffled = np.random.default_rng(1).permutation(values)
    np.testing.assert_array_equal(Recipe(5).centres(values), Recipe(5).centres(shuffled))


@pytest.mark.parametrize("seed", range(10))
def test_starts_that_may_move_anywhere_become_optimal(seed):
    rng = np.random.default_rng(seed)
    sums = points_of(np.sort(rng.lognormal(size=40).astype(np.float32)), 40).sums
    start = np.append(0, np.sort(rng.choice(np.arange(1, 40), 5, replace=False)))
    np.testing.assert_array_equal(better_starts(sums, start, 40), best_starts(sums, 6))


def test_starts_move_until_no_joint_small_step_helps():
    sums = points_of(ordered("lognormal", 60), 60).sums
    found = better_starts(sums, np.array([0, 1, 2, 3]), 1)
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), axis=-1).reshape(-1, 3)
    near = [found + np.append(0, step) for step in steps]
    assert found[1] > 3
    costs = [_cost(sums, starts) for starts in near if (np.diff(starts, append=60) > 0).all()]
    assert _cost(sums, found) <= min(costs) * (1 + 1e-12)


def _cost(sums, starts):
    weights, firsts, seconds = (np.diff(each) for each in sums.at(np.append(starts, 60)))
    return (seconds - firsts**2 / weights).sum()


def test_runs_have_equal_shares_and_a_huge_share_ends_its_run():
    assert fair_starts(np.ones(11), 4).tolist() == [0, 3, 6, 9, 11]
    shares = np.ones(1000)
    shares[700] = 1e30
    starts = fair_starts(shares, 100)
    assert 701 in starts
    assert 90 <= len(starts) <= 101 and np.diff(starts).max() <= 12
