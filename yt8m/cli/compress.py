"""Commands that fit an ensemble into a byte budget."""

from pathlib import Path

import click

from yt8m.artefacts import read_member_weights
from yt8m.cli import options
from yt8m.cli.numbers import Number
from yt8m.cli.output import say, written
from yt8m.json_files import write_json

_plan = click.option(
    "--plan", required=True, type=options.FILE, help="Plan written by `yt8m compress plan`."
)
_ensemble = click.option(
    "--ensemble",
    type=(str, int),
    help="Name and byte budget of the ensemble; refuse a plan for any other.",
)


@click.group()
def compress() -> None:
    """Fit an ensemble into a byte budget, with more bits for variables that matter more."""


@compress.command()
@click.argument("name")
@options.members
@click.option(
    "--weights",
    type=options.FILE,
    help="Weights written by `yt8m learn-weights`, instead of those of --member.",
)
@options.records
@click.option("--budget", type=int, required=True, help="Most bytes that the graph may take.")
@click.option(
    "--settings",
    default="{}",
    type=options.JSON,
    help="The ensemble's setting `compress`, as JSON.",
)
@options.decode
@options.batch_size
@options.trained_on
@options.projections
@click.option(
    "--out", type=options.NEW_FILE, help="File to write the plan to.  [default: only print it]"
)
@options.computes
def plan(
    name,
    members,
    weights,
    records,
    budget,
    settings,
    decode,
    batch_size,
    trained_on,
    projections,
    out,
) -> None:
    """Measure the cost of each encoding of each variable, and choose within the budget.

    Prints a table of the chosen encodings. The records' labels are used only if they are to guide
    the plan. --projections count in the budget, for a graph that will contain them.
    """
    from yt8m.budget.measuring import make_plan
    from yt8m.budget.plan import write_plan
    from yt8m.budget.table import format_plan
    from yt8m.config.compression import Compression
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.origins import check_records
    from yt8m.recipes import read_settings
    from yt8m.serving.preprocessing import GivenFiles

    chosen = read_settings(Compression, settings, f"ensembles.{name}.compress")
    stages = {stage: weight for weight, stage in members}
    check_records(stages, trained_on)
    found = Records(read_manifest(records))
    learned = read_member_weights(weights) if weights else None
    given = GivenFiles(projections)
    made = make_plan(name, stages, found, chosen, budget, batch_size, learned, decode, given)
    say(format_plan(made), nl=False)
    if out:
        write_plan(out, made)


