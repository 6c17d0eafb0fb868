"""The paths of a run's results; names that the library also uses come from `artefacts`."""

from dataclasses import dataclass

from yt8m.artefacts import ENSEMBLE, GRAPH_FILES, RUN
from yt8m.config.model import STAGE_WORDS
from yt8m.workflow.ensemble_paths import EnsemblePaths
from yt8m.workflow.model_paths import ModelPaths
from yt8m.workflow.record_paths import RecordPaths

STAGES = tuple(STAGE_WORDS)
"""Stages of a model's weights, in the order in which they are made."""

FITTED = ("trained", "ema")
"""The stages from the training loop, which have a training history."""

FRONTIER = "frontier"
"""Subfolder with models at all sizes: a file per model, and one table."""

MADE_IN = ("data", "models", "ensembles", "distillation", "predictions", FRONTIER)
"""Subfolders with results; the other subfolders hold logs, benchmarks and saved state."""


@dataclass(frozen=True)
class Layout(RecordPaths, ModelPaths, EnsemblePaths):
    """Paths below a results folder, as strings with `/`.

    root: the folder, or its placeholder (`<results>` in a rule). Names may be wildcards:
        `Layout("<results>").stage("{model}", "ema")`.
    """

    def model_points(self, model: str) -> str:
        """What a model scores when it is stored in several ways."""
        return f"{self.root}/{FRONTIER}/{model}.json"

    @property
    def frontier(self) -> str:
        """The same of all models, as one table."""
        return f"{self.root}/{FRONTIER}/points.csv"

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


def evaluated_part(folder: str, split: str, number: str, total: str) -> str:
    """What was collected about a part of a split by the weights or the graph in a folder.

    number, total: five digits each, or `*`.
    """
    return f"{folder}/parts/{split}-{number}-of-{total}.npz"
