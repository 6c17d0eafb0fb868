"""Input files of a run: how to detect that they have changed, since their dates are unreliable."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.config.experiment import Experiment
from yt8m.data.identity import digest_of_contents, digest_of_identities
from yt8m.data.shard_list import ShardList, list_shards, read_shard_list
from yt8m.errors import ConfigError, Yt8mError
from yt8m.own_data.rows import digest_of
from yt8m.protocols import ArraySource
from yt8m.serving.importing import imported_files
from yt8m.workflow.downloads import check_downloads
from yt8m.workflow.job_parts import JobParts
from yt8m.workflow.plan import Plan
from yt8m.workflow.planning_files import planning_file
from yt8m.workflow.shell import as_json

FIVE_DIGITS = "[0-9]" * 5
"""A pattern of a number in a file's name."""


@dataclass(frozen=True)
class InputFiles:
    """The current state of the shards, ensembles and small files that an experiment names."""

    experiment: Experiment
    _lists: dict[str, ShardList] = field(default_factory=dict)

    def check(self, plan: Plan) -> None:
        """Raises ConfigError for shards that are given, or were downloaded, and are not there.

        plan: its layout must have a real folder.
        """
        if plan.downloads:
            check_downloads(plan)
        elif not plan.source.makes_shards:
            for split in plan.splits:
                self.shards(split)

    def shards(self, split: str) -> ShardList:
        """The given shards of a split; looked up only once.

        Raises ConfigError naming those that are missing.
        """
        if split not in self._lists:
            try:
                self._lists[split] = list_shards(
                    self.experiment.dataset.source.shard_paths(split), split
                )
            except Yt8mError as error:
                raise ConfigError(f"dataset.source: {error}") from None
        return self._lists[split]

    def shards_state(self, split: str) -> str:
        """The number of a split's shards, and a digest of their identities, as JSON."""
        return _state(self.shards(split))

    def shard_list(self, split: str) -> str:
        """A file that lists a split's shards, which can be too many for a command line."""
        return _planned(self.shards(split))

    def part(self, split: str, shard: str) -> ShardList:
        """The given shards in a part of a split."""
        shards = self.shards(split)
        most = self.experiment.resources.records.shards_per_job
        return shards.part(JobParts(len(shards.paths), most).numbers(shard))

    def part_state(self, split: str, shard: str) -> str:
        """The same as `shards_state`, of the shards in a part."""
        return _state(self.part(split, shard))

    def part_list(self, split: str, shard: str) -> str:
        """A file that lists the shards in a part."""
        return _planned(self.part(split, shard))

    def lists(self, plan: Plan, split: str) -> dict[str, ShardList]:
        """The lists of the given shards of a split, by the files that jobs write them to."""
        parts, layout = plan.survey_parts(split), plan.layout
        if parts is None:
            return {layout.shard_list(split): self.shards(split)}
        return {
            layout.shard_list_part(split, name, parts.total): self.part(split, name)
            for name in parts.names
        }

    def inputs_state(self, split: str, shard: str) -> str:
        """A digest of the identities of the files that a shard is made from, as JSON."""
        inputs = self.experiment.dataset.source.inputs(split, int(shard))
        return as_json({"inputs_as_of": digest_of_identities(inputs)})

    def videos_state(self, split: str, shard: str) -> str:
        """A digest of the identities of the videos of a shard, as JSON."""
        videos = self.experiment.dataset.source.videos(split, int(shard))
        return as_json({"videos_as_of": digest_of_identities(videos)})

    def extractors_state(self) -> str:
        """The settings of the extractors, and digests of their files, as JSON."""
        return as_json(self.experiment.dataset.source.extractors_state)

    def fit_inputs_state(self) -> str:
        """A digest of the identities of the files that projections are fitted on, as JSON."""
        inputs = self.experiment.dataset.source.fit_inputs(self.experiment.run.train)
        return as_json({"inputs_as_of": digest_of_identities(inputs)})

    def ensemble_state(self, ensemble: str) -> str:
        """A digest of the identities of an imported ensemble's files, as JSON."""
        files = imported_files(Path(self.experiment.ensembles[ensemble].folder))
        return as_json({"as_of": digest_of_identities(files)})

    def label_names(self) -> str:
        """A digest of the content of the file with the names of classes, as JSON."""
        return as_json(self._label_names())

    def archived(self) -> str:
        """A digest of the names of classes and the licence, as JSON."""
        return as_json(
            {**self._label_names(), "licence": _content(self.experiment.card.licence_file)}
        )

    def _label_names(self) -> dict[str, str]:
        source = self.experiment.dataset.source
        if isinstance(source, ArraySource):
            return {"label_names": digest_of(source.label_names())}
        return {"label_names": _content(self.experiment.dataset.label_names)}


def _state(shards: ShardList) -> str:
    return as_json({"shards": len(shards.paths), "as_of": shards.digest})


def _planned(shards: ShardList) -> str:
    file = planning_file(f"{shards.digest}.sources")
    if not file.exists():
        shards.write(file)
    return str(file)


def _content(path: str | None) -> str:
    return digest_of_contents([path] if path else [])


def splits_to_read_again(plan: Plan, input_files: InputFiles) -> list[str]:
    """Splits whose shards have changed, or may have, since their manifest was written.

    plan: its layout must have a real folder.
    """
    read = [split for split in plan.splits if Path(plan.layout.manifest(split)).exists()]
    if plan.downloads:
        return read  # parts that are listed anew; a manifest of the same content stays as it is
    return [split for split in read if _is_otherwise(plan, input_files, split)]


def _is_otherwise(plan: Plan, input_files: InputFiles, split: str) -> bool:
    if _is_surveyed_otherwise(plan, split):
        return True
    if plan.source.makes_shards:
        return _is_made_later(plan, split)
    return _is_listed_otherwise(plan, input_files, split)


def _is_surveyed_otherwise(plan: Plan, split: str) -> bool:
    """Whether a split was read in other parts than now, or one of them anew."""
    pattern = Path(plan.layout.surveyed(split, FIVE_DIGITS, FIVE_DIGITS))
    found = {str(path) for path in pattern.parent.glob(pattern.name)}
    planned = plan.surveyed(split)
    return found != {*planned} or _is_later(plan, split, planned)


def _is_made_later(plan: Plan, split: str) -> bool:
    """Whether a shard that this run makes is missing or newer than the manifest."""
    return _is_later(plan, split, plan.shards(split))


def _is_later(plan: Plan, split: str, files: Iterable[str]) -> bool:
    """Whether a file is missing or newer than the manifest of a split."""
    date = Path(plan.layout.manifest(split)).stat().st_mtime_ns
    try:
        return any(Path(file).stat().st_mtime_ns > date for file in files)
    except FileNotFoundError:
        return True


def _is_listed_otherwise(plan: Plan, input_files: InputFiles, split: str) -> bool:
    lists = input_files.lists(plan, split)
    return any(_digest_in(file) != shards.digest for file, shards in lists.items())


def _digest_in(file: str) -> str | None:
    """The digest of a list of shards; None if there is none."""
    try:
        return read_shard_list(file).digest
    except Yt8mError:
        return None
