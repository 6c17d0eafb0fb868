"""Options of the commands that make and check records."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yt8m.own_data.left_out import beside
from yt8m.recipes import as_entry
from yt8m.workflow.plan import Plan
from yt8m.workflow.shell import as_json, option, quoted


@dataclass(frozen=True)
class RecordFlags:
    """plan: as for `flags.Flags`."""

    plan: Plan

    def source(self, split: str, shard: str) -> str:
        """The part of the source that a shard depends on, and the shard's number in it."""
        source, number = self.plan.source.for_shard(split, int(shard))
        return f"--source {quoted(as_json(as_entry(source)))} --shard {number}"

    def rows(self, split: str, shard: str) -> str:
        """The digest of the rows of a table that a shard must be made from, if there is a table."""
        arrays = self.plan.arrays
        return f"--rows {arrays.rows_state(split, int(shard))}" if arrays else ""

    def projections(self, input: Any) -> str:
        """The file of fitted projections, if any."""
        return option("projections", input.projections)

    def extracted(self, input: Any) -> str:
        """What was found in the videos of a shard, if the source is of videos."""
        return option("extracted", input.extracted)

    def extracted_of(self, split: str) -> str:
        """A pattern of what was found in the videos of a split, if the source is of videos."""
        total = f"{self.plan.number_of_shards(split):05d}"
        return option("extracted", self.plan.extracted(split, "*", total))

    def extracted_of_train(self) -> str:
        """The same of the training split."""
        return self.extracted_of(self.plan.train)

    def compared_videos(self) -> str:
        """Patterns of what was found in the videos of the compared splits, if there are any."""
        if not self.plan.videos:
            return ""
        found = []
        for split in (self.plan.train, *self.plan.evaluated):
            total = f"{self.plan.number_of_shards(split):05d}"
            found += [f"{split}={path}" for path in self.plan.extracted(split, "*", total)]
        return option("extracted", found)

    def videos(self, split: str, shard: str) -> str:
        """The number of a shard, and the digest of the rows whose videos are extracted."""
        rows = self.plan.videos.videos_state(split, int(shard))
        return f"--shard {int(shard)} --rows {rows}"

    def fit_rows(self) -> str:
        """The digest of the settings and rows that projections must be fitted on."""
        max_frames = self.plan.experiment.dataset.max_frames
        return f"--rows {self.plan.arrays.fit_state(self.plan.train, max_frames)}"

    def left_out(self) -> str:
        """Patterns of the tables of videos that are left out; the files can be too many."""
        shards = (self._pattern(split) for split in self.plan.splits)
        return quoted(map(beside, shards))

    def arrays(self) -> str:
        """The whole source, if it is one of arrays."""
        return f"--source {quoted(as_json(as_entry(self.plan.arrays)))}"

    def downloads(self) -> str:
        """The whole source, if it is one of shards that are downloaded."""
        return f"--source {quoted(as_json(as_entry(self.plan.downloads)))}"

    def download(self, split: str, shard: str) -> str:
        """The number of a part, and the digest of what it must have."""
        state = self.plan.downloads.part_state(split, int(shard))
        return f"--part {int(shard)} --files {state}"

    def shards(self, split: str, input: Iterable[str]) -> str:
        """What a manifest is made from: what was found in parts, or the shards themselves."""
        if parts := self.plan.survey_parts(split):
            return option("parts", self.plan.layout.surveyed(split, "*", parts.total))
        return self._shards(split, input)

    def part(self, split: str, shard: str, input: Iterable[str]) -> str:
        """A part of a split, and its shards."""
        parts = self.plan.survey_parts(split)
        listed = not (self.plan.source.makes_shards or self.plan.downloads)
        numbers = "" if listed else parts.numbers_option(shard)
        return f"{self._shards(split, input)} {numbers} {parts.as_option(shard)}"

    def _shards(self, split: str, input: Iterable[str]) -> str:
        """The shards of a split: a pattern for those made by this run, or what lists the others:
        a file, or a pattern of the lists of those that are downloaded.
        """
        if self.plan.downloads:
            parts = f"{self.plan.downloads.parts(split):05d}"
            return option("shards", self.plan.layout.downloaded(split, "*", parts))
        if self.plan.source.makes_shards:
            return quoted(self._pattern(split))
        return option("shards", input)

    def _pattern(self, split: str) -> str:
        """Matches exactly the shards of a split that this run makes."""
        total = f"{self.plan.number_of_shards(split):05d}"
        return self.plan.layout.shard(split, "*", total)

    def needs_labels(self, split: str) -> str:
        """Refuse a split without labels if labels are needed."""
        return "--require-labels" if split in self.plan.labelled else ""

    def limit(self) -> str:
        """How many videos of each split count, if not all of them."""
        limit = self.plan.experiment.dataset.limit
        return option("limit", [] if limit is None else str(limit))

    def enough_videos(self, split: str) -> str:
        """Refuse a training split that is smaller than the largest batch."""
        if split != self.plan.train:
            return ""
        models = (self.plan.experiment.models[name] for name in self.plan.models)
        return f"--at-least {max(model.training.batch_size for model in models)}"
