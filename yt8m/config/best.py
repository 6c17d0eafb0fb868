"""The settings of an ensemble whose members are chosen among candidates by a metric."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from yt8m.printable import listed
from yt8m.strict import settings

Measure = Literal["gap", "map", "perr", "hit_at_one", "loss"]


def one_or_several(value: Any) -> Any:
    """One text, or YAML's list, as a tuple; other types are returned unchanged."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


ModelNames = Annotated[
    tuple[str, ...],
    BeforeValidator(one_or_several),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
]
"""Type of a setting that names one or several models."""


@settings
class Best:
    """Members that are chosen during the run: the candidates with the best value of a metric."""

    of: ModelNames = Field(
        description="the candidates: a model, or a list of models; one with `variants` or `seeds` "
        "stands for all models made from it"
    )
    by: Measure = Field(
        "gap", description="metric of the candidates at the ensemble's stage; the least `loss` wins"
    )
    split: str | None = Field(
        None,
        description="one of run.evaluate, but not the training split; by default the first such. "
        "The ensemble's own metrics on it are optimistic",
    )
    count: int = Field(ge=1, description="how many candidates to choose")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each candidate is named once."""
        repeated = [name for name, times in Counter(self.of).items() if times > 1]
        if repeated:
            yield "of", f"names {listed(repeated)} more than once"


def with_variants(names: Iterable[str], variants: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The models that names stand for, each once: a model, or all variants made from one.

    variants: as in `config.experiment.Experiment`.
    """
    found = (model for name in names for model in variants.get(name, (name,)))
    return tuple(dict.fromkeys(found))


def candidates(ensemble, variants: Mapping[str, Sequence[str]]) -> Collection[str]:
    """All models that can be members of an `Ensemble`; variants in place of what they are of."""
    return with_variants(ensemble.best.of, variants) if ensemble.best else ensemble.members
