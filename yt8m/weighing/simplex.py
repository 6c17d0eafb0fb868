"""The best point of a simplex: for a convex function, and for one that only has values.

Weights of M members are float64 [M], none negative, and sum to 1.
"""

from collections.abc import Callable

import numpy as np

STEPS = (0.1, 0.05, 0.02, 0.01)
"""Weight that one move of `climb` shifts, in the order in which they are tried."""

SMALLEST_GAIN = 1e-6
"""Moves that gain less are not made, so that there is an end to them."""

NOISE = 1e-7
"""Share of a value by which rounding may falsify it (predictions are float32)."""


def relative_entropy(weights: np.ndarray, prior: np.ndarray) -> float:
    """Sum of w log(w / prior), in nats; 0 for equal weights. prior: all above 0."""
    inside = weights > 0
    return float(np.sum(weights[inside] * np.log(weights[inside] / prior[inside])))


def least(
    function: Callable[[np.ndarray], tuple[float, np.ndarray]],
    prior: np.ndarray,
    pull: float,
    tolerance: float = 1e-5,
    most_steps: int = 1000,
) -> np.ndarray:
    """Where function(w) + pull * relative_entropy(w, prior) is least, found by mirror descent.

    function: w -> (value, slope [M]), convex and smooth. prior: where to start, all above 0.

    A step multiplies each weight by exp(-step * slope) and pulls it towards the prior
    (exponentiated gradient: Kivinen & Warmuth 1997; with a pull: Duchi et al., "Composite objective
    mirror descent", 2010). It is made shorter until the function lies below its model there, so no
    step goes up. Ends where the sum is proven to be near the least, by `tolerance` as a share of
    the value at the prior: of a convex function, the slope's mean over w less its least component
    bounds what is left (Frank & Wolfe 1956). Or after `most_steps`.
    """
    logs, step = np.log(prior), 1.0
    value, slope = function(prior)
    enough = tolerance * abs(value)
    for _ in range(most_steps):
        weights = np.exp(logs)
        whole = slope + pull * (logs - np.log(prior))
        if weights @ whole - whole.min() <= enough:
            break
        while True:
            there = _stepped(logs, slope, np.log(prior), pull, step)
            moved = np.exp(there)
            new_value, new_slope = function(moved)
            model = slope @ (moved - weights) + moved @ (there - logs) / step
            if new_value <= value + model + NOISE * abs(value) or step < NOISE:
                break
            step /= 2
        logs, value, slope, step = there, new_value, new_slope, 1.5 * step
    return np.exp(logs)


def _stepped(logs, slope, prior_logs, pull: float, step: float) -> np.ndarray:
    """Logarithms of the weights after a step: the least of slope, pull and distance together."""
    there = (logs / step + pull * prior_logs - slope) / (1 / step + pull)
    there -= there.max()
    return there - np.log(np.exp(there).sum())


def climb(value: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    """Better weights than `start`, by moves that take or give a member weight (pattern search).

    value: w -> what is to be high. A move shifts the weight of one member by a step, up or down,
    the others keeping their proportions; whatever gains is kept; when nothing does, steps become
    shorter. Hooke & Jeeves, "Direct search", 1961. Nothing is left to chance, and no move
    of the shortest step improves what comes out.
    """
    best, highest = start, value(start)
    for step in STEPS:
        gained = True
        while gained:
            gained = False
            for member in range(len(start)):
                for shift in (step, -step):
                    moved = shifted(best, member, shift)
                    if (found := value(moved)) > highest + SMALLEST_GAIN:
                        best, highest, gained = moved, found, True
    return best


def shifted(weights: np.ndarray, member: int, shift: float) -> np.ndarray:
    """The weights with one of them larger by `shift` (within 0 to 1), the others in proportion."""
    own = min(max(weights[member] + shift, 0.0), 1.0)
    rest = 1.0 - weights[member]
    evenly = np.full(len(weights), 1 / max(len(weights) - 1, 1))
    others = weights / rest if rest > 0 else evenly  # where there is a proportion to keep
    moved = others * (1.0 - own)
    moved[member] = own if len(weights) > 1 else 1.0
    return moved


def rounded(weights: np.ndarray, parts: int = 1000) -> np.ndarray:
    """Whole thousandths that sum to 1 (largest remainders): what hardly differs is equal."""
    whole = np.floor(weights * parts)
    missing = round(parts - whole.sum())
    largest = np.argsort(whole - weights * parts, kind="stable")[:missing]
    whole[largest] += 1
    return whole / parts
