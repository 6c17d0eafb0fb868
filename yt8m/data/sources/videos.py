"""A table of your own videos: decoded, their features extracted, projected, as bytes, in shards."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.data.sources.own_table import OwnTable
from yt8m.errors import ConfigError
from yt8m.extractors.digests import extractor_state
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.rows import Row, digest_of
from yt8m.own_data.widths import Width
from yt8m.progress import Progress
from yt8m.protocols import ImageExtractor, SoundExtractor
from yt8m.recipes import one_of, recipe_modules
from yt8m.strict import settings
from yt8m.video.description import IMAGES, SOUNDS, Extraction, read_extraction
from yt8m.video.extraction import IMAGES as RGB
from yt8m.video.extraction import SOUND as AUDIO
from yt8m.video.findings import with_features
from yt8m.video.frames import Rule
from yt8m.video.shards import VIDEO, ShardExtraction


@settings
class Recipe(OwnTable):
    """Your own videos, listed in a table with their labels."""

    column: str = Field(
        "path", description='column of the files, or a pattern of columns such as "clips/{id}.mp4"'
    )
    images: ImageExtractor = one_of(
        IMAGES, "efficientnet_lite0", description="the network that turns pictures into `rgb`"
    )
    sound: SoundExtractor = one_of(
        SOUNDS,
        "speech_embedding",
        description="what turns sound into `audio`, if `dataset.features` has it",
    )
    frame_rule: Rule = Field(
        "nearest",
        description='"nearest": the frame nearest to each whole second; "google": those that '
        "YouTube-8M's own extractor takes",
    )

    def schema_problems(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """Also features that videos do not have, and extractors that lack files."""
        if RGB not in schema.features or not {*schema.features} <= {RGB, AUDIO}:
            found = ", ".join(schema.features)
            yield "", f"dataset.features has {found}; videos have rgb and, optionally, audio"
            return
        yield from super().schema_problems(schema)
        for name, recipe in self._extractors.items():
            try:
                extractor_state(recipe)
            except ConfigError as error:
                yield {RGB: "images", AUDIO: "sound"}[name], str(error)

    # Features

    def describe_extraction(self, max_frames: int, out: Path) -> None:
        """Write how the videos become features, atomically."""
        self.extraction(max_frames).write(out)

    def extraction(self, max_frames: int) -> Extraction:
        """How the videos become features."""
        return Extraction(self.images, self._extractors.get(AUDIO), self.frame_rule, max_frames)

    @property
    def extractor_modules(self) -> list[str]:
        """The modules of the extractors."""
        return [module for each in self._extractors.values() for module in recipe_modules(each)]

    @cached_property
    def extractors_state(self) -> dict[str, Any]:
        """What shows, without reading large files, whether the features may have changed."""
        states = {name: extractor_state(each) for name, each in self._extractors.items()}
        return {"extractors": states, "frame_rule": self.frame_rule}

    def videos_state(self, split: str, shard: int) -> str:
        """A digest of the ids and the files of a shard's videos."""
        return digest_of([r.id, r.locations[VIDEO]] for r in self.rows.of_shard(split, shard))

    def videos(self, split: str, shard: int) -> list[str]:
        """The files of a shard's videos, as far as they exist."""
        paths = (row.locations[VIDEO] for row in self.rows.of_shard(split, shard))
        return [path for path in dict.fromkeys(paths) if Path(path).is_file()]

    def video_files(self, split: str) -> dict[str, str]:
        """Id -> file of each video of a split; none of a split that the table does not have."""
        rows = self.rows.of_split(split) if split in self.rows.by_split else []
        return {row.id: row.locations[VIDEO] for row in rows}

    def extract(self, split: str, shard: int, described: Path, out: Path, threads: int) -> str:
        """Extract the features of a shard's videos as a file describes, and write what is found.

        The features are beside `out`, in a folder of their own. Returns a report. Raises
        RecordError if most videos are not valid, with `strict` if one is not.
        """
        self._check_asked(split, shard)
        rows, left_out = self.rows.of_shard(split, shard), LeftOut(self.strict)
        job = ShardExtraction(read_extraction(described), out, threads, left_out)
        with Progress(f"extract shard {shard} of {split}", "video", len(rows)) as bar:
            return job.run(rows, bar.advance)

    @property
    def _extractors(self) -> dict[str, ImageExtractor | SoundExtractor]:
        """By feature, as far as the dataset has it (see `completed`)."""
        every = {RGB: self.images, AUDIO: self.sound}
        return {name: each for name, each in every.items() if name in self.projections}

    def _columns(self) -> Mapping[str, str]:
        return {VIDEO: self.column}

    def frame_width(self, feature: str) -> Width | None:
        """That of its extractor; None if the extractor does not tell it."""
        size = self._extractors[feature].size
        return None if size is None else Width(size)

    def _read_by_fit(self) -> list[str]:
        return [VIDEO] if self._fitted else []

    def _array_files(self, rows: Sequence[Row], names: Sequence[str]) -> list[str]:
        return []  # features are results of this run

    def _located(self, rows: Sequence[Row], extracted: Sequence[Path]) -> list[Row]:
        return with_features(rows, extracted, sorted(self.projections))
