"""Protocols of the families of recipes, such as models, quantisers and extractors.

A recipe is a settings class `Recipe` in a module of its own, which imports TensorFlow or Keras only
inside its methods, since workflows are planned without them. No base class is needed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from yt8m.data.schema import Schema

Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From frames, uint8 or float32 [B, T, F], and num_frames, int32 [B], to float32 [B, C]. Raises
TensorFlowError if it cannot be computed."""

if TYPE_CHECKING:
    from keras import KerasTensor

    from yt8m.compression.storage import Encoded
    from yt8m.download.planned import DownloadPlan, PlannedFile
    from yt8m.download.server import Server
    from yt8m.projections.projection import Projection


class ClassifierRecipe(Protocol):
    """Classifies one vector per video: a file in `yt8m.classifiers`."""

    def build(self, features: "KerasTensor", classes: int) -> "KerasTensor":
        """The last layer, named "classifier", applied to a symbolic vector.

        features: float32 [B, inputs].
        Returns predictions, float32 [B, classes] in [0, 1].
        """


class ModelRecipe(Protocol):
    """Predicts a video's classes from its frames: a file in `yt8m.models` or an external module."""

    def build(self, frames: "KerasTensor", mask: "KerasTensor", schema: Schema) -> "KerasTensor":
        """The model as a Keras graph.

        frames: float32 [B, T, F], each frame at unit length, zeros past a video's end; a record of
            the video layout is one frame. A recipe with the class attribute `reads_parts`, true,
            gets `yt8m.models.branches.ScaledParts` instead, with arbitrary values past the end.
        mask: bool [B, T], true for frames that exist. Other frames must not change a prediction.
        schema: names and sizes of the features, which are concatenated along F, and C classes.

        Returns predictions, float32 [B, C] in [0, 1], of a layer named "classifier". All layers
        need names, so that the same recipe and schema give the same `variable.path`s.
        """


@runtime_checkable
class SuitsSchema(Protocol):
    """A recipe that does not work with every schema."""

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for unsupported features or classes."""


class Quantiser(Protocol):
    """Rounds a variable's values to few levels: a file in `yt8m.compression.quantisers`."""

    def encode(self, values: np.ndarray) -> "Encoded":
        """values: float32, any shape, all finite. Raises OverflowError for one out of range."""

    def encoded_bytes(self, shape: Sequence[int]) -> int:
        """`size_bytes` of any variable of that shape after encoding."""


class Source(Protocol):
    """Where records come from: a file in `yt8m.data.sources`, chosen by `dataset.source`.

    Shards of records by split: given files, or files that the workflow makes. Planning calls
    everything but `make_shard`, so modules that write shards are imported inside it.
    """

    makes_shards: ClassVar[bool]
    """Whether the workflow makes the shards. If not, the given files are the shards."""

    def shards(self) -> Mapping[str, int]:
        """Split -> number of shards."""

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The given files of a split, with patterns and variables expanded; possibly none."""

    def inputs(self, split: str, shard: int) -> list[str]:
        """The files that making one shard reads."""

    def for_shard(self, split: str, shard: int) -> tuple["Source", int]:
        """A source that can make this shard, and the shard's number in it.

        It contains only what the shard depends on: its settings fit on a command line, and do not
        change when files of other shards are added or removed.
        """

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write one shard atomically.

        Raises ConfigError for an undefined split or shard, or settings that do not suit the schema;
        RecordError for invalid inputs.
        """

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for settings that do not suit the schema."""


@runtime_checkable
class ArraySource(Source, Protocol):
    """A source of arrays of floats, which become records by projections that are fitted first."""

    def completed(self, features: Mapping[str, int]) -> "ArraySource":
        """The same with all settings that follow from the features of records: name -> size."""

    def schema_problems(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """What does not suit the schema, all at once: path of a setting of the source, and text."""

    def videos_in(self, split: str) -> int:
        """The number of videos that the table lists for a split; 0 for an unknown one."""

    def fit_problems(self, split: str, max_frames: int) -> Iterator[tuple[str, str]]:
        """Features whose projections cannot be fitted on a split, as far as is known; and why."""

    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Feature -> the lowest and highest value that its bytes stand for."""

    def label_names(self) -> Sequence[str]:
        """The names of the classes, by number."""

    def warnings(self, train: str) -> list[str]:
        """Sentences about what is valid but probably not meant. train: the training split."""

    def summary(self) -> str:
        """What the table holds, by split, as a text for people."""

    def rows_state(self, split: str, shard: int) -> str:
        """A digest of a shard's ids, locations of arrays, and labels."""

    def raw_bytes(self) -> int:
        """Bytes of the arrays of all projections, as far as they are known before the fit."""

    def fit_inputs(self, split: str) -> list[str]:
        """The files that the fit on a split reads."""

    def fit_state(self, split: str, max_frames: int) -> str:
        """A digest of the settings and the locations of arrays that the fit depends on."""

    def fit(self, split: str, schema: Schema, out: Path, extracted: Sequence[Path] = ()) -> str:
        """Fit the projections of all features on a split, and write them atomically.

        extracted: what `VideoSource.extract` wrote for every shard of the split.
        Returns a report for people. Raises as `project_shard` does.
        """

    def project_shard(
        self,
        split: str,
        shard: int,
        schema: Schema,
        projections: Path,
        out: Path,
        extracted: Sequence[Path] = (),
    ) -> str:
        """Write one shard atomically, with the projections in a file; and beside it, with the
        suffix `.left-out.csv`, the videos that are left out. extracted: as for `fit`.

        Returns a report for people. Raises ConfigError for settings that do not suit the arrays;
        RecordError for arrays that are not valid, as far as they are not left out.
        """


