"""The settings of an experiment: what may stand in a config file, with types, units and defaults.

Each dataclass is one mapping of the config, each field one word; `config/README.md` is written from
the comments beside the fields. Values out of range are refused by `check`, where it stands.
"""

from dataclasses import dataclass, field
from typing import Any

from yt8m.errors import ConfigError
from yt8m.recipes import SEED, one_of


def require(condition: bool, where: str, problem: str) -> None:
    """Raises ConfigError `where: problem` unless `condition`."""
    if not condition:
        raise ConfigError(f"{where}: {problem}")


@dataclass(frozen=True)
class BatchNormalisation:
    """How batch normalisation remembers the statistics it uses at inference."""

    decay: float = 0.999  # of the moving statistics, a step
    warm_up: bool = True  # shorter memory in the first steps: min(decay, (1 + n) / (10 + n))

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(0 <= self.decay < 1, f"{where}.decay", f"is {self.decay}; 0 <= decay < 1")


EPOCHS = {"range": (1, 10**6)}
RATE = {"range": (1e-30, 1e3)}
PENALTY = {"range": (0, 1e30)}
STEPS = {"range": (1, 1e9)}
"""Metadata of numbers with which a training can end, in float32: a decay of 1 averages nothing."""


def check_batch_size(batch_size: int, where: str) -> None:
    """Raises ConfigError for more videos a step than any memory holds."""
    problem = f"is {batch_size}; at most 1,000,000 videos"
    require(batch_size <= 1_000_000, f"{where}.batch_size", problem)


SAMPLINGS = ("all", "random", "sequence", "resampled", "shuffled")


@dataclass(frozen=True)
class FrameSampling:
    """Which frames of a video a training step sees; at inference all of them count."""

    kind: str = field(default="all", metadata={"choices": SAMPLINGS})
    # "random": with replacement; "sequence": consecutive ones; "resampled": all, and short
    # videos filled up to `count` with random ones; "shuffled": all, in random order
    count: int = 300  # frames a video (not used by "all")

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.count >= 1, f"{where}.count", f"is {self.count}; 1 or more")


LOSSES = ("cross_entropy", "hinge", "softmax")


@dataclass(frozen=True)
class Training:
    """How a model's weights are fitted (Adam, staircase schedule, clipping per variable)."""

    batch_size: int = 128  # videos a step on each device
    micro_batches: int = 1  # equal parts of that batch, one after the other, to need less memory;
    # the same step, except that batch norm normalises each part by its own statistics
    epochs: int = field(default=10, metadata=EPOCHS)  # passes over the training split
    learning_rate: float = field(default=2e-4, metadata=RATE)  # of the first steps
    decay: float = 0.8  # factor on the learning rate, each `decay_videos`
    decay_videos: int = 4_000_000  # videos between two steps of the staircase
    clip_norm: float = field(default=1.0, metadata={"range": (1e-30, 1e30)})
    # largest norm of one variable's gradient
    loss: str = field(default="cross_entropy", metadata={"choices": LOSSES})
    # what labels are learned by; a student's is "cross_entropy". The others take probabilities
    # for scores, as in the original. Evaluation measures the cross-entropy whatever this is
    regularisation: float = field(default=1.0, metadata=PENALTY)
    # weight of the sum of the L2 terms in the loss
    frames: FrameSampling = FrameSampling()  # which of them a step sees
    batch_norm: BatchNormalisation = BatchNormalisation()  # its memory
    shuffle_window: int = 100_000  # videos that change places among each other
    seed: int = field(default=1, metadata=SEED)
    # of the first weights, the order of the videos and the frames drawn
    precision: str = field(default="float32", metadata={"choices": ("float32", "bfloat16")})
    # of products and of what lies between them; weights are float32. "bfloat16" is for GPUs
    xla: bool = False  # compile the passes forth and back: seconds to a minute for each shape of a
    # batch, then faster steps; not for frames "all", where shapes are many
    log_steps: int = 20  # steps between two rows of the history

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        counts = ("batch_size", "micro_batches", "decay_videos", "shuffle_window")
        for name in (*counts, "log_steps"):
            value = getattr(self, name)
            require(value >= 1, f"{where}.{name}", f"is {value}; 1 or more")
        check_batch_size(self.batch_size, where)
        parts, whole = self.micro_batches, self.batch_size
        problem = f"is {parts}; must divide batch_size {whole}"
        require(whole % parts == 0, f"{where}.micro_batches", problem)
        require(0 < self.decay <= 1, f"{where}.decay", f"is {self.decay}; 0 < decay <= 1")


