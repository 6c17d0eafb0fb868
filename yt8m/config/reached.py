"""What a run makes: models and ensembles that others depend on, by name."""

from collections.abc import Mapping


def reached(run, models: Mapping, ensembles: Mapping) -> tuple[set[str], set[str]]:
    """The models and ensembles that `run.final` depends on, and those of `run.models`.

    run: the settings of `config.steps.Run`. models: name -> `ModelConfig`. ensembles: name ->
    `Ensemble`. Undefined names are left out.
    """
    found_models: set[str] = set()
    found_ensembles: set[str] = set()
    todo = [("ensemble", run.final)] + [("model", name) for name in run.models]
    while todo:
        kind, name = todo.pop()
        if kind == "ensemble" and name in ensembles and name not in found_ensembles:
            found_ensembles.add(name)
            todo += [("model", member) for member in ensembles[name].candidates]
        elif kind == "model" and name in models and name not in found_models:
            found_models.add(name)
            if models[name].teacher:
                todo.append(("ensemble", models[name].teacher))
    return found_models, found_ensembles
