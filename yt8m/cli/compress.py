"""Commands that fit an ensemble into a byte budget."""

from pathlib import Path

import click

from yt8m.artefacts import read_member_weights
from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.json_files import write_json

_plan = click.option("--plan", required=True, type=options.FILE, help="What `plan` wrote.")
_ensemble = click.option(
    "--ensemble", type=(str, int), help="Its name and budget; the plan of another one is refused."
)


@click.group()
def compress() -> None:
    """Store each variable of an ensemble in as many bits as its effect on predictions deserves."""


@compress.command()
@click.argument("name")
@options.members
@click.option(
    "--weights", type=options.FILE, help="In place of those: what `yt8m learn-weights` wrote."
)
@options.records
@click.option("--budget", type=int, required=True, help="Bytes that the graph may take.")
@click.option("--settings", default="{}", type=options.JSON, help="`compress` of the ensemble.")
@options.decode
@options.batch_size
@options.trained_on
@click.option(
    "--out", type=options.NEW_FILE, help="Where to keep the plan.  [default: only print it]"
)
@options.computes
def plan(
    name, members, weights, records, budget, settings, decode, batch_size, trained_on, out
) -> None:
    """Measure what each way to store each variable costs, and choose within the budget.

    Prints a table of what each variable gets. Labels of the records are not used.
    """
    from yt8m.budget.measuring import make_plan
    from yt8m.budget.plan import write_plan
    from yt8m.budget.table import format_plan
    from yt8m.config.compression import Compression
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.origins import check_records
    from yt8m.recipes import read_settings

    chosen = read_settings(Compression, settings, f"ensembles.{name}.compress")
    stages = {stage: weight for weight, stage in members}
    check_records(stages, trained_on)
    found = Records(read_manifest(records))
    learned = read_member_weights(weights) if weights else None
    made = make_plan(name, stages, found, chosen, budget, batch_size, learned, decode)
    say(format_plan(made), nl=False)
    if out:
        write_plan(out, made)


@compress.command()
@click.argument("stage", type=options.FOLDER)
@_plan
@_ensemble
@click.option("--recovery", default="{}", type=options.JSON, help="`compress.recovery`.")
@click.option("--config", type=options.FILE, help="The model's config.json, to recover.")
@click.option("--records", type=options.FILE, help="Manifest of the training split, to recover.")
@click.option("--soft-labels", type=options.FILE, help="Its teacher's predictions, to recover.")
@options.taught_by
@click.option(
    "--state", type=options.NEW_FOLDER, help="Folder a killed run resumes from, to recover."
)
@options.state_seconds
@options.batch_size
@options.out_folder
@options.computes
def member(
    stage,
    plan,
    ensemble,
    recovery,
    config,
    records,
    soft_labels,
    teacher,
    state,
    state_seconds,
    batch_size,
    out,
) -> None:
    """Store the float32 weights in the folder STAGE as a plan says."""
    from yt8m.budget.members import TrainingData, compress_member
    from yt8m.budget.plan import read_plan
    from yt8m.config.compression import Recovery
    from yt8m.config.model import read_model_config
    from yt8m.recipes import read_settings

    asked = read_settings(Recovery, recovery, "recovery")
    training_data = None
    if asked.is_needed:
        if not (config and records and state):
            raise click.UsageError("to recover, give --config, --records and --state")
        known = read_model_config(config)
        found, soft = options.read_training_data(records, soft_labels, teacher)
        training_data = TrainingData(known, found, state, soft, state_seconds)
    table = compress_member(
        read_plan(plan, *(ensemble or ())), stage, out, batch_size, asked, training_data
    )
    say(table, nl=False)


@compress.command()
@click.argument("stages", nargs=-1, required=True, type=options.FOLDER)
@_plan
@_ensemble
@options.records
@click.option("--share", "shares", type=float, multiple=True, required=True, help="A budget.")
@options.batch_size
@options.top_k
@options.skip_dummies
@options.out
@options.computes
def sweep(
    stages, plan: Path, ensemble, records, shares, batch_size, top_k, skip_dummies, out
) -> None:
    """Score what a plan would choose under other budgets, and the original's way beside it.

    STAGES are the folders of the members' float32 weights. A budget is a share of what 8 bits for
    every variable of more than 17,000 elements would take.
    """
    from yt8m.budget.plan import read_plan
    from yt8m.budget.sweep import sweep
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records

    split = Records(read_manifest(records))
    planned = read_plan(plan, *(ensemble or ()))
    write_json(out, sweep(planned, stages, split, shares, batch_size, top_k, skip_dummies))
    say(written(out))


@compress.command()
@click.argument("stage", type=options.FOLDER)
@options.records
@click.option("--quantiser", "kinds", multiple=True, help="Only these; once for each.")
@click.option("--bits", type=int, multiple=True, help="Only so many; once for each.")
@click.option("--min-elements", default=17_000, show_default=True, help="Smaller ones stay.")
@options.batch_size
@options.top_k
@options.computes
def compare(stage, records, kinds, bits, min_elements, batch_size, top_k) -> None:
    """Print what each quantiser does to the float32 weights in the folder STAGE.

    Bytes, error of the weights and GAP on records with labels, for every quantiser in 2 to 8 bits.
    """
    from yt8m.budget.compare import compare, format_comparison
    from yt8m.budget.encodings import all_encodings
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records

    split = Records(read_manifest(records))
    rows = compare(stage, all_encodings(kinds, bits), split, batch_size, top_k, min_elements)
    say(format_comparison(rows), nl=False)
