"""How a process joins the workers that it trains with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import tensorflow as tf

from yt8m.training.task import Task
from yt8m.training.workers.addresses import Place
from yt8m.training.workers.agreement import claims_of
from yt8m.training.workers.team import Alone, Team, team_of


@dataclass(frozen=True)
class Workers:
    """The processes that train together, of which `place` names this one.

    patience: seconds that they wait for each other.
    """

    place: Place
    patience: float


@contextmanager
def joined(task: Task, workers: Workers | None) -> Iterator[Team]:
    """The team that trains, once all workers have come; None for this process alone.

    Raises the errors of `yt8m.training.workers.team.team_of`.
    """
    if workers is None:
        yield Alone()
        return
    devices = max(1, len(tf.config.get_visible_devices("GPU")))
    claims = claims_of(task, workers.place, devices)
    with team_of(workers.place, claims, workers.patience) as team:
        yield team
