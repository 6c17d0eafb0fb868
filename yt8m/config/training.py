"""The settings `training` and `ema`: how a model's weights are trained and averaged."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from yt8m.alternatives import Alternatives, problems_of
from yt8m.config.validation import Validation
from yt8m.strict import Penalty, Seed, settings

# Ranges for which training in float32 can finish.
Epochs = Annotated[int, Field(ge=1, le=10**6)]
Rate = Annotated[float, Field(ge=1e-30, le=1e3)]
Loss = Literal["cross_entropy", "hinge", "softmax"]
BatchSize = Annotated[int, Field(ge=1, le=1_000_000)]

MOST_STEPS = 1e9
"""Longest memory in steps: with a longer one, an average in float32 would not move at all."""

# Durations in various units.
Decay = Annotated[float, Field(ge=0, lt=1)]
Videos = Annotated[int, Field(ge=1)]
Steps = Annotated[float, Field(ge=1, le=MOST_STEPS)]
HalfLife = Annotated[float, Field(ge=1e-3, le=MOST_STEPS)]
SomeEpochs = Annotated[float, Field(gt=0, le=1e6)]
PartOfPhase = Annotated[float, Field(gt=0, le=1)]

DECAY = Alternatives(("decay_videos", "decay_epochs", "decay_share"))
MEMORY = Alternatives(("memory_steps", "memory_epochs", "memory_share", "half_life_steps"))
STATISTICS = Alternatives(("decay", "memory_steps", "memory_epochs", "memory_share"))


@settings
class BatchNormalisation:
    """Moving statistics of batch normalisation, which are used at inference."""

    ALTERNATIVES: ClassVar = (STATISTICS,)

    decay: Decay | None = Field(
        None,
        description="decay of the moving statistics per step; 0.999 if their memory is not given "
        "in another way",
    )
    memory_steps: Steps | None = Field(
        None,
        description="instead of `decay`: decay = 1 - 1 / memory_steps",
    )
    memory_epochs: SomeEpochs | None = Field(
        None, description="instead of `decay`: memory in epochs"
    )
    memory_share: PartOfPhase | None = Field(
        None, description="instead of `decay`: memory as a share of the phase's steps"
    )
    warm_up: bool = Field(
        True,
        description="smaller decay in the first steps: min(decay, (1 + n) / (10 + n)) in step n",
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """The decay is given in one way."""
        yield from problems_of(self)


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

    ALTERNATIVES: ClassVar = (DECAY,)

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
        0.8,
        gt=0,
        le=1,
        description="factor applied to the learning rate at intervals: every `decay_share` of the "
        "phase by default",
    )
    decay_videos: Videos | None = Field(
        None, description="videos between two decays of the learning rate"
    )
    decay_epochs: SomeEpochs | None = Field(
        None, description="instead of `decay_videos`: epochs between two decays"
    )
    decay_share: PartOfPhase | None = Field(
        None,
        description="instead of `decay_videos`: share of the phase's videos between two decays; "
        "0.1 if none of the three is given",
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
    xla: Literal[True, False, "auto"] = Field(
        False,
        description="compile the forward and backward passes with XLA, which takes up to a minute "
        'per batch shape; not for frames "all", which have many shapes. "auto" measures the passes '
        "with XLA and without, where the model is trained, and uses the faster: weights of two "
        "runs may then differ in rounding, but not by an interruption",
    )
    log_steps: int = Field(20, ge=1, description="steps between two rows of the training history")
    validate: Validation | None = Field(
        None, description="measure GAP and loss on another split meanwhile; `{}` for the defaults"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A batch must divide into equal parts; the interval of decays is given in one way."""
        yield from problems_of(self)
        parts, whole = self.micro_batches, self.batch_size
        if whole % parts:
            yield "micro_batches", f"is {parts}; must divide batch_size, {whole}"


@settings
class Averaging:
    """The phase after training that averages all weights."""

    ALTERNATIVES: ClassVar = (MEMORY,)

    epochs: Epochs = Field(2, description="passes over the training split")
    learning_rate: Rate = Field(8e-5, description="of the first steps")
    average: Literal["exponential", "equal"] = Field(
        "exponential",
        description='"exponential": moving average over all steps (EMA); "equal": mean of '
        "the starting weights and those after every `every_steps` steps (SWA)",
    )
    memory_steps: Steps | None = Field(
        None,
        description='"exponential": decay = 1 - 1 / memory_steps per step, as in the original',
    )
    memory_epochs: SomeEpochs | None = Field(
        None, description="instead of `memory_steps`: memory in epochs"
    )
    memory_share: PartOfPhase | None = Field(
        None,
        description="instead of `memory_steps`: memory as a share of the phase's steps; 0.2 if "
        "none of the four is given",
    )
    half_life_steps: HalfLife | None = Field(
        None,
        description="instead of `memory_steps`: decay = 0.5 ** (1 / half_life_steps)",
    )
    every_steps: int = Field(
        100, ge=1, description='"equal": steps between two samples of the weights'
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """The memory is given in one way."""
        yield from problems_of(self)
