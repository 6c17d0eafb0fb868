"""The paths of a run's results; names that the library also uses come from `artefacts`."""

from collections.abc import Mapping
from dataclasses import dataclass

from yt8m.artefacts import (
    CALIBRATION,
    CONFIG,
    ENSEMBLE,
    FINGERPRINT,
    GRAPH_FILES,
    HISTORY,
    MEMBER_WEIGHTS,
    PLAN,
    RUN,
    SIZE,
    SIZES,
    THRESHOLDS,
    WEIGHTS,
    distilled_shard,
)
from yt8m.choosing.choice import CHOICE
from yt8m.config.model import STAGE_WORDS

STAGES = tuple(STAGE_WORDS)
"""Stages of a model's weights, in the order in which they are made."""

FITTED = ("trained", "ema")
"""The stages from the training loop, which have a training history."""


FRONTIER = "frontier"
"""Subfolder with models at all sizes: a file per model, and one table."""

MADE_IN = ("data", "models", "ensembles", "distillation", "predictions", FRONTIER)
"""Subfolders with results; the other subfolders hold logs, benchmarks and saved state."""


@dataclass(frozen=True)
class Layout:
    """Paths below a results folder, as strings with `/`.

    root: the folder, or its placeholder (`<results>` in a rule). Names may be wildcards:
        `Layout("<results>").stage("{model}", "ema")`.
    """

    root: str

    # Records

    def manifest(self, split: str) -> str:
        """The manifest of a split."""
        return f"{self.root}/data/{split}.json"

    def hashed_ids(self, split: str) -> str:
        """The hashed ids of a split's videos."""
        return f"{self.root}/data/{split}.ids.npy"

    def shard_list(self, split: str) -> str:
        """The list of a split's given shards."""
        return f"{self.root}/data/{split}.sources"

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

    # Models

    @property
    def models(self) -> str:
        """The folder of all models."""
        return f"{self.root}/models"

    def model(self, model: str) -> str:
        """The folder of a model."""
        return f"{self.models}/{model}"

    def stage(self, model: str, stage: str) -> str:
        """The folder of a model's weights at one of `STAGES`."""
        return f"{self.model(model)}/{stage}"

    def config(self, model: str, part: str = "") -> str:
        """A model's settings. part: `<stage>/` for those that the weights of a stage depend on."""
        return f"{self.model(model)}/{part}{CONFIG}"

    def weights(self, model: str, stage: str) -> str:
        """A model's weights at a stage."""
        return f"{self.stage(model, stage)}/{WEIGHTS}"

    def fitted(self, model: str, stage: str) -> dict[str, str]:
        """The outputs of training at one of the stages in `FITTED`."""
        folder = self.stage(model, stage)
        return {"weights": f"{folder}/{WEIGHTS}", "history": f"{folder}/{HISTORY}"}

    def quantised(self, model: str) -> dict[str, str]:
        """A model's quantised weights, and the sizes of its variables."""
        return _stored(self.stage(model, "quantised"))

    # Ensembles

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
        return _stored(self.member(ensemble, model))

    # Models at all sizes

    def model_points(self, model: str) -> str:
        """What a model scores when it is stored in several ways."""
        return f"{self.root}/{FRONTIER}/{model}.json"

    @property
    def frontier(self) -> str:
        """The same of all models, as one table."""
        return f"{self.root}/{FRONTIER}/points.csv"

    # Soft labels, metrics, predictions

    def distilled(self, teacher: str) -> str:
        """The manifest of a teacher's soft labels."""
        return f"{self.root}/distillation/{teacher}/manifest.json"

    def distilled_shard(self, teacher: str, number: str, total: str) -> str:
        """A shard of soft labels. number, total: five digits each, or `*`."""
        return f"{self.root}/distillation/{teacher}/{distilled_shard(number, total)}"

    def predictions(self, ensemble: str, split: str, ending: str) -> str:
        """An ensemble's predictions, `parquet` or `csv`."""
        return f"{self.root}/predictions/{ensemble}/{split}.{ending}"

    def resamples(self, split: str) -> str:
        """The metrics of all graphs on resampled videos of a split."""
        return f"{self.root}/confidence.{split}.parquet"

    @property
    def run(self) -> str:
        """Settings, versions and seeds of the run."""
        return f"{self.root}/{RUN}"

    @property
    def report(self) -> str:
        """The report."""
        return f"{self.root}/report.html"

    @property
    def logs(self) -> str:
        """The folder of all logs: `<rule>/<names>.log`, or `<rule>.log`."""
        return f"{self.root}/logs"

    @property
    def side_by_side(self) -> dict[str, str]:
        """The comparison of all graphs of the run: a page, and its rows as CSV."""
        stem = f"{self.root}/comparison"
        return {"page": f"{stem}.html", "table": f"{stem}.csv"}

    def state(self, *place: str) -> str:
        """Folder for the saved state of a step: not an output, so it survives a failed job."""
        return "/".join((self.root, "state", *place))

    def tensorboard(self, model: str, stage: str) -> str:
        """Folder for the TensorBoard events of a stage."""
        return f"{self.logs}/tensorboard/{model}/{stage}"


def ensemble_files(folder: str) -> dict[str, str]:
    """The files in an ensemble's folder that the step `ensemble` or `import-ensemble` writes."""
    graph = zip(("graph", "values", "names"), GRAPH_FILES, strict=True)
    return {
        "description": f"{folder}/{ENSEMBLE}",
        **{name: f"{folder}/{file}" for name, file in graph},
    }


def metric_files(folder: str, split: str) -> dict[str, str]:
    """The metrics on a split of the weights or the graph in a folder, and what they follow from."""
    return {
        "metrics": f"{folder}/metrics.{split}.json",
        "classes": f"{folder}/classes.{split}.parquet",
        "videos": f"{folder}/videos.{split}.parquet",
    }


def digest_beside(manifest: str) -> str:
    """The small file with a manifest's digest, on which later steps depend instead of it."""
    return f"{manifest.removesuffix('.json')}.digest"


def _stored(folder: str) -> Mapping[str, str]:
    return {"weights": f"{folder}/{WEIGHTS}", "sizes": f"{folder}/{SIZES}"}
