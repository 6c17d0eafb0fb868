"""Labels as tables for people."""

from collections.abc import Sequence

import numpy as np

from yt8m.labelling.choice import Choice
from yt8m.labelling.labelled import Labelled
from yt8m.printable import one_line
from yt8m.text_tables import format_table, numbers, sentences, words


def describe(video: Labelled, choice: Choice, names: Sequence[str]) -> str:
    """The video's name and length, and a line for each label, also with its times."""
    without = f", without {', '.join(video.absent)}" if video.absent else ""
    head = f"{one_line(video.id)} ({lasts(video)}{without})\n"
    rows = choice.rows(video)
    if not rows:
        return f"{head}  no label reaches its threshold\n"
    table = format_table(*(_over_time if video.parts else _whole)(video, rows, choice, names))
    return head + "".join(f"  {line}\n" for line in table.splitlines())


def _whole(video: Labelled, rows: Sequence[int], choice: Choice, names: Sequence[str]):
    cells = [
        (f"{video.predictions[index]:.3f}", *_own_threshold(choice, index), names[index])
        for index in rows
    ]
    return [*numbers("probability", *_threshold_columns(choice)), *words("label")], cells


def _over_time(video: Labelled, rows: Sequence[int], choice: Choice, names: Sequence[str]):
    """With the probability of the whole video, the highest of a window, and when."""
    cells = [
        (
            f"{video.predictions[index]:.3f}",
            *_own_threshold(choice, index),
            names[index],
            f"{video.over_time[:, index].max():.3f}",
            ", ".join(f"{clock(a)}-{clock(b)}" for a, b in choice.when(video, index)),
        )
        for index in rows
    ]
    probabilities = numbers("probability", *_threshold_columns(choice))
    return [*probabilities, *words("label"), *numbers("highest"), *sentences("when")], cells


def _threshold_columns(choice: Choice) -> tuple[str, ...]:
    """Shown if each label has a threshold of its own."""
    return ("threshold",) if isinstance(choice.thresholds, np.ndarray) else ()


def _own_threshold(choice: Choice, index: int) -> tuple[str, ...]:
    return tuple(f"{choice.thresholds[index]:.3f}" for _ in _threshold_columns(choice))


def describe_problems(problems: Sequence[tuple[str, str]]) -> str:
    """Files and what is wrong with them."""
    return format_table([*words("file"), *sentences("problem")], problems)


def lasts(video: Labelled) -> str:
    """The video's length, and how much of it was read if not all."""
    read = clock(video.seconds)
    return f"first {read} of {clock(video.length)}" if video.is_cut else read


def clock(seconds: int) -> str:
    """Such as 1:05, or 1:00:05."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
