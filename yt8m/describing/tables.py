"""The costs of a config's models as text tables."""

from collections.abc import Mapping
from dataclasses import replace

from yt8m.compression.quantisers import float16, uniform
from yt8m.config.experiment import Experiment
from yt8m.config.model import ModelConfig
from yt8m.config.steps import Quantisation
from yt8m.describing.budgets import (
    LEAST_GRAPH_BYTES,
    graph_bytes,
    member_bytes,
    stored_bytes,
    variable_bytes,
)
from yt8m.describing.costs import Costs, costs_of, frames_per_step, longest_video
from yt8m.describing.families import base_of, first_of
from yt8m.recipes import kind_of
from yt8m.text_tables import format_table, numbers, words

Row = tuple[str, ...]

COMPARED = {
    "16 bits": float16.Recipe(),
    **{f"{bits} bits": uniform.Recipe(bits=bits) for bits in (8, 4, 2)},
}
"""By title of the column: encodings whose size any quantiser with the same bits has."""

SIZES = """\
Bytes as trained; with 16 bits per value (float16, bfloat16); with 8, 4 and 2 (uniform, quantile,
kmeans; one codebook per variable); and as stored by the model's `quantise`."""

WORK = """\
Multiply-adds: in matrix products, for one video ({frames} frames). The other columns: estimated
memory of a training step on each device, in MB; `others` are gradients, activations, two batches
and the allocator's waste. Averaging holds another copy of the weights. Measured steps
(docs/explanation/models-compared.md) took 0.7 to 1.2 times their total, and the process 0.1 to
1.6 GB more."""

ENSEMBLES = """\
Bytes of the members at the ensemble's stage, or the least that `compress` can reach. `graph` is a
lower bound of what the graph adds, by the number of variables. Less than `left` may be left: in the
demo with the least bits, 81,000 bytes less."""


CHOSEN = """
Where members are chosen (`best`), the numbers are of the largest candidates, the most that they can
take."""


def cost_table(experiment: Experiment) -> dict[str, Costs]:
    """The costs of every model, by name; equal models are traced only once."""
    known, schema = {}, experiment.dataset.schema
    for model in experiment.models.values():
        key = _key(model)
        if key not in known:
            known[key] = costs_of(model.recipe, schema, model.training)
    return {name: known[_key(model)] for name, model in experiment.models.items()}


def _key(model: ModelConfig) -> tuple:
    training = model.training
    return model.recipe, training.batch_size, training.micro_batches, training.frames


def format_models(experiment: Experiment, costs: Mapping[str, Costs]) -> str:
    """Two tables with a row per model: bytes, and compute with memory.

    Variants of one entry with equal costs share a row.
    """
    work = WORK.format(frames=longest_video(experiment.dataset.schema))
    return f"{_sizes(experiment, costs)}\n{SIZES}\n\n{_work(experiment, costs)}\n{work}\n"


def _sizes(experiment: Experiment, costs: Mapping[str, Costs]) -> str:
    columns = [*words("model", "kind"), *numbers("parameters", "float32", *COMPARED, "stored")]
    rows = []
    for name, found in costs.items():
        model = experiment.models[name]
        sizes = [stored_bytes(found.variables, s) for s in _settings(model.quantise)]
        counts = [found.parameters, found.size_bytes, *sizes]
        rows.append((name, kind_of(model.recipe), *map(_count, counts)))
    return format_table(columns, _together(experiment, rows))


def _settings(own: Quantisation) -> list[Quantisation]:
    """The encodings to compare, for the variables that the model quantises, and its own."""
    return [*(replace(own, quantiser=quantiser) for quantiser in COMPARED.values()), own]


def _work(experiment: Experiment, costs: Mapping[str, Costs]) -> str:
    titles = ("multiply-adds", "batch", "frames", "weights", "Adam", "others", "total")
    rows = []
    for name, found in costs.items():
        training, step = experiment.models[name].training, found.step
        frames = frames_per_step(experiment.dataset.schema, training)
        counts = [found.multiply_adds, training.batch_size, frames]
        sizes = [step.weights, step.moments, step.others, step.total]
        rows.append((name, *map(_count, counts), *map(_megabytes, sizes)))
    return format_table([*words("model"), *numbers(*titles)], _together(experiment, rows))


def _together(experiment: Experiment, rows: list[Row]) -> list[Row]:
    """The rows, with one for all variants of an entry whose costs are equal. A row: name, costs."""
    family = base_of(experiment)
    groups: dict[tuple[str, Row], list[str]] = {}
    for name, *costs in rows:
        groups.setdefault((family.get(name, name), tuple(costs)), []).append(name)
    return [(first_of(names), *costs) for (_, costs), names in groups.items()]


def format_variables(model: ModelConfig, costs: Costs) -> str:
    """A row per variable of a model, the largest first."""
    columns = [*words("variable", "shape"), *numbers("elements", "float32", *COMPARED, "stored")]
    rows = []
    for variable in sorted(costs.variables, key=lambda v: (-v.elements, v.path)):
        sizes = [variable_bytes(variable, s) for s in _settings(model.quantise)]
        counts = [variable.elements, variable.size_bytes, *sizes]
        shape = " x ".join(map(str, variable.shape)) or "scalar"
        rows.append((variable.path, shape, *map(_count, counts)))
    return format_table(columns, rows)


def format_ensembles(experiment: Experiment, costs: Mapping[str, Costs]) -> str:
    """A row per ensemble of members: their bytes, and what is left of its budget."""
    raw = experiment.dataset.raw_bytes
    titles = (
        "members",
        "bytes",
        "graph",
        *(["projections"] if raw else []),
        "budget_bytes",
        "left",
    )
    columns, rows = [*words("ensemble"), *numbers(*titles)], []
    made = {name: e for name, e in experiment.ensembles.items() if not e.is_imported}
    variables = {name: found.variables for name, found in costs.items()}
    for name, ensemble in made.items():
        sizes = [_most(member_bytes(experiment, variables, name), ensemble.count)]
        nodes = _most(graph_bytes(experiment, variables, name), ensemble.count)
        sizes.append(LEAST_GRAPH_BYTES + nodes)
        if raw:
            sizes.append(raw if ensemble.raw else 0)
        budget = ensemble.budget_bytes
        limits = (_count(budget), _count(budget - sum(sizes))) if budget else ("none", "")
        rows.append((name, str(ensemble.count), *map(_count, sizes), *limits))
    more = CHOSEN if any(ensemble.best for ensemble in made.values()) else ""
    return f"{format_table(columns, rows)}\n{ENSEMBLES}{more}\n"


def _most(sizes: Mapping[str, int], count: int) -> int:
    """The bytes of the largest members. sizes: member, or candidate -> bytes. count: of members."""
    return sum(sorted(sizes.values(), reverse=True)[:count])


def _count(number: int) -> str:
    return f"{number:,}"


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f}"
