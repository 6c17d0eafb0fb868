"""Checks that the files of a run belong together, beyond the digests in each."""

from collections.abc import Mapping
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.report.content import Ensemble, Model
from yt8m.weights import read_header
from yt8m.workflow.facts import Facts
from yt8m.workflow.layout import STAGES, Layout


def check_names(
    run: str, made: Facts, models: Mapping[str, Model], ensembles: Mapping[str, Ensemble]
) -> None:
    """Raises ArtefactError, naming `run`, if it lists a name without what it refers to."""
    needed = {f"the teacher of {m.name}": m.config.teacher for m in models.values()}
    for what, name in {"made.final": made.final, **needed}.items():
        if name and name not in ensembles:
            raise ArtefactError(f"{run}: {what} is {name}, not among made.ensembles; make it again")
    for ensemble in ensembles.values():
        for member in ensemble.stages:
            if member not in models:
                raise ArtefactError(
                    f"{run}: {ensemble.name} has the member {member}, not among made.models; "
                    "make it again"
                )


def check_choices(layout: Layout, ensembles: Mapping[str, Ensemble]) -> None:
    """Raises ArtefactError unless members are those chosen among the models as they are now."""
    for name, ensemble in ensembles.items():
        choice, path = ensemble.choice, layout.choice(name)
        if choice is None:
            continue
        if others := sorted(ensemble.members.keys() - set(choice.members)):
            raise ArtefactError(
                f"{layout.description(name)}: has the member {others[0]}, which {path} did not "
                "choose; make the ensemble again"
            )
        for candidate in choice.candidates:
            if candidate.weights not in _digests(layout, candidate.name):
                raise ArtefactError(
                    f"{path}: compared other weights of {candidate.name} than any of its stages; "
                    "make it again"
                )


def _digests(layout: Layout, model: str) -> set[str]:
    """The digests of a model's weights at all stages that exist."""
    files = (Path(layout.weights(model, stage)) for stage in STAGES)
    return {read_header(file)[1] for file in files if file.is_file()}
