"""The settings `training` and `ema`: how a model's weights are trained and averaged."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from yt8m.config.validation import Validation
from yt8m.strict import Penalty, Seed, settings

# Ranges for which training in float32 can finish.
Epochs = Annotated[int, Field(ge=1, le=10**6)]
Rate = Annotated[float, Field(ge=1e-30, le=1e3)]
Loss = Literal["cross_entropy", "hinge", "softmax"]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)]


@settings
class BatchNormalisation:
    """Moving statistics of batch normalisation, which are used at inference."""

    decay: float = Field(0.999, ge=0, lt=1, description="decay of the moving statistics per step")
    warm_up: bool = Field(
        True,
        description="smaller decay in the first steps: min(decay, (1 + n) / (10 + n)) in step n",
    )


@settings
class FrameSampling:
    """Which frames of a video a training step sees; inference uses all frames."""

    kind: Literal["all", "random", "sequence", "resampled", "shuffled"] = Field(
        "all",
        description='"random": with replacement; "sequence": consecutive; "resampled": all, '
        'with short videos filled up to `count` by random ones; "shuffled": all, in random order',
    )
    count: int = Field(300, ge=1, description='frames per video (not used by "all")')


@settings
class Training:
    """How a model is trained (Adam, staircase schedule, clipping per variable)."""

    batch_size: BatchSize = Field(128, description="videos per step on each device")
    micro_batches: int = Field(
        1,
        ge=1,
        description="split that batch into equal parts that are processed in sequence, to save "
        "memory; the step is the same, except that batch norm normalises each part by its own "
        "statistics",
    )
    epochs: Epochs = Field(10, description="passes over the training split")
    learning_rate: Rate = Field(2e-4, description="of the first steps")
    decay: float = Field(
        0.8, gt=0, le=1, description="factor applied to the learning rate every `decay_videos`"
    )
    decay_videos: int = Field(
        4_000_000, ge=1, description="videos between two decays of the learning rate"
    )
    clip_norm: float = Field(
        1.0, ge=1e-30, le=1e30, description="maximum norm of each variable's gradient"
    )
    loss: Loss = Field(
        "cross_entropy",
        description='loss against the labels; must be "cross_entropy" for a student. Others treat '
        "probabilities as logits, as in the original. Evaluation always measures the cross-entropy",
    )
    regularisation: Penalty = Field(1.0, description="weight of the L2 penalties in the loss")
    frames: FrameSampling = Field(
        default_factory=FrameSampling, description="which frames a step sees"
    )
    batch_norm: BatchNormalisation = Field(
        default_factory=BatchNormalisation, description="moving statistics of batch norm"
    )
    shuffle_window: int = Field(
        100_000,
        ge=1,
        description="size of the window, in videos, within which the order is shuffled",
    )
    seed: Seed = Field(
        1, description="seed of initial weights, order of videos and sampling of frames"
    )
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="precision of matrix products and activations; weights are float32. "
        '"bfloat16" is for GPUs',
    )
    xla: bool = Field(
        False,
        description="compile the forward and backward passes with XLA: up to a minute per batch "
        "shape, "
        'then faster steps; not for frames "all", which have many shapes',
    )
    log_steps: int = Field(20, ge=1, description="steps between two rows of the training history")
    validate: Validation | None = Field(
        None, description="measure GAP and loss on another split meanwhile; `{}` for the defaults"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A batch must divide into equal parts."""
        parts, whole = self.micro_batches, self.batch_size
        if whole % parts:
            yield "micro_batches", f"is {parts}; must divide batch_size, {whole}"


@settings
class Averaging:
    """The phase after training that averages all weights."""

    epochs: Epochs = Field(2, description="passes over the training split")
    learning_rate: Rate = Field(8e-5, description="of the first steps")
    average: Literal["exponential", "equal"] = Field(
        "exponential",
        description='"exponential": moving average over all steps (EMA); "equal": mean of '
        "the starting weights and those after every `every_steps` steps (SWA)",
    )
    memory_steps: float = Field(
        2000.0,
        ge=1,
        le=1e9,
        description='"exponential": decay = 1 - 1 / memory_steps per step, as in the original',
    )
    half_life_steps: float | None = Field(
        None,
        ge=1e-3,
        le=1e9,
        description="instead of `memory_steps`: decay = 0.5 ** (1 / half_life_steps)",
    )
    every_steps: int = Field(
        100, ge=1, description='"equal": steps between two samples of the weights'
    )
