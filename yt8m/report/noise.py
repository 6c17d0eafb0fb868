"""Which differences of a metric mean anything; until there are confidence intervals, one number."""

NOISE = 0.003
"""ASSUME what chance changes a metric between 0 and 1 by, such as GAP: another seed, other videos.

The page colours no smaller difference.
"""


def within_noise(difference: float) -> bool:
    """Whether chance alone can explain a difference; judged as the page shows it, rounded."""
    return abs(round(difference, 4)) < NOISE


def look(difference: float) -> str:
    """CSS class of a difference of GAP: `gain`, `drop`, or `noise`."""
    if within_noise(difference):
        return "noise"
    return "gain" if difference > 0 else "drop"


def caveat(difference: float) -> str:
    """`, within noise` after a difference that is; empty otherwise."""
    return ", within noise" if within_noise(difference) else ""
