"""The paths of records, and of what is known about them, in a run's results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordPaths:
    """root: the folder of results."""

    root: str

    def manifest(self, split: str) -> str:
        """The manifest of a split."""
        return f"{self.root}/data/{split}.json"

    def hashed_ids(self, split: str) -> str:
        """The hashed ids of a split's videos."""
        return f"{self.root}/data/{split}.ids.npy"

    def shard_list(self, split: str) -> str:
        """The list of a split's given shards."""
        return f"{self.root}/data/{split}.sources"

    def shard_list_part(self, split: str, number: str, total: str) -> str:
        """The list of the given shards in a part of a split. number, total: as for shards."""
        return f"{self.root}/data/listed/{split}-{number}-of-{total}.sources"

    def surveyed(self, split: str, number: str, total: str) -> str:
        """What was found in the shards of a part of a split. number, total: as for shards."""
        return f"{self.root}/data/surveyed/{split}-{number}-of-{total}.json"

    def shard(self, split: str, number: str, total: str) -> str:
        """A shard that this run makes. number, total: five digits each, or `*`."""
        return f"{self.root}/data/{split}/{split}-{number}-of-{total}.tfrecord"

    @property
    def extraction(self) -> str:
        """How videos become features, if the source is of videos."""
        return f"{self.root}/data/extracted/extraction.json"

    def extracted(self, split: str, number: str, total: str) -> str:
        """What was found in the videos of a shard; the features are in folders beside it.

        number, total: five digits each, or `*`.
        """
        return f"{self.root}/data/extracted/{split}-{number}-of-{total}.json"

    def downloaded(self, split: str, number: str, total: str) -> str:
        """The list of the shards that one job downloads. number, total: as for shards."""
        return f"{self.root}/data/downloaded/{split}-{number}-of-{total}.json"

    @property
    def projections(self) -> str:
        """The fitted projections of the features, if the source is of arrays."""
        return f"{self.root}/data/projections.safetensors"

    @property
    def labels(self) -> str:
        """The names of the classes, if the source names them."""
        return f"{self.root}/data/labels.csv"

    @property
    def left_out(self) -> str:
        """The videos of all splits that are left out, if the source is of arrays."""
        return f"{self.root}/data/left-out.csv"

    @property
    def comparison(self) -> dict[str, str]:
        """The result of comparing the training split with the other splits."""
        stem = f"{self.root}/data/duplicate-videos"
        return {"found": f"{stem}.txt", "digest": f"{stem}.digest"}
