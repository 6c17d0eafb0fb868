"""The graphs of a run whose videos are resampled, so that their differences get intervals."""

from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.metrics.resample_files import Resamples
from yt8m.metrics.resampling import resample
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import STAGES, Layout, metric_files


def resample_run(
    results: Path, split: str | None, resamples: int, seed: int, level: float
) -> Resamples:
    """Resample the videos of all graphs of a run, as listed in its `run.json`.

    split: None for the one that the report's figures show. Graphs that were evaluated without
    keeping what videos contribute are left out.
    Raises ArtefactError if that holds for all of them, or if they are not of the same videos.
    """
    layout = Layout(str(results))
    made = read_facts(layout.run)
    split = split or made.evaluate[0]
    paths = [path for path in _video_files(layout, made, split) if path.is_file()]
    if not paths:
        raise ArtefactError(
            f"{results}: no graph was evaluated on {split} with --videos-out; evaluate first"
        )
    return resample(paths, resamples, seed, level)


def _video_files(layout: Layout, made: Facts, split: str) -> list[Path]:
    folders = [layout.ensemble(name) for name in made.ensembles]
    folders += [layout.stage(model, stage) for model in made.models for stage in STAGES]
    return [Path(metric_files(folder, split)["videos"]) for folder in folders]