@dataclass(frozen=True)
class Averaging:
    """The run after training that keeps an average of all weights."""

    epochs: int = field(default=2, metadata=EPOCHS)  # passes over the training split
    learning_rate: float = field(default=8e-5, metadata=RATE)  # of the first steps
    average: str = field(default="exponential", metadata={"choices": ("exponential", "equal")})
    # "exponential": a moving average, of every step; "equal": the plain mean of the weights that
    # the run starts from and those after every so many steps
    memory_steps: float = field(default=2000.0, metadata=STEPS)
    # "exponential": decay = 1 - 1 / memory_steps a step, as the original has it
    half_life_steps: float | None = field(default=None, metadata={"range": (1e-3, 1e9)})
    # when given: decay = 0.5 ** (1 / half_life_steps)
    every_steps: int = 100  # "equal": steps between two weights that are averaged

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.every_steps >= 1, f"{where}.every_steps", f"is {self.every_steps}; 1 or more")


@dataclass(frozen=True)
class Quantisation:
    """How the weights are stored in the end."""

    quantiser: Any = one_of("yt8m.compression.quantisers", "uniform")
    # how a variable's values become codes
    min_elements: int = 17_000  # variables with more elements than this are quantised

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        n = self.min_elements
        require(n >= 0, f"{where}.min_elements", f"is {n}; 0 or more")


@dataclass(frozen=True)
class Distillation:
    """How a teacher's predictions on the training split are written down."""

    layout: str = field(default="soft_labels", metadata={"choices": ("soft_labels", "full")})
    # "soft_labels": predictions alone, read beside the source; "full": the original's records
    keep: int = 900  # predictions a video kept by `soft_labels`; the rest is spread evenly
    shards_per_job: int = field(default=1, metadata={"choices": (1, 10, 100)})
    # 1, 10 or 100: a job should take minutes, and is the unit of a restart

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.keep >= 1, f"{where}.keep", f"is {self.keep}; 1 or more")


@dataclass(frozen=True)
class Inference:
    """How graphs are scored and used."""

    batch_size: int = 256  # videos a step
    top_k: int = 20  # predictions a video that count for GAP and are kept
    skip_dummies: bool = False  # leave out videos whose mean_rgb varies by less than 0.1 (std)

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        for name in ("batch_size", "top_k"):
            value = getattr(self, name)
            require(value >= 1, f"{where}.{name}", f"is {value}; 1 or more")
        check_batch_size(self.batch_size, where)


@dataclass(frozen=True)
class Run:
    """What to make."""

    final: str = "final"  # the ensemble that is the product
    train: str = "train"  # the split that models learn from
    evaluate: tuple[str, ...] = ("validate",)  # splits with labels, to score every graph on
    predict: tuple[str, ...] = ()  # splits to predict with the final ensemble
    models: tuple[str, ...] = ()  # models to make beyond the members of ensembles

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        problem = "is empty; name a split with labels, by which all graphs are compared"
        require(bool(self.evaluate), f"{where}.evaluate", problem)


@dataclass(frozen=True)
class Job:
    """What one job of a step may use."""

    gpu: int = 0  # GPUs
    threads: int = 1  # CPU threads
    mem_mb: int = 2000  # memory
    runtime: int = 60  # minutes; doubled with each retry

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.gpu >= 0, f"{where}.gpu", f"is {self.gpu}; 0 or more")
        for name in ("threads", "mem_mb", "runtime"):
            value = getattr(self, name)
            require(value >= 1, f"{where}.{name}", f"is {value}; 1 or more")
        for name in ("gpu", "threads"):
            value = getattr(self, name)
            require(value <= 4096, f"{where}.{name}", f"is {value}; at most 4,096")


@dataclass(frozen=True)
class TrainingJob(Job):
    """What a job that trains may use, and how much of its work a kill may cost."""

    state_seconds: int = 600  # time between two saves of the state that a killed run resumes

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        super().check(where)
        seconds = self.state_seconds
        require(seconds >= 0, f"{where}.state_seconds", f"is {seconds}; 0 (each step) or more")
