"""The sizes of an ensemble's members, and whether they can fit its budget."""

from collections.abc import Mapping, Sequence

from yt8m.config.experiment import Experiment
from yt8m.config.steps import Quantisation
from yt8m.describing.costs import Variable
from yt8m.errors import ConfigError

Variables = Mapping[str, Sequence[Variable]]
"""Variables of models, by the models' names."""

LEAST_GRAPH_BYTES = 50_000
"""Bytes of a graph besides its weights and its members' nodes."""

BYTES_PER_VARIABLE = {"at_load": 5_000, "per_call": 1_700}
"""By `decode`: a lower bound of the bytes of a member's nodes, for each of its variables.

With TensorFlow 2.21, graphs of one model of each kind take 6,859 to 17,116 and 2,346 to 13,827
beyond 59,000 bytes; the bound leaves a quarter for kinds that are not measured. The exact number is
known only once the graph is written.
"""


def stored_bytes(variables: Sequence[Variable], settings: Quantisation) -> int:
    """Bytes of all variables, with large ones encoded."""
    return sum(variable_bytes(variable, settings) for variable in variables)


def variable_bytes(variable: Variable, settings: Quantisation) -> int:
    """Bytes of one variable, encoded if `quantise_weights` would encode it."""
    if variable.dtype != "float32" or variable.elements <= settings.min_elements:
        return variable.size_bytes
    return settings.quantiser.encoded_bytes(variable.shape)


def member_bytes(experiment: Experiment, variables: Variables, name: str) -> dict[str, int]:
    """Member -> bytes of its variables at the ensemble's stage, or the least with `compress`.

    Of all candidates, if members are chosen.
    """
    ensemble = experiment.ensembles[name]
    if ensemble.compress:
        encodings = [
            Quantisation(quantiser, ensemble.compress.min_elements)
            for quantiser in ensemble.compress.quantisers
        ]
        return {m: sum(_fewest(v, encodings) for v in variables[m]) for m in ensemble.candidates}
    if ensemble.stage != "quantised":
        return {m: sum(v.size_bytes for v in variables[m]) for m in ensemble.candidates}
    return {
        member: stored_bytes(variables[member], experiment.models[member].quantise)
        for member in ensemble.candidates
    }


def _fewest(variable: Variable, encodings: list[Quantisation]) -> int:
    return min(variable.size_bytes, *(variable_bytes(variable, encoding) for encoding in encodings))


def graph_bytes(experiment: Experiment, variables: Variables, name: str) -> dict[str, int]:
    """Member, or candidate -> the least bytes of its nodes in the graph of an ensemble."""
    ensemble = experiment.ensembles[name]
    each = BYTES_PER_VARIABLE[ensemble.decode]
    return {member: each * len(variables[member]) for member in ensemble.candidates}


def check_budgets(experiment: Experiment, variables: Variables) -> None:
    """Raises ConfigError for a `budget_bytes` that the members and the smallest graph exceed.

    variables: of the models; ensembles with other members are not checked. `learn` may leave out
        all members but the smallest, and the smallest candidates may be chosen.
    """
    for name, ensemble in experiment.ensembles.items():
        known = set(ensemble.candidates) <= variables.keys()
        if ensemble.is_imported or ensemble.budget_bytes is None or not known:
            continue
        nodes = graph_bytes(experiment, variables, name)
        sizes = sorted(b + nodes[m] for m, b in member_bytes(experiment, variables, name).items())
        raw = experiment.dataset.raw_bytes if ensemble.raw else 0
        least = LEAST_GRAPH_BYTES + raw + sum(sizes[: 1 if ensemble.learn else ensemble.count])
        if least > ensemble.budget_bytes:
            of_raw = f", {raw:,} of them projections (none with `raw: false`)" if raw else ""
            raise ConfigError(
                f"ensembles.{name}.budget_bytes: is {ensemble.budget_bytes:,}; its members and "
                f"their graph take at least {least:,} bytes{of_raw}. Raise it, or use smaller "
                "models or fewer bits"
            )
