"""What a run makes: models and ensembles that others depend on, by name."""

from collections.abc import Mapping, Sequence

from yt8m.config.best import candidates, with_variants


def reached(
    run,
    models: Mapping,
    ensembles: Mapping,
    variants: Mapping[str, Sequence[str]],
    frontier: Sequence[str] = (),
) -> tuple[set[str], set[str]]:
    """What `run.final` depends on, `run.models`, all variants, and the models of the frontier.

    run: the settings of `config.steps.Run`. models: name -> `ModelConfig`. ensembles: name ->
    `Ensemble`. variants: as in `Experiment`. frontier: the setting `frontier.models`. Undefined
    names are left out.

    Returns the names of models, and those of ensembles.
    """
    found_models: set[str] = set()
    found_ensembles: set[str] = set()
    wanted = (*run.models, *with_variants(frontier, variants))
    todo = [("ensemble", run.final)] + [("model", name) for name in wanted]
    todo += [("model", name) for names in variants.values() for name in names]
    while todo:
        kind, name = todo.pop()
        if kind == "ensemble" and name in ensembles and name not in found_ensembles:
            found_ensembles.add(name)
            todo += [("model", member) for member in candidates(ensembles[name], variants)]
        elif kind == "model" and name in models and name not in found_models:
            found_models.add(name)
            if models[name].teacher:
                todo.append(("ensemble", models[name].teacher))
    return found_models, found_ensembles
