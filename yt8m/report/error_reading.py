"""Reading what the final ensemble gets wrong from a run's files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from yt8m.calibration.reliability import reliability
from yt8m.calibration.score_files import read_scores
from yt8m.error_analysis.class_gains import ENSEMBLE, ClassGains, ClassStage
from yt8m.error_analysis.confusion_files import read_confusions
from yt8m.error_analysis.mistake_files import read_mistakes
from yt8m.metrics.origin import Origin
from yt8m.report.content import Ensemble
from yt8m.report.errors import Errors
from yt8m.report.files import Classes, read_classes
from yt8m.report.graph_digests import digest_in
from yt8m.workflow.layout import STAGES, Layout, metric_files


def read_errors(layout: Layout, chain: Sequence[Ensemble], origin: Origin) -> Errors:
    """All about the last ensemble of the chain.

    chain: the final ensemble's teacher, if it has one, and the final ensemble. origin: the split,
    and the digests of the final ensemble and of the records that the files must be about.
    Raises ArtefactError if one of them is damaged or about others.
    """
    name, split = chain[-1].name, origin.split
    files = [Path(of(name, split)) for of in (layout.mistakes, layout.confusions, layout.scores)]
    mistakes, confusions, scores = (
        read(path, origin.graph, origin.records) if path.is_file() else None
        for read, path in zip((read_mistakes, read_confusions, read_scores), files, strict=True)
    )
    return Errors(
        split,
        mistakes,
        confusions,
        _read_gains(layout, chain, origin),
        scores and reliability(scores.videos, scores.positives),
    )


def _read_gains(layout: Layout, chain: Sequence[Ensemble], origin: Origin) -> ClassGains | None:
    """What each stage changed for each class, if all of them are evaluated on the split."""
    folders = {e.name: layout.ensemble(e.name) for e in chain}
    folders |= {(m, s): layout.stage(m, s) for e in chain for m in e.stages for s in STAGES}
    files = {of: metric_files(f, origin.split)["classes"] for of, f in folders.items()}
    if not all(Path(path).is_file() for path in files.values()):
        return None
    tables = {
        of: read_classes(Path(path), digest_in(Path(path).parent), origin.records)
        for of, path in files.items()
    }
    final = tables[chain[-1].name]
    return ClassGains(origin, final.names, final.positives, [*_stages(chain, tables)])


def _stages(chain: Sequence[Ensemble], tables: Mapping) -> Iterator[ClassStage]:
    """The stages of each ensemble's members, and then the ensemble."""
    made: dict[str, dict[str, ClassStage]] = {}
    for ensemble in chain:
        new = {m: _stages_of_model(m, tables) for m in ensemble.stages if m not in made}
        yield from (stage for stages in new.values() for stage in stages.values())
        made |= new
        held = [made[model][stage] for model, stage in ensemble.stages.items()]
        best = max(held, key=lambda stage: stage.average_precision.mean(), default=None)
        precision = tables[ensemble.name].average_precision
        yield ClassStage(ensemble.name, ENSEMBLE, precision, best)


def _stages_of_model(model: str, tables: Mapping[tuple, Classes]) -> dict[str, ClassStage]:
    made: dict[str, ClassStage] = {}
    before = None
    for stage in STAGES:
        before = ClassStage(model, stage, tables[model, stage].average_precision, before)
        made[stage] = before
    return made
