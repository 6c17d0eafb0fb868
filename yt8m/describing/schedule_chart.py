"""The schedules of a config's models, drawn with characters."""

import math
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from yt8m.config.experiment import Experiment
from yt8m.config.model import ModelConfig
from yt8m.config.training import Averaging, Training
from yt8m.describing.families import base_of, shortened
from yt8m.describing.lengths import Lengths, grouped, lengths_of, training_videos
from yt8m.mistakes import number
from yt8m.training.durations import Length, average_decay, decay_interval, memory_of
from yt8m.training.schedule import staircase

WIDTH = 50
"""Characters of a chart, which all phases fill, however long they are."""

LINE = 100
"""Most characters of a line of names."""

LEVELS = " ▁▂▃▄▅▆▇█"
"""Characters by height, in eighths."""

DRAWN = 4
"""Most charts of schedules that only variants of one entry have."""

LEFT_OUT = """\
{base}: {number} more schedules of its variants; --model NAME draws that of one.
"""

UNKNOWN = """\
Learning rates are not drawn: the records have not been counted yet. Give --videos, their number.
"""

ABOUT = """\
Learning rate from the first step to the last, as a share of the initial one, for {videos} videos;
first in training, then while weights are averaged. `memory`: the steps of averaging that the
average remembers."""


def format_schedules(experiment: Experiment, videos: int | None = None) -> str:
    """A chart for each different schedule, below the names of its models.

    Of those that only variants of one entry have, `DRAWN` are drawn, and the others counted.
    videos: in the training split; by default as many as are known.
    """
    videos = training_videos(experiment) if videos is None else videos
    if videos is None:
        return UNKNOWN
    found = grouped(
        (name, _chart(model, lengths_of(experiment, model, videos)))
        for name, model in experiment.models.items()
    )
    found, left = _few(experiment, found)
    parts = [_titled(shortened(experiment, names), text) for text, names in found.items()]
    parts += [LEFT_OUT.format(base=base, number=number(count)) for base, count in left.items()]
    return "\n".join([*parts, ABOUT.format(videos=number(videos)), ""])


def _few(
    experiment: Experiment, charts: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Sequence[str]], dict[str, int]]:
    """The charts to draw, and how many are left out, by the entry whose variants have them."""
    base, drawn, found = base_of(experiment), {}, Counter()
    for text, names in charts.items():
        first, *others = {base.get(name, "") for name in names}
        if first and not others:
            found[first] += 1
        if not first or others or found[first] <= DRAWN:
            drawn[text] = names
    return drawn, {entry: count - DRAWN for entry, count in found.items() if count > DRAWN}


def _titled(names: Sequence[str], text: str) -> str:
    return f"{textwrap.fill(', '.join(names), LINE)}\n{text}"


def _chart(model: ModelConfig, lengths: Lengths) -> str:
    if not lengths.training.steps:
        return f"  less than one batch of {number(lengths.training.videos_per_step)} videos\n"
    training, ema = model.training, model.ema
    lines = [
        ("train", *_rates(training, training.learning_rate, lengths.training)),
        ("", _axis(lengths.training), "epochs"),
        ("average", *_rates(training, ema.learning_rate, lengths.averaging)),
        ("memory", *_memory(ema, lengths.averaging)),
    ]
    return "".join(f"  {title:<8} {drawn}  {text}".rstrip() + "\n" for title, drawn, text in lines)


def _rates(training: Training, initial: float, length: Length) -> tuple[str, str]:
    """The staircase of a phase as blocks, and its ends in words."""
    interval, per_step = decay_interval(training, length), length.videos_per_step

    def rate(step: int) -> float:
        return staircase(
            step,
            initial=initial,
            decay=training.decay,
            videos_per_step=per_step,
            decay_videos=interval,
        )

    heights = [rate(column * length.steps // WIDTH) / initial for column in range(WIDTH)]
    return _blocks(heights), f"{initial:.2g} to {rate(length.steps - 1):.2g} in {_words(length)}"


def _blocks(heights: Sequence[float]) -> str:
    """Heights from 0 to 1 as characters; what is above 0 is never empty."""
    return "".join(LEVELS[math.ceil(height * (len(LEVELS) - 1))] for height in heights)


def _words(length: Length) -> str:
    """Such as "5 epochs, 400 steps"."""
    epochs = "1 epoch" if length.epochs == 1 else f"{number(length.epochs)} epochs"
    return f"{epochs}, {number(length.steps)} steps"


def _axis(length: Length) -> str:
    """Epochs at the start, the middle and the end of a chart."""
    middle, end, half = f"{length.epochs / 2:g}", f"{length.epochs:,}", WIDTH // 2
    return f"0{middle:>{half - 1}}{end:>{WIDTH - half}}"


def _memory(averaging: Averaging, length: Length) -> tuple[str, str]:
    """The memory of an average at the end of the phase, and in words."""
    if averaging.average == "equal":
        every = averaging.every_steps
        return "█" * WIDTH, "all steps" if every == 1 else f"one in {number(every)} steps"
    memory = memory_of(average_decay(averaging, length))
    share = memory / length.steps
    filled = min(WIDTH, max(1, round(share * WIDTH)))
    steps = number(round(memory))
    return f"{'█' * filled:>{WIDTH}}", f"{steps} of {number(length.steps)} steps, {share:.0%}"
