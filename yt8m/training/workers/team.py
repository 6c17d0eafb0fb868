"""The workers of one training, as the training loop sees them; a lone process is a team, too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yt8m.errors import TrainingError, Yt8mError
from yt8m.training.interruption import Interrupted
from yt8m.training.workers.addresses import CHIEF, Place
from yt8m.training.workers.agreement import Claims
from yt8m.training.workers.links import NEWS, Links
from yt8m.training.workers.meeting import meet


@dataclass(frozen=True)
class Verdict:
    """What all workers do after a step.

    over: the phase ends with this step. stop: it is interrupted. save: its state is saved, as it
    also is before it stops.
    """

    over: bool
    stop: bool
    save: bool


class Team(Protocol):
    """The workers that train together."""

    links: Links | None

    @property
    def number(self) -> int:
        """The number of this worker; 0 is the chief."""

    @property
    def count(self) -> int:
        """The number of all workers."""

    @property
    def is_chief(self) -> bool:
        """Whether this worker decides, and writes everything."""

    def gathered(
        self, predictions: np.ndarray, labels: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Those of all workers on the chief, in the order of the batch; on others, their own.

        predictions: float32 [b, C]. labels: bool [b, C]. Call it on all workers.
        """

    def chosen(self, choose: Callable[[], bool]) -> bool:
        """What the chief chooses, on all workers; only it calls the function.

        The chief goes on only once all workers wait for its choice, so that what it then writes,
        such as the state, is later than what they have read.
        """

    def agree(self, wish: Verdict) -> Verdict:
        """The chief's wish, on all workers; a wish of any of them to stop counts."""


class Alone:
    """The only process of a training."""

    links, number, count, is_chief = None, 0, 1, True

    def gathered(
        self, predictions: np.ndarray, labels: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """As they are."""
        return predictions, labels

    def chosen(self, choose: Callable[[], bool]) -> bool:
        """What is chosen."""
        return choose()

    def agree(self, wish: Verdict) -> Verdict:
        """As it is."""
        return wish


class _Worker:
    """One of several processes of a training."""

    def __init__(self, links: Links):
        self.links, self.place = links, links.place
        self.number, self.count = self.place.number, len(self.place.addresses)
        self.is_chief = self.place.is_chief


class Chief(_Worker):
    """The worker that decides, and that writes everything."""

    def gathered(
        self, predictions: np.ndarray, labels: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Those of all workers, in the order of the batch."""
        found = [(predictions, labels)]
        for number in self.place.others:
            _, content = self.links.next_of(number, "rows")
            found.append(_unpacked(content, predictions.shape))
        every, truth = zip(*found, strict=True)
        return np.concatenate(every), np.concatenate(truth)

    def chosen(self, choose: Callable[[], bool]) -> bool:
        """Choose, and tell the others once they ask. Raises TrainingError if one is lost."""
        choice = choose()
        for number in self.place.others:
            self.links.next_of(number, "question")
        self.links.tell("choice", choice=choice)
        return choice

    def agree(self, wish: Verdict) -> Verdict:
        """Decide, and tell the others. Raises TrainingError if one of them is lost."""
        self.links.check()
        verdict = Verdict(wish.over, wish.stop or self.links.stop_wanted, wish.save)
        if verdict.over or verdict.stop:
            self.links.expect_ends()
        self.links.tell("verdict", **vars(verdict))
        return verdict


class Helper(_Worker):
    """Any other worker."""

    _asked = False

    def gathered(
        self, predictions: np.ndarray, labels: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Its own, which the chief gets."""
        self.links.tell("rows", _packed(predictions, labels))
        return predictions, labels

    def chosen(self, choose: Callable[[], bool]) -> bool:
        """Ask for the chief's choice. Raises TrainingError if a worker is lost."""
        self.links.tell("question")
        words, _ = self.links.next_of(CHIEF, "choice")
        return words["choice"]

    def agree(self, wish: Verdict) -> Verdict:
        """Wait for the chief's decision. Raises TrainingError if a worker is lost."""
        if wish.stop and not self._asked:
            self.links.tell("stop")
            self._asked = True
        words, _ = self.links.next_of(CHIEF, "verdict")
        return Verdict(words["over"], words["stop"], words["save"])


@contextmanager
def team_of(place: Place, claims: Claims, patience: float) -> Iterator[Team]:
    """The team that this process is in, once all workers have come, while the block runs.

    All processes leave it together: the chief first, after it has written everything.
    Raises the errors of `meet`; TrainingError if a worker is lost or fails.
    """
    with Links(place, meet(place, claims, patience)) as links:
        try:
            yield Chief(links) if place.is_chief else Helper(links)
        except Interrupted:
            _end_together(links)
            raise
        except BaseException as error:
            _fail_together(links, error)
            raise
        _end_together(links)


def _end_together(links: Links) -> None:
    if links.place.is_chief:
        links.tell("done")
    else:
        links.next_of(CHIEF, "done")


def _fail_together(links: Links, error: BaseException) -> None:
    """Tell the others why this worker fails, unless it does because another one is lost."""
    unexpected = isinstance(error, Exception) and not isinstance(error, Yt8mError)
    if unexpected and (lost := links.find_loss(NEWS)):
        raise TrainingError(lost) from error
    if links.lost is None:
        name = links.place.name_of(links.place.number)
        links.tell("failed", text=f"{name} failed: {error or type(error).__name__}")


def _packed(predictions: np.ndarray, labels: np.ndarray) -> bytes:
    return predictions.astype("<f4").tobytes() + np.packbits(labels).tobytes()


def _unpacked(content: bytes, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    count = shape[0] * shape[1]
    predictions = np.frombuffer(content, "<f4", count).reshape(shape)
    bits = np.frombuffer(content, np.uint8, offset=4 * count)
    return predictions, np.unpackbits(bits, count=count).astype(bool).reshape(shape)
