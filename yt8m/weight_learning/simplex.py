"""Optimisation on a simplex: of a convex function with a gradient, and of one without.

Weights of M members are float64 [M], none negative, and sum to 1.
"""

from collections.abc import Callable

import numpy as np

STEPS = (0.1, 0.05, 0.02, 0.01)
"""Step sizes of `climb`, in the order in which they are tried."""

SMALLEST_GAIN = 1e-6
"""Moves that gain less are not made, so that the search ends."""

NOISE = 1e-7
"""Relative rounding error of a value (predictions are float32)."""


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
    """The minimum of function(w) + pull * relative_entropy(w, prior), found by mirror descent.

    function: w -> (value, gradient [M]), convex and smooth. prior: the start, all above 0.

    A step multiplies each weight by exp(-step * gradient) and pulls it towards the prior
    (exponentiated gradient: Kivinen & Warmuth 1997; with a regulariser: Duchi et al., "Composite
    objective mirror descent", 2010). Backtracking halves the step until the function lies below its
    model, so no step increases the value. The descent ends once the value is proven to be within
    `tolerance` of the minimum, relative to the value at the prior (duality gap of a convex
    function: the gradient's mean under w minus its least component, Frank & Wolfe 1956), or after
    `most_steps`.
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
    """Log weights after a step, which minimises gradient, pull and distance together."""
    there = (logs / step + pull * prior_logs - slope) / (1 / step + pull)
    there -= there.max()
    return there - np.log(np.exp(there).sum())


def climb(value: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    """A local maximum near `start`, found by pattern search.

    value: w -> the value to maximise. A move shifts the weight of one member up or down by a step,
    while the others keep their proportions. Every gain is kept; when no move gains, the step
    shrinks (Hooke & Jeeves, "Direct search", 1961). The search is deterministic, and no move with
    the smallest step improves its result.
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
    """The weights with one increased by `shift` (kept within 0 to 1), the others in proportion."""
    own = min(max(weights[member] + shift, 0.0), 1.0)
    rest = 1.0 - weights[member]
    evenly = np.full(len(weights), 1 / max(len(weights) - 1, 1))
    others = weights / rest if rest > 0 else evenly  # no proportions to keep: all the same
    moved = others * (1.0 - own)
    moved[member] = own if len(weights) > 1 else 1.0
    return moved


def rounded(weights: np.ndarray, parts: int = 1000) -> np.ndarray:
    """The weights as thousandths that sum to 1 (largest remainder method)."""
    whole = np.floor(weights * parts)
    missing = round(parts - whole.sum())
    largest = np.argsort(whole - weights * parts, kind="stable")[:missing]
    whole[largest] += 1
    return whole / parts
