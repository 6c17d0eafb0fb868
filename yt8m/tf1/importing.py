"""Conversion of a checkpoint to a model's folder; or to a folder per member, and their ensemble."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.atomic import replacing
from yt8m.config.model import ModelConfig
from yt8m.config.training import Training
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.member_weights import sum_problem
from yt8m.origins import Origin, header_of
from yt8m.recipes import as_entry, kind_of
from yt8m.serving.ensemble import export_ensemble
from yt8m.tf1.checkpoint import Checkpoint, find_checkpoint
from yt8m.tf1.convert import converted
from yt8m.tf1.flags import read_flags
from yt8m.tf1.graph_facts import GraphFacts, read_graph_facts
from yt8m.tf1.recognise import Recognised, recognise
from yt8m.tf1.unset_flags import OPTIONS, places
from yt8m.tf1.variables import Variables, models_in
from yt8m.weights import save_weights

MEMBERS = "members"


@dataclass(frozen=True)
class Choices:
    """The user's choices for what a checkpoint does not determine.

    checkpoint: its name, if a folder holds several. weights: "raw" or "ema", if it holds both.
    features, layout: of the records, as in `Schema`. unset_flags: settings by the keys of
        `unset_flags.OPTIONS`. member_weights: of an ensemble, in the order of its members.
    """

    checkpoint: str | None = None
    weights: str | None = None
    features: Mapping[str, int] = field(default_factory=dict)
    layout: str | None = None
    unset_flags: Mapping[str, Any] = field(default_factory=dict)
    member_weights: tuple[float, ...] = ()


def import_checkpoint(folder: Path, out: Path, choices: Choices) -> list[str]:
    """Convert the checkpoint in `folder` to `out`; returns lines that describe what was found.

    One model: `out/config.json` and the weights in `out/trained`, `out/ema` or, if they are
    quantised, `out/quantised`. An ensemble: such folders in `out/members`, and their weighted
    mean in `out` itself. Raises ArtefactError; then `out` is not created.
    """
    flags = read_flags(folder)
    checkpoint = Checkpoint(find_checkpoint(folder, choices.checkpoint))
    facts = read_graph_facts(checkpoint.path)
    layout = choices.layout or flags.layout
    schema = Schema(
        features=choices.features or flags.features or Schema().features,
        layout=layout or Schema().layout,
    )
    models = models_in(checkpoint, choices.weights)
    is_ensemble = bool(models[0].scope)
    # For an ensemble, the original keeps the flags of the last member only.
    model = None if is_ensemble else flags.model
    found = []
    for v in models:
        in_graph = facts.settings(v.scope)
        known = {**in_graph, **choices.unset_flags}
        recognised = recognise(v.shapes, v.where, schema, model, known)
        _refuse_contradiction(recognised, v.where, in_graph, choices)
        # The original supports ensembles of frame-level models only.
        has_layout = layout or is_ensemble
        found.append((v, recognised if has_layout else _with_layout(recognised)))
    _refuse_unused(checkpoint, choices, [recognised for _, recognised in found])
    weights = _member_weights(checkpoint, len(models), facts, choices) if is_ensemble else []
    chances = [
        f"{v.scope.rstrip('/') or out.name}: the original {line}"
        for v in models
        for line in facts.chances(v.scope)
    ]
    if out.exists():
        raise ArtefactError(f"{out}: already exists; delete it, or choose another --out")
    with replacing(out) as temporary:
        temporary.mkdir()
        if is_ensemble:
            return _write_ensemble(temporary, out.name, found, weights) + chances
        return _write_model(temporary, out.name, *found[0], choices.weights) + chances


def _with_layout(recognised: Recognised) -> Recognised:
    """The recognised model, with an assumed layout of its records."""
    kind = kind_of(recognised.recipe)
    if kind == "moe":  # the original has it for video-level records only
        return replace(recognised, schema=replace(recognised.schema, layout="video"))
    if kind == "logistic":
        line = f"layout: {recognised.schema.layout} is assumed; use --layout to change it"
        return replace(recognised, assumed=[*recognised.assumed, line])
    return recognised


def _write_ensemble(folder: Path, name: str, found, weights: list[float]) -> list[str]:
    lines, stages = [], {}
    for (variables, recognised), weight in zip(found, weights, strict=True):
        member = variables.scope.rstrip("/")
        written = _write_model(folder / MEMBERS / member, member, variables, recognised, None)
        lines += [f"weight {weight:g}: {written[0]}", *written[1:]]
        stages[folder / MEMBERS / member / _stage(variables, None)] = weight
    export_ensemble(name, stages, folder)
    return lines


def _write_model(
    folder: Path, name: str, variables: Variables, recognised: Recognised, weights: str | None
) -> list[str]:
    """`config.json` and the weights of one model."""
    config = ModelConfig(
        name=name, recipe=recognised.recipe, schema=recognised.schema, training=Training()
    )
    arrays = converted(config.recipe, config.schema, variables)
    stage = _stage(variables, weights)
    save_weights(folder / stage / WEIGHTS, arrays, header_of(config.identity, Origin(stage)))
    write_json(folder / CONFIG, config.entry())
    about = f"{name}: {_words(config.identity['recipe'])}; {config.schema.classes} classes"
    head = f"{about}; {variables.steps} steps; stage {stage}"
    return [head, *(f"{name}: {line}" for line in recognised.assumed)]


def _stage(variables: Variables, weights: str | None) -> str:
    if variables.is_quantised:
        return "quantised"
    return "ema" if weights == "ema" else "trained"


def _words(entry: Mapping[str, Any]) -> str:
    """A recipe in one line: netvlad (clusters 4, classifier: moe (mixtures 2))."""
    rest = [
        f"{word}: {_words(value)}" if isinstance(value, Mapping) else f"{word} {value}"
        for word, value in entry.items()
        if word != "kind"
    ]
    return f"{entry['kind']} ({', '.join(rest)})"


def _refuse_contradiction(
    recognised: Recognised, where: str, in_graph: Mapping[str, Any], choices: Choices
) -> None:
    """Raises ArtefactError if an option contradicts the graph."""
    has = {word for word, _ in places(as_entry(recognised.recipe))} - {"l2"}
    for word in has & in_graph.keys() & choices.unset_flags.keys():
        if in_graph[word] != choices.unset_flags[word]:
            raise ArtefactError(
                f"{where}: its graph (.meta) has {word} {in_graph[word]}, but {OPTIONS[word]} is "
                f"{choices.unset_flags[word]}; leave it out"
            )


def _refuse_unused(checkpoint: Checkpoint, choices: Choices, found: list[Recognised]) -> None:
    """Raises ArtefactError for a choice that does not apply to the checkpoint."""
    has = {word for recognised in found for word, _ in places(as_entry(recognised.recipe))}
    for word in choices.unset_flags:
        if word not in has:
            raise ArtefactError(
                f"{checkpoint.path}: has no model that {OPTIONS[word]} applies to; leave it out"
            )
    if choices.member_weights and len(found) == 1:
        raise ArtefactError(f"{checkpoint.path}: is one model; leave out --member-weights")


def _member_weights(
    checkpoint: Checkpoint, members: int, facts: GraphFacts, choices: Choices
) -> list[float]:
    weights = list(choices.member_weights)
    if not weights:
        in_graph = facts.member_weights()
        weights = [in_graph[number] for number in range(members) if number in in_graph]
    if not weights:
        raise ArtefactError(
            f"{checkpoint.path}: is an ensemble of {members}, and the members' weights are only "
            "in its graph, which is missing (.meta); give them as --member-weights "
            "0.5,0.3,..."
        )
    if len(weights) != members:
        raise ArtefactError(
            f"{checkpoint.path}: is an ensemble of {members}, but there are {len(weights)} "
            "weights; give one per member as --member-weights 0.5,0.3,..."
        )
    if problem := sum_problem(weights):
        raise ArtefactError(f"{checkpoint.path}: {problem}")
    return weights
