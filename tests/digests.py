"""An editable copy of the library's sources, and the steps whose digest an edit changes."""

import ast
import shutil
from pathlib import Path

from yt8m import sources

ENTRY_POINTS = {
    "train": ("yt8m.training.run", "yt8m.models.netvlad", "yt8m.classifiers.moe"),
    "quantise": ("yt8m.quantisation", "yt8m.compression.quantisers.uniform"),
    "ensemble": ("yt8m.serving.ensemble",),
    "distil": ("yt8m.outputs.distillation",),
    "evaluate": (
        *("yt8m.outputs.evaluation", "yt8m.metrics.files", "yt8m.metrics.video_files"),
        "yt8m.data.label_names",
    ),
    "predict": ("yt8m.outputs.split_predictions",),
    "submit": ("yt8m.outputs.submission", "yt8m.data.manifest"),
    "manifest": (
        *("yt8m.data.survey", "yt8m.data.survey_parts", "yt8m.data.duplicates"),
        *("yt8m.data.limit", "yt8m.data.shard_list"),
    ),
    "generated": ("yt8m.data.sources.generated",),
    "extract": (
        "yt8m.video.shards",
        "yt8m.extractors.images.efficientnet_lite0",
        "yt8m.extractors.sounds.speech_embedding",
    ),
    "expanded": ("yt8m.data.sources.expanded",),
    "size": ("yt8m.serving.size",),
    "archive": ("yt8m.serving.archive",),
    "import_ensemble": ("yt8m.serving.importing",),
    "fingerprint": ("yt8m.serving.fingerprint",),
    "provenance": ("yt8m.provenance", "yt8m.json_files"),
    "report": ("yt8m.report.page", "yt8m.report.reading"),
}
"""Steps, and the modules whose digest is their `code`; a model is a gated NetVLAD of experts."""

COLLECTED = (
    "yt8m.calibration.score_counts",
    *("yt8m.error_analysis.mistakes", "yt8m.error_analysis.confusions"),
)
PART = ("yt8m.outputs.evaluation", "yt8m.outputs.evaluation_parts", "yt8m.metrics.video_rows")
MERGED = (
    *("yt8m.outputs.evaluation_parts", "yt8m.metrics.accumulate", "yt8m.metrics.files"),
    *("yt8m.metrics.video_files", "yt8m.metrics.video_rows"),
    *("yt8m.data.label_names", "yt8m.data.manifest"),
)

OTHER_ENTRY_POINTS = {
    "model_config": ("yt8m.config.model",),
    "sources": ("yt8m.data.shard_list",),
    "left_out": ("yt8m.own_data.left_out",),
    "labels": ("yt8m.own_data.vocabulary",),
    "extraction": ("yt8m.video.description",),
    "fit_projections": ("yt8m.data.sources.features",),
    "find_duplicates": ("yt8m.data.duplicates", "yt8m.video.copies"),
    "distilled_manifest": (
        *("yt8m.data.survey", "yt8m.data.survey_parts", "yt8m.data.duplicates"),
    ),
    "evaluate_ensemble": (*ENTRY_POINTS["evaluate"], *COLLECTED),
    "sources_of_part": ("yt8m.data.shard_list",),
    "survey": ("yt8m.data.survey", "yt8m.data.survey_parts", "yt8m.data.shard_list"),
    "survey_distilled": ("yt8m.data.survey", "yt8m.data.survey_parts"),
    "evaluate_part": PART,
    "evaluate_part_of_ensemble": (*PART, *COLLECTED),
    "merge_evaluation": MERGED,
    "merge_evaluation_of_ensemble": (*MERGED, *COLLECTED),
    "predict_part": ENTRY_POINTS["predict"],
    "merge_predictions": ("yt8m.outputs.prediction_parts", "yt8m.data.manifest"),
    "thresholds": (
        *("yt8m.calibration.thresholds", "yt8m.calibration.summary_files"),
        *("yt8m.calibration.threshold_files", "yt8m.data.label_names", "yt8m.data.manifest"),
    ),
    "thumbnails": ("yt8m.outputs.video_thumbnails",),
    "choose": ("yt8m.choosing.comparison",),
    "confidence": (
        *("yt8m.report.compared_graphs", "yt8m.metrics.resampling"),
        "yt8m.metrics.resample_files",
    ),
    "comparison": (
        *("yt8m.comparison.comparison", "yt8m.comparison.page"),
        "yt8m.comparison.files",
    ),
    "learn_weights": ("yt8m.weight_learning.run",),
    "plan": ("yt8m.budget.measuring", "yt8m.budget.table"),
    "compress": ("yt8m.budget.members",),
    "sweep": ("yt8m.budget.sweep",),
    "points": ("yt8m.frontier.measuring",),
    "frontier": ("yt8m.frontier.table_files",),
}
"""Steps whose digests `Sources` does not watch."""


