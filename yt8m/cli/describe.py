"""The command that estimates the cost of a config's models."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say
from yt8m.runtime.devices import use_devices


@click.command()
@click.argument("configs", nargs=-1, required=True, type=options.FILE)
@click.option(
    "--model",
    "models",
    multiple=True,
    help="Only this model, with its variables; repeat for several.",
)
@click.option("--variables", is_flag=True, help="List the variables of every model.")
@click.option(
    "--videos",
    type=click.IntRange(min=1),
    help="Videos in the training split, for the learning rates; by default as known from CONFIGS "
    "or the results.",
)
def describe(
    configs: tuple[Path, ...], models: tuple[str, ...], variables: bool, videos: int | None
) -> None:
    """Estimate size, compute and memory of the models in CONFIGS (YAML), and draw their schedules.

    Nothing is trained, and no shards are needed. Later files override earlier ones. The exit code
    is 1 if no possible ensemble fits its budget.
    """
    from yt8m.describing.reading import read_without_shards

    experiment = read_without_shards(configs, models)
    use_devices(threads=0, gpus=0)
    from yt8m.describing.budgets import check_budgets
    from yt8m.describing.families import format_families
    from yt8m.describing.schedule_chart import format_schedules
    from yt8m.describing.tables import (
        cost_table,
        format_ensembles,
        format_models,
        format_variables,
    )

    costs = cost_table(experiment)
    parts = [format_families(experiment)] if experiment.variants else []
    parts += [format_models(experiment, costs), format_schedules(experiment, videos)]
    if experiment.ensembles:
        parts.append(format_ensembles(experiment, costs))
    for name in costs if variables or models else ():
        parts.append(f"{name}\n\n{format_variables(experiment.models[name], costs[name])}")
    say("\n".join(parts), nl=False)
    check_budgets(experiment, {name: found.variables for name, found in costs.items()})