@runtime_checkable
class VideoSource(ArraySource, Protocol):
    """A source of arrays that are extracted from videos first."""

    @property
    def extractors_state(self) -> Mapping[str, Any]:
        """What shows, without reading large files, whether the extractors may have changed."""

    @property
    def frame_rule(self) -> str:
        """Which frames are extracted, see `yt8m.video.frames`."""

    @property
    def extractor_modules(self) -> list[str]:
        """The modules of the extractors."""

    def describe_extraction(self, max_frames: int, out: Path) -> None:
        """Write how the videos become features, atomically."""

    def videos(self, split: str, shard: int) -> list[str]:
        """The files of a shard's videos, as far as they exist."""

    def video_files(self, split: str) -> dict[str, str]:
        """Id -> file of each video of a split; none of a split that the table does not have."""

    def videos_state(self, split: str, shard: int) -> str:
        """A digest of the ids and the files of a shard's videos."""

    def extract(self, split: str, shard: int, described: Path, out: Path, threads: int) -> str:
        """Extract the features of a shard's videos as a file describes, and write what is found.

        The features are beside `out`, in a folder of their own. Returns a report for people.
        Raises RecordError for videos that are not valid, as far as they are not left out.
        """


@runtime_checkable
class DownloadedSource(Source, Protocol):
    """A source of shards that are downloaded into a folder, by a plan, in parts."""

    splits: tuple[str, ...]
    """The splits that are downloaded."""

    connections: int
    """Files that one job fetches at a time."""

    def open_server(self, connections: int) -> "Server":
        """The server of the files. Modules that reach it are imported inside."""

    def make_plan(self, server: "Server", split: str, threads: int) -> "DownloadPlan":
        """Ask what there is of a split. threads: how many files to ask for at a time.

        Raises DownloadError if the server does not have it.
        """

    def address_of(self, split: str, name: str) -> str:
        """The address of a file in the plan of a split, by the server's name."""

    def plan_path(self, split: str) -> Path:
        """The file of the plan of a split."""

    def check_plan(self, split: str, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for a plan that is not there or not valid, and
        for files that the server does not have, unless they are to be left out.
        """

    def parts(self, split: str) -> int:
        """The number of parts, and so of jobs, of a split."""

    def part_files(self, split: str, part: int) -> list[tuple[str, "PlannedFile"]]:
        """Where the files of a part belong, and what they are."""

    def part_state(self, split: str, part: int) -> str:
        """A digest of where the files of a part belong, and of their content."""


class ProjectionRecipe(Protocol):
    """From an extractor's values to those of records: a file in `yt8m.projections`."""

    reads_frames: ClassVar[bool]
    """Whether it is fitted on frames. If not, `fit` reads no batch."""

    def inputs(self) -> list[str]:
        """The files that it reads."""

    def sized(self, size: int) -> "ProjectionRecipe":
        """The same with this number of values per frame of a record, if its settings leave it
        open.
        """

    def projected_size(self, width: int, where: str) -> int:
        """Values per frame of a record, from those of the extractor.

        Raises ConfigError, prefixed with `where`, for a width that does not suit the settings.
        """

    def size_problems(self, frames: int) -> Iterator[str]:
        """What is wrong with its size, a setting of `dataset.features`, if it is fitted on at most
        this many frames.
        """

    def array_size(self, width: int) -> int:
        """Values in the arrays of its projection, from the extractor's values per frame."""

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> "Projection":
        """The projection for the frames of the training split.

        batches: float32 [n, width] each, all finite; read once, in order.

        Raises ConfigError, prefixed with `where`, for settings that do not suit the width;
        RecordError for frames that they cannot be fitted on.
        """


class ImageExtractor(Protocol):
    """Turns each picture into a vector: a file in `yt8m.extractors.images`."""

    @property
    def size(self) -> int:
        """Values of one picture's vector, F."""

    @property
    def resolution(self) -> tuple[int, int] | None:
        """(height, width) of the pictures it takes; None for any."""

    def files(self) -> list[str]:
        """The files that it reads. Raises ConfigError if an optional package is not installed."""

    def digest(self) -> str:
        """Digest of its settings and of the content, not the places, of its files.

        Raises ConfigError for a file that cannot be read.
        """

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function from pictures, uint8 [n, h, w, 3] (red, green, blue), to float32 [n, F].

        threads: at most this many, 0 for one per core; where the library has one number for the
        whole process, it is left as it is once the library has started.
        Raises ConfigError for settings that do not suit the files or missing packages,
        ArtefactError for files that are damaged or of another kind.
        """


class SoundExtractor(Protocol):
    """Turns each second of sound into a vector: a file in `yt8m.extractors.sounds`."""

    @property
    def size(self) -> int:
        """Values of one second's vector, A."""

    def files(self) -> list[str]:
        """The files that it reads. Raises ConfigError if an optional package is not installed."""

    def digest(self) -> str:
        """Digest of its settings and of the content, not the places, of its files.

        Raises ConfigError for a file that cannot be read.
        """

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function from sound and a number of seconds T to float32 [T, A].

        The sound is float32 [samples], mono, 16 kHz, nominally in [-1, 1]; what is missing of the T
        seconds is silence, what exceeds them is not used. Row t depends on second t only.
        threads and errors: as for pictures.
        """