def imported_by_modules_without_effect() -> set[str]:
    """Modules in WITHOUT_EFFECT, and what they import, directly or through others."""
    todo = [module for module in every_module() if sources.has_no_effect(module)]
    found = set(todo)
    while todo:
        for name in sources._imports(todo.pop()):
            if name.startswith("yt8m.") and sources._file(name) and name not in found:
                found.add(name)
                todo.append(name)
    return found


def every_module() -> list[str]:
    files = (path.relative_to(sources.ROOT.parent) for path in sources.ROOT.rglob("*.py"))
    return [".".join(file.with_suffix("").parts) for file in files]


def with_other_errors(source: str) -> str:
    """The same module with one more word in every text in a `raise`."""
    tree = ast.parse(source)
    raised = [n.exc for n in ast.walk(tree) if isinstance(n, ast.Raise) and n.exc is not None]
    nodes = [node for error in raised for node in ast.walk(error)]
    texts = [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert texts
    for text in texts:
        text.value = f"Indeed, {text.value}"
    return ast.unparse(tree)


class Sources:
    """A copy of the sources in a folder; digests follow edits immediately."""

    def __init__(self, folder: Path):
        self.root = folder / "yt8m"
        shutil.copytree(sources.ROOT, self.root, ignore=shutil.ignore_patterns("__pycache__"))
        self._original = sources.ROOT
        self._edited: set[Path] = set()
        self._before = self._digests()

    def edit(self, module: str, before: str, after: str) -> None:
        """Replace all occurrences of a text that occurs in a module."""
        file = self._file(module)
        text = file.read_text()
        assert before in text, (module, before)
        file.write_text(text.replace(before, after))

    def append(self, module: str, text: str) -> None:
        file = self._file(module)
        file.write_text(f"{file.read_text()}\n{text}")

    def append_to_data_file(self, path: str, text: str) -> None:
        """Add text to a file that is not a module. path: relative to the library's folder."""
        file = self.root / path
        self._edited.add(file)
        file.write_text(f"{file.read_text()}{text}")

    def reword_errors(self, module: str) -> None:
        """Insert a word into every text in a `raise`."""
        file = self._file(module)
        file.write_text(with_other_errors(file.read_text()))

    def changed(self) -> set[str]:
        """Steps whose digest differs from that of the unedited sources."""
        now = self._digests()
        return {step for step, digest in now.items() if digest != self._before[step]}

    def restore(self) -> None:
        for file in self._edited:
            shutil.copyfile(self._original / file.relative_to(self.root), file)
        self._edited.clear()

    def _file(self, module: str) -> Path:
        file = self.root.joinpath(*module.split(".")[1:]).with_suffix(".py")
        self._edited.add(file)
        return file

    def _digests(self) -> dict[str, str]:
        sources.ROOT = self.root
        sources.digest_of.cache_clear()
        try:
            return {step: sources.digest_of(*names) for step, names in ENTRY_POINTS.items()}
        finally:
            sources.ROOT = self._original
            sources.digest_of.cache_clear()
