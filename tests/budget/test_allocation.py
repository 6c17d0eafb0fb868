"""Options for variables under one budget."""

import itertools

import numpy as np
import pytest

from yt8m.budget.allocation import Option, allocate, lower_hull


def options(*pairs):
    return [Option(str(i), size, loss) for i, (size, loss) in enumerate(pairs)]


def total(items, taken, what):
    return sum(getattr(o[i], what) for o, i in zip(items, taken, strict=True))


def test_the_byte_that_saves_most_is_spent_first():
    items = [options((1, 9.0), (2, 3.0), (4, 1.0)), options((1, 5.0), (2, 1.0))]
    assert allocate(items, 2) == [0, 0]
    assert allocate(items, 3) == [1, 0]  # saves 6 a byte, not 4
    assert allocate(items, 4) == [1, 1]
    assert allocate(items, 6) == [2, 1]


def test_a_step_that_is_too_large_leaves_its_bytes_to_smaller_ones():
    items = [options((1, 100.0), (50, 0.0)), options((1, 2.0), (3, 1.0))]
    assert allocate(items, 20) == [0, 1]


def test_options_that_cost_more_and_lose_more_are_never_chosen():
    assert lower_hull(options((4, 1.0), (1, 3.0), (2, 3.5), (3, 2.9), (4, 0.5), (9, 0.5))) == [1, 4]


def test_no_step_is_taken_before_a_step_of_the_same_variable_that_it_builds_on():
    items = [options((1, 9.0), (5, 4.0), (6, 3.9))]
    assert allocate(items, 3) == [0]
    assert allocate(items, 6) == [2]


def test_a_budget_below_the_smallest_options_is_refused_with_the_bytes_missing():
    with pytest.raises(ValueError, match="by 3 bytes"):
        allocate([options((4, 1.0)), options((4, 1.0))], 5)


@pytest.mark.parametrize("seed", range(20))
def test_the_loss_is_within_one_step_of_the_best_of_all_choices(seed):
    random = np.random.default_rng(seed)
    items = [
        [
            Option(str(bits), int(size * bits), float(scale * 4.0**-bits * random.uniform(0.5, 2)))
            for bits in range(2, 9)
        ]
        for size, scale in zip(
            random.integers(1, 40, 4), 10.0 ** random.uniform(-2, 2, 4), strict=True
        )
    ]
    smallest = sum(o[0].size_bytes for o in items)
    largest = sum(o[-1].size_bytes for o in items)
    for budget in np.linspace(smallest, largest, 7).astype(int):
        taken = allocate(items, budget)
        assert total(items, taken, "size_bytes") <= budget
        best = min(
            total(items, choice, "loss")
            for choice in itertools.product(*(range(len(o)) for o in items))
            if total(items, choice, "size_bytes") <= budget
        )
        left = [
            options[smaller].loss - options[larger].loss
            for options, i in zip(items, taken, strict=True)
            for smaller, larger in itertools.pairwise(lower_hull(options))
            if options[larger].size_bytes > options[i].size_bytes
        ]
        assert total(items, taken, "loss") <= best + max(left, default=0.0) + 1e-12
