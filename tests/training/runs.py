"""Helpers for tests of whole runs."""

import csv
from dataclasses import replace
from pathlib import Path

from yt8m.config.validation import Validation
from yt8m.weights import read_header


def digest(folder: Path) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


def content(folder: Path) -> str:
    """Digest of the weights alone, without their origin."""
    return read_header(folder / "weights.safetensors")[1]


def interrupt_after(steps: int, monkeypatch) -> None:
    """Interrupt a run that saves at every step after the save of step `steps`."""
    from yt8m.training.state import State

    original = State.save

    def save_and_fail(self, step, done, rows):
        original(self, step, done, rows)
        if done == steps:
            raise KeyboardInterrupt

    monkeypatch.setattr(State, "is_due", lambda self: True)
    monkeypatch.setattr(State, "save", save_and_fail)


def equal_mean(config, every_steps):
    """The settings with an equal mean of the weights every so many steps."""
    return replace(config, ema=replace(config.ema, average="equal", every_steps=every_steps))


def validated(config, **words):
    """A config with validation every other step."""
    settings = Validation(**{"every": 2, **words})
    return replace(config, training=replace(config.training, validate=settings))


def rows_of(folder: Path) -> list[dict]:
    with (folder / "history.csv").open() as file:
        return list(csv.DictReader(file))


def gaps_of(folder: Path) -> dict[int, float]:
    """Step -> GAP of each measurement."""
    measured = [row for row in rows_of(folder) if row["validation_gap"]]
    return {int(row["step"]): float(row["validation_gap"]) for row in measured}


def best_step(folder: Path) -> int:
    """The first step with the best GAP."""
    gaps = gaps_of(folder)
    return min(step for step, gap in gaps.items() if gap == max(gaps.values()))
