"""Comparing candidates by their metrics files, after checking that they are comparable."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from yt8m.choosing.choice import Candidate, Choice, ranked
from yt8m.config.best import Measure
from yt8m.data.manifest import Manifest
from yt8m.errors import ArtefactError
from yt8m.metrics.files import read_metrics
from yt8m.origins import weights_file
from yt8m.weights import read_header


def choose(
    ensemble: str, stages: Mapping[Path, Path], records: Manifest, by: Measure, count: int
) -> Choice:
    """Choose the members of an ensemble.

    stages: folders with the weights of the candidates, and the files of their metrics. records: on
    which they were measured. by: the metric. count: of members.
    Raises ArtefactError if a file is missing or damaged, if metrics are of other weights or on
    other records, or if they do not count equally many predictions per video.
    """
    found = [_measured(stage, path, records, by) for stage, path in stages.items()]
    candidates = [candidate for candidate, _ in found]
    _refuse_repeated(candidates, list(stages))
    if count > len(candidates):
        raise ArtefactError(f"{ensemble}: {count} members from {len(candidates)} candidates")
    counted = {top_k for _, top_k in found}
    if len(counted) > 1:
        listed = ", ".join(f"{candidate.name} {top_k}" for candidate, top_k in found)
        raise ArtefactError(
            f"{ensemble}: its candidates were evaluated with different numbers of predictions per "
            f"video (top_k): {listed}; evaluate them again"
        )
    best = tuple(ranked(candidates, by))
    return Choice(ensemble, by, records.split, records.digest, counted.pop(), count, best)


def _measured(stage: Path, path: Path, records: Manifest, by: Measure) -> tuple[Candidate, int]:
    """A candidate, and how many predictions per video counted."""
    header, digest = read_header(weights_file(stage))
    metrics = read_metrics(path, digest, records.digest)
    if metrics[by] is None:
        raise ArtefactError(f"{path}: has no {by}; evaluate it again")
    return Candidate(header["model"]["name"], metrics[by], digest), metrics["top_k"]


def _refuse_repeated(candidates: Sequence[Candidate], stages: Sequence[Path]) -> None:
    seen: dict[str, Path] = {}
    for candidate, stage in zip(candidates, stages, strict=True):
        other = seen.setdefault(candidate.name, stage)
        if other != stage:
            raise ArtefactError(f"{stage}: holds {candidate.name}, as does {other}")
