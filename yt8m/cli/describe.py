"""A command that tells what a config's models would cost."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say


@click.command()
@click.argument("configs", nargs=-1, required=True, type=options.FILE)
@click.option("--model", "models", multiple=True, help="Only this model, variable by variable.")
@click.option("--variables", is_flag=True, help="Every model variable by variable.")
def describe(configs: tuple[Path, ...], models: tuple[str, ...], variables: bool) -> None:
    """Print what the models of CONFIGS (YAML) cost: bytes, arithmetic and memory.

    Nothing is trained, and no shards are needed. Of several files, each is laid over those before.
    Exit code 1 when a budget is too small for whatever could be made.
    """
    from yt8m.describing.reading import read_without_shards

    experiment = read_without_shards(configs, models)
    options.use_devices(threads=0, gpus=0)
    from yt8m.describing.budgets import check_budgets
    from yt8m.describing.tables import (
        cost_table,
        format_ensembles,
        format_models,
        format_variables,
    )

    costs = cost_table(experiment)
    parts = [format_models(experiment, costs)]
    if experiment.ensembles:
        parts.append(format_ensembles(experiment, costs))
    for name in costs if variables or models else ():
        parts.append(f"{name}\n\n{format_variables(experiment.models[name], costs[name])}")
    say("\n".join(parts), nl=False)
    check_budgets(experiment, {name: found.variables for name, found in costs.items()})
