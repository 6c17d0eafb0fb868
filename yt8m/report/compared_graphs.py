"""The graphs of a run whose videos are resampled, so that their differences get intervals."""

from pathlib import Path

from yt8m.data.manifest import read_manifest
from yt8m.errors import ArtefactError
from yt8m.metrics.resample_files import Resamples
from yt8m.metrics.resampling import resample
from yt8m.report.graph_digests import digest_in
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import STAGES, Layout, metric_files


def resample_run(
    results: Path, split: str | None, resamples: int, seed: int, level: float
) -> Resamples:
    """Resample the videos of all graphs of a run, as listed in its `run.json`.

    split: None for the one that the report's figures show. Graphs that were evaluated without
    keeping what videos contribute are left out.
    Raises ArtefactError if that holds for all of them, if they are not of the same videos, or if a
    file is of another graph than the one in its folder, or of other records than the split.
    """
    layout = Layout(str(results))
    made = read_facts(layout.run)
    split = split or made.evaluate[0]
    files = [path for path in _video_files(layout, made, split) if path.is_file()]
    if not files:
        raise ArtefactError(
            f"{results}: no graph was evaluated on {split} with --videos-out; evaluate first"
        )
    digests = {path: digest_in(path.parent) for path in files}
    manifest = Path(layout.manifest(split))
    records = read_manifest(manifest).digest if manifest.is_file() else None
    return resample(digests, resamples, seed, level, records)


def without_videos(results: Path, split: str) -> list[Path]:
    """The files of videos that graphs of a run lack."""
    layout = Layout(str(results))
    listed = _video_files(layout, read_facts(layout.run), split)
    return [path for path in listed if not path.is_file()]


def _video_files(layout: Layout, made: Facts, split: str) -> list[Path]:
    folders = [layout.ensemble(name) for name in made.ensembles]
    folders += [layout.stage(model, stage) for model in made.models for stage in STAGES]
    return [Path(metric_files(folder, split)["videos"]) for folder in folders]