@compress.command()
@click.argument("stage", type=options.FOLDER)
@_plan
@_ensemble
@click.option(
    "--recovery",
    default="{}",
    type=options.JSON,
    help="The ensemble's setting `compress.recovery`, as JSON.",
)
@click.option("--config", type=options.FILE, help="For recovery: the model's config.json.")
@click.option("--records", type=options.FILE, help="For recovery: manifest of the training split.")
@click.option(
    "--soft-labels",
    type=options.FILE,
    help="For recovery of a student: manifest of its teacher's soft labels.",
)
@options.taught_by
@click.option(
    "--state",
    type=options.NEW_FOLDER,
    help="For recovery: folder for saved state, from which an interrupted command resumes.",
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
    """Encode the float32 weights in the folder STAGE by a compression plan."""
    from yt8m.budget.members import TrainingData, compress_member
    from yt8m.budget.plan import read_plan
    from yt8m.config.compression import Recovery
    from yt8m.config.model import read_model_config
    from yt8m.recipes import read_settings

    asked = read_settings(Recovery, recovery, "recovery")
    training_data = None
    if asked.is_needed:
        if not (config and records and state):
            raise click.UsageError("--recovery needs --config, --records and --state")
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
@click.option(
    "--share",
    "shares",
    type=Number(),
    multiple=True,
    required=True,
    help="Budget to try; repeat for each.",
)
@options.batch_size
@options.top_k
@options.skip_dummies
@options.resampling
@options.out
@options.computes
def sweep(
    stages,
    plan: Path,
    ensemble,
    records,
    shares,
    batch_size,
    top_k,
    skip_dummies,
    resamples,
    seed,
    level,
    out,
) -> None:
    """Evaluate a plan under other budgets, next to the 2018 program's uniform quantisation.

    STAGES are the folders of the members' float32 weights. A budget is given as a share of the size
    with 8 bits for every variable of more than 17,000 elements. Differences from the GAP of float32
    have confidence intervals.
    """
    from yt8m.budget.plan import read_plan
    from yt8m.budget.sweep import sweep
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.metrics.paired import Resampling

    split = Records(read_manifest(records))
    planned = read_plan(plan, *(ensemble or ()))
    how = Resampling(resamples, seed, level)
    rows = sweep(planned, stages, split, shares, batch_size, top_k, skip_dummies, how)
    write_json(out, rows)
    say(written(out))


@compress.command()
@click.argument("stage", type=options.FOLDER)
@options.records
@click.option(
    "--quantiser", "kinds", multiple=True, help="Only this quantiser; repeat for several."
)
@click.option(
    "--bits", type=int, multiple=True, help="Only this number of bits; repeat for several."
)
@click.option(
    "--min-elements",
    default=17_000,
    show_default=True,
    help="Variables up to this size stay float32.",
)
@options.batch_size
@options.top_k
@options.computes
def compare(stage, records, kinds, bits, min_elements, batch_size, top_k) -> None:
    """Compare all quantisers on the float32 weights in the folder STAGE.

    Prints size, error of the weights, and GAP on labelled records, for each quantiser at 2 to 8
    bits.
    """
    from yt8m.budget.compare import compare, format_comparison
    from yt8m.budget.encodings import all_encodings
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records

    split = Records(read_manifest(records))
    rows = compare(stage, all_encodings(kinds, bits), split, batch_size, top_k, min_elements)
    say(format_comparison(rows), nl=False)


@compress.command()
@click.argument("stage", type=options.FOLDER)
@click.option("--config", required=True, type=options.FILE, help="The model's config.json.")
@click.option(
    "--planned-on",
    required=True,
    type=options.FILE,
    help="Manifest of the split on which plans are made.",
)
@options.records
@click.option(
    "--settings", default="{}", type=options.JSON, help="The setting `frontier`, as JSON."
)
@options.batch_size
@options.top_k
@options.skip_dummies
@options.trained_on
@options.projections
@options.out
@options.computes
def points(
    stage,
    config,
    planned_on,
    records,
    settings,
    batch_size,
    top_k,
    skip_dummies,
    trained_on,
    projections,
    out,
) -> None:
    """Store the float32 weights in the folder STAGE in several ways, and evaluate each.

    As float32, in each of the given encodings for all large variables, and planned for each of the
    given budgets. --records must have labels. `yt8m frontier` compares what several models score.
    """
    from yt8m.config.frontier import Frontier
    from yt8m.config.model import read_model_config
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.frontier.measuring import Evaluation, measure_points
    from yt8m.frontier.points import write_points
    from yt8m.origins import check_records
    from yt8m.recipes import read_settings
    from yt8m.serving.preprocessing import GivenFiles

    chosen = read_settings(Frontier, settings, "frontier")
    check_records([stage], trained_on)
    evaluation = Evaluation(Records(read_manifest(records)), batch_size, top_k, skip_dummies)
    planned = Records(read_manifest(planned_on))
    known, given = read_model_config(config), GivenFiles(projections)
    write_points(out, measure_points(stage, known, chosen, planned, evaluation, given))
    say(written(out))


@compress.command()
@click.argument("files", nargs=-1, required=True, type=options.FILE)
@options.out_csv
def table(files: tuple[Path, ...], out: Path) -> None:
    """Write a CSV of all models at all sizes, from FILES of `yt8m compress points`."""
    from yt8m.frontier.points import read_points
    from yt8m.frontier.table_files import write_table

    write_table(out, [read_points(file) for file in files])
    say(written(out))
