"""How often 95 % intervals hold the truth, over many simulated runs.

    python -m tests.metrics.coverage --videos 200 --runs 1000

Prints the share for GAP of each graph and for their difference in pairs. The truth is GAP of a
population of 400,000 videos.
"""

import click
import numpy as np

from tests.metrics.simulated import measured, predicted
from yt8m.metrics.bootstrap import draw, resampled_gap
from yt8m.metrics.intervals import interval

POPULATION = 400_000
WHAT = ("GAP of one graph", "GAP of the other", "their difference")


def coverage(
    videos: int, runs: int, resamples: int, classes: int = 40, population: int = POPULATION
) -> np.ndarray:
    """The shares of intervals that hold the truth, float64 [3], in the order of `WHAT`."""
    truth = _values([measured(*graph)[0] for graph in _graphs(population, classes, seed=0)])
    held = [_held(truth, videos, classes, resamples, 1 + run) for run in range(runs)]
    return np.mean(held, axis=0)


def _held(truth, videos: int, classes: int, resamples: int, seed: int) -> list[bool]:
    draws = draw(videos, resamples, seed)
    found = [measured(*graph) for graph in _graphs(videos, classes, seed)]
    gaps = _values([gap for gap, _ in found])
    spreads = _values([resampled_gap(scores, draws) for _, scores in found])
    intervals = [interval(g, s, 0.95) for g, s in zip(gaps, spreads, strict=True)]
    return [i.low <= true <= i.high for i, true in zip(intervals, truth, strict=True)]


def _graphs(videos: int, classes: int, seed: int):
    graphs, labels = predicted(videos, classes, seed)
    return [(predictions, labels) for predictions in graphs]


def _values(pair: list) -> list:
    one, other = pair
    return [one, other, other - one]


@click.command(help=__doc__)
@click.option("--videos", default=200, show_default=True)
@click.option("--runs", default=1000, show_default=True)
@click.option("--resamples", default=1000, show_default=True)
def main(videos: int, runs: int, resamples: int) -> None:
    """Print the coverage."""
    for what, share in zip(WHAT, coverage(videos, runs, resamples), strict=True):
        click.echo(f"{what}: {share:.1%} of {runs:,} runs of {videos:,} videos")


if __name__ == "__main__":
    main()
