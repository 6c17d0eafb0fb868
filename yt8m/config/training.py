"""The settings `training` and `ema`: how a model's weights are fitted and averaged."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from yt8m.strict import Penalty, Seed, settings

# Ranges with which a training can end, in float32.
Epochs = Annotated[int, Field(ge=1, le=10**6)]
Rate = Annotated[float, Field(ge=1e-30, le=1e3)]
Loss = Literal["cross_entropy", "hinge", "softmax"]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)]


@settings
class BatchNormalisation:
    """How batch normalisation remembers the statistics it uses at inference."""

    decay: float = Field(0.999, ge=0, lt=1, description="of the moving statistics, per step")
    warm_up: bool = Field(
        True,
        description="shorter memory in the first steps: min(decay, (1 + n) / (10 + n)) in step n",
    )


@settings
class FrameSampling:
    """Which frames of a video a training step sees; at inference all of them count."""

    kind: Literal["all", "random", "sequence", "resampled", "shuffled"] = Field(
        "all",
        description='"random": with replacement; "sequence": consecutive ones; "resampled": all, '
        'and short videos filled up to `count` with random ones; "shuffled": all, in random order',
    )
    count: int = Field(300, ge=1, description='frames per video (not used by "all")')


@settings
class Training:
    """How a model's weights are fitted (Adam, staircase schedule, clipping per variable)."""

    batch_size: BatchSize = Field(128, description="videos per step on each device")
    micro_batches: int = Field(
        1,
        ge=1,
        description="equal parts of that batch, one after the other, to need less memory; the same "
        "step, except that batch norm normalises each part by its own statistics",
    )
    epochs: Epochs = Field(10, description="passes over the training split")
    learning_rate: Rate = Field(2e-4, description="of the first steps")
    decay: float = Field(
        0.8, gt=0, le=1, description="factor on the learning rate every `decay_videos`"
    )
    decay_videos: int = Field(4_000_000, ge=1, description="videos between two such factors")
    clip_norm: float = Field(
        1.0, ge=1e-30, le=1e30, description="largest norm of one variable's gradient"
    )
    loss: Loss = Field(
        "cross_entropy",
        description='what labels are learned by; a student\'s is "cross_entropy". The others take '
        "probabilities for logits, as in the original. Evaluation measures the cross-entropy "
        "whatever this is",
    )
    regularisation: Penalty = Field(
        1.0, description="weight of the sum of the L2 terms in the loss"
    )
    frames: FrameSampling = Field(
        default_factory=FrameSampling, description="which of them a step sees"
    )
    batch_norm: BatchNormalisation = Field(
        default_factory=BatchNormalisation, description="its memory"
    )
    shuffle_window: int = Field(
        100_000, ge=1, description="videos that change places among each other"
    )
    seed: Seed = Field(
        1, description="of the first weights, the order of the videos and the frames sampled"
    )
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="of products and of what lies between them; weights are float32. "
        '"bfloat16" is for GPUs',
    )
    xla: bool = Field(
        False,
        description="compile the forward and backward passes: seconds to a minute for each shape "
        'of a batch, then faster steps; not for frames "all", where shapes are many',
    )
    log_steps: int = Field(20, ge=1, description="steps between two rows of the history")

    def problems(self) -> Iterator[tuple[str, str]]:
        """A batch falls into equal parts."""
        parts, whole = self.micro_batches, self.batch_size
        if whole % parts:
            yield "micro_batches", f"is {parts}; must divide batch_size {whole}"


@settings
class Averaging:
    """The run after training that keeps an average of all weights."""

    epochs: Epochs = Field(2, description="passes over the training split")
    learning_rate: Rate = Field(8e-5, description="of the first steps")
    average: Literal["exponential", "equal"] = Field(
        "exponential",
        description='"exponential": a moving average, of every step; "equal": the plain mean of '
        "the weights that the run starts from and those after every so many steps",
    )
    memory_steps: float = Field(
        2000.0,
        ge=1,
        le=1e9,
        description='"exponential": decay = 1 - 1 / memory_steps per step, as the original has it',
    )
    half_life_steps: float | None = Field(
        None, ge=1e-3, le=1e9, description="when given: decay = 0.5 ** (1 / half_life_steps)"
    )
    every_steps: int = Field(
        100, ge=1, description='"equal": steps between two weights that are averaged'
    )
