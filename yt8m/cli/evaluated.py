"""What `evaluate` and `evaluate-part` share: which graph is evaluated on what, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

from yt8m.cli import options
from yt8m.parts import WHOLE, Part


@dataclass(frozen=True)
class Evaluated:
    """The values of their common options. records: a manifest."""

    graph: Path
    records: Path
    batch_size: int
    top_k: int
    skip_dummies: bool
    trained_on: tuple[Path, ...]
    fingerprint: Path | None
    models: Path | None

    def check(self) -> None:
        """Raises ArtefactError for a graph of another origin than the options say."""
        from yt8m.cli.graphs import check
        from yt8m.origins import check_records

        check_records([self.graph] if self.trained_on else [], self.trained_on)
        check(self.graph, self.fingerprint, self.models)

    def metrics(self, loaded, split, collectors: Mapping[str, Any], kept, part: Part = WHOLE):
        """Evaluate a graph on a part of a split. loaded: it, or another one with these options.

        collectors: of `yt8m.cli.evaluation_files`, which see the same videos, as does `kept`.
        """
        from yt8m.data.records import Records
        from yt8m.outputs.evaluation import evaluate

        counts = collectors.get("scores")
        observers = [one for word, one in collectors.items() if word != "scores"]
        how = (self.batch_size, self.top_k, self.skip_dummies)
        return evaluate(loaded, Records(split), *how, counts, observers, kept, part)


def evaluates(command: Callable) -> Callable:
    """Give a command these options; it gets their values as `given`."""
    shared = options.with_options(
        options.any_graph,
        options.records,
        options.batch_size,
        options.top_k,
        options.skip_dummies,
        options.trained_on,
        options.fingerprinted,
        options.models,
    )

    @wraps(command)
    def run(**values):
        given = Evaluated(**{field.name: values.pop(field.name) for field in fields(Evaluated)})
        return command(given=given, **values)

    return shared(run)
