"""The paths of ensembles, their soft labels and predictions in a run's results."""

from dataclasses import dataclass

from yt8m.artefacts import (
    CALIBRATION,
    ENSEMBLE,
    FINGERPRINT,
    GRAPH_FILES,
    MEMBER_WEIGHTS,
    PLAN,
    SIZE,
    THRESHOLDS,
    distilled_shard,
)
from yt8m.choosing.choice import CHOICE
from yt8m.workflow.model_paths import stored_files


@dataclass(frozen=True)
class EnsemblePaths:
    """root: the folder of results."""

    root: str

    def ensemble(self, ensemble: str) -> str:
        """The folder of an ensemble."""
        return f"{self.root}/ensembles/{ensemble}"

    def description(self, ensemble: str) -> str:
        """The description of an ensemble."""
        return f"{self.ensemble(ensemble)}/{ENSEMBLE}"

    def graph(self, ensemble: str) -> str:
        """The main file of an ensemble's graph."""
        return f"{self.ensemble(ensemble)}/{GRAPH_FILES[0]}"

    def fingerprint(self, ensemble: str) -> str:
        """Digest of everything that an ensemble's predictions depend on."""
        return f"{self.ensemble(ensemble)}/{FINGERPRINT}"

    def learned_weights(self, ensemble: str) -> str:
        """The learned weights of an ensemble's members."""
        return f"{self.ensemble(ensemble)}/{MEMBER_WEIGHTS}"

    def choice(self, ensemble: str) -> str:
        """The choice of an ensemble's members among candidates."""
        return f"{self.ensemble(ensemble)}/{CHOICE}"

    def plan(self, ensemble: str) -> str:
        """The compression plan of an ensemble."""
        return f"{self.ensemble(ensemble)}/{PLAN}"

    def sweep(self, ensemble: str, split: str) -> str:
        """An ensemble's metrics under other budgets."""
        return f"{self.ensemble(ensemble)}/sweep.{split}.json"

    def scores(self, ensemble: str, split: str) -> str:
        """Counts of an ensemble's probabilities on a split."""
        return f"{self.ensemble(ensemble)}/scores.{split}.parquet"

    def mistakes(self, ensemble: str, split: str) -> str:
        """The videos of a split that an ensemble gets most wrong."""
        return f"{self.ensemble(ensemble)}/mistakes.{split}.parquet"

    def confusions(self, ensemble: str, split: str) -> str:
        """The classes that an ensemble predicts in place of which labels."""
        return f"{self.ensemble(ensemble)}/confusions.{split}.parquet"

    def class_gains(self, ensemble: str, split: str) -> str:
        """What each stage on the way to an ensemble changed for each class."""
        return f"{self.ensemble(ensemble)}/class-gains.{split}.parquet"

    def thumbnails(self, ensemble: str, split: str) -> str:
        """The videos that an ensemble predicts best and worst, with small pictures of them."""
        return f"{self.ensemble(ensemble)}/thumbnails.{split}.json"

    def thresholds(self, ensemble: str) -> dict[str, str]:
        """The thresholds of an ensemble's classes, and how they were chosen."""
        folder = self.ensemble(ensemble)
        return {
            "thresholds": f"{folder}/{THRESHOLDS}",
            "calibration": f"{folder}/{CALIBRATION}",
        }

    def size(self, ensemble: str) -> str:
        """The size of an ensemble, and its budget."""
        return f"{self.ensemble(ensemble)}/{SIZE}"

    def archive(self, ensemble: str) -> str:
        """The archive of an ensemble, for delivery."""
        return f"{self.ensemble(ensemble)}/{ensemble}.tar.gz"

    def model_card(self, ensemble: str) -> str:
        """The model card that is in the archive, to be read without unpacking it."""
        return f"{self.ensemble(ensemble)}/model-card.md"

    def member(self, ensemble: str, model: str) -> str:
        """The folder of a member that is compressed for an ensemble's budget."""
        return f"{self.ensemble(ensemble)}/members/{model}"

    def compressed(self, ensemble: str, model: str) -> dict[str, str]:
        """The outputs of compressing a member; the same files as for quantised weights."""
        return stored_files(self.member(ensemble, model))

    def distilled(self, teacher: str) -> str:
        """The manifest of a teacher's soft labels."""
        return f"{self.root}/distillation/{teacher}/manifest.json"

    def distilled_shard(self, teacher: str, number: str, total: str) -> str:
        """A shard of soft labels. number, total: five digits each, or `*`."""
        return f"{self.root}/distillation/{teacher}/{distilled_shard(number, total)}"

    def surveyed_soft_labels(self, teacher: str, number: str, total: str) -> str:
        """What was found in a part of a teacher's shards. number, total: as for the shards."""
        return f"{self.root}/distillation/{teacher}/surveyed/{number}-of-{total}.json"

    def predictions(self, ensemble: str, split: str, ending: str) -> str:
        """An ensemble's predictions, `parquet` or `csv`."""
        return f"{self.root}/predictions/{ensemble}/{split}.{ending}"

    def predicted_part(self, ensemble: str, split: str, number: str, total: str) -> str:
        """An ensemble's predictions of a part of a split. number, total: as for shards."""
        return f"{self.root}/predictions/{ensemble}/parts/{split}-{number}-of-{total}.parquet"
