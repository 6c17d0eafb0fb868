"""Commands that make, measure and pack ensembles."""

import tempfile
from pathlib import Path
from typing import get_args

import click

from yt8m.artefacts import read_ensemble, read_member_weights
from yt8m.cli import options
from yt8m.cli.output import chosen, combined, learned_weights, say, sized, written
from yt8m.config.best import Measure
from yt8m.json_files import write_json
from yt8m.runtime.devices import import_tensorflow


@click.command()
@options.members
@options.records
@click.option(
    "--settings", default="{}", type=options.JSON, help="The ensemble's setting `learn`, as JSON."
)
@options.batch_size
@options.top_k
@options.skip_dummies
@options.trained_on
@options.out
@options.computes
def learn_weights(
    members, records, settings, batch_size, top_k, skip_dummies, trained_on, out: Path
) -> None:
    """Learn the weights of an ensemble's members on labelled records.

    Learning starts from the weights of --member, which are kept unless learned weights win in
    cross-validation.
    """
    from yt8m.config.ensembles import WeightLearning
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.origins import check_records
    from yt8m.recipes import read_settings
    from yt8m.weight_learning.run import learn_weights

    stages = {stage: weight for weight, stage in members}
    check_records(stages, trained_on)
    chosen = read_settings(WeightLearning, settings, "learn")
    found = Records(read_manifest(records))
    made = learn_weights(stages, found, chosen, batch_size, top_k, skip_dummies)
    write_json(out, made)
    say(learned_weights(out, made))


@click.command()
@click.argument("name")
@click.option(
    "--candidate",
    "candidates",
    type=(options.FOLDER, options.FILE),
    multiple=True,
    required=True,
    help="A candidate's stage folder and its metrics on the split; repeat for each candidate.",
)
@options.records
@click.option(
    "--by",
    default="gap",
    show_default=True,
    type=click.Choice(get_args(Measure)),
    help="The metric; the least loss wins, or the most of another metric.",
)
@click.option(
    "--count", required=True, type=options.FROM_ONE, help="How many candidates to choose."
)
@options.trained_on
@options.out
def choose(name: str, candidates, records, by: Measure, count: int, trained_on, out: Path) -> None:
    """Choose the members of the ensemble NAME: the candidates with the best metric on a split.

    The candidates must have been evaluated on the records of --records.
    """
    from yt8m.choosing.choice import write_choice
    from yt8m.choosing.comparison import choose
    from yt8m.data.manifest import read_manifest
    from yt8m.origins import check_records

    stages = dict(candidates)
    if len(stages) < len(candidates):
        raise click.UsageError("a candidate is given twice")
    check_records(stages, trained_on)
    made = choose(name, stages, read_manifest(records), by, count)
    write_choice(out, made)
    say(chosen(out, made))


@click.command()
@click.argument("name")
@options.members
@click.option(
    "--weights",
    type=options.FILE,
    help="Weights written by `yt8m learn-weights`, instead of those of --member.",
)
@options.decode
@options.trained_on
@options.models
@options.plan
@options.projections
@options.extraction
@options.label_names
@click.option(
    "--no-raw",
    is_flag=True,
    help="With --projections: leave them out of the graph, which then takes no extractors' values.",
)
@options.out_folder
def ensemble(
    name: str,
    members,
    weights,
    decode: str,
    trained_on,
    models,
    plan,
    projections,
    extraction,
    label_names,
    no_raw: bool,
    out: Path,
) -> None:
    """Combine models into one graph (a SavedModel), the weighted mean of their predictions.

    Projections, extraction and names of classes are kept beside the graph, so that later commands
    and the archive can read videos, arrays and names.
    """
    if extraction and not projections:
        raise click.UsageError("--extraction needs --projections")
    import_tensorflow()
    from yt8m.origins import check_plan, check_records, check_sources
    from yt8m.serving.ensemble import export_ensemble
    from yt8m.serving.preprocessing import GivenFiles

    stages = {stage: weight for weight, stage in members}
    check_records(stages, trained_on)
    check_sources(stages, models)
    check_plan(stages, plan)
    learned = read_member_weights(weights) if weights else None
    given = GivenFiles(projections, extraction, label_names)
    export_ensemble(name, stages, out, decode, learned, given, not no_raw)
    say(combined(out, read_ensemble(out)))


@click.command()
@click.argument("name")
@options.graph
@options.projections
@options.extraction
@options.label_names
@options.out_folder
def import_ensemble(name: str, graph: Path, projections, extraction, label_names, out) -> None:
    """Copy an ensemble that another run made, and name it NAME.

    It is refused if it was made for other projections, extractors or names of classes.
    """
    from yt8m.serving.importing import import_ensemble
    from yt8m.serving.preprocessing import GivenFiles

    import_ensemble(name, graph, out, GivenFiles(projections, extraction, label_names))
    say(combined(out, read_ensemble(out)))


@click.command()
@options.graph
@options.out
def fingerprint(graph: Path, out: Path) -> None:
    """Write the digest of everything that an ensemble's predictions depend on."""
    from yt8m.serving.fingerprint import fingerprint

    made = fingerprint(read_ensemble(graph))
    write_json(out, made)
    say(f"{out}: {made['digest']}")


@click.command()
@options.graph
@click.option("--budget", type=int, help="Most bytes that the graph may take.")
@options.fingerprinted
@options.models
@options.out
def size(graph: Path, budget: int | None, fingerprint, models, out: Path) -> None:
    """Measure an ensemble's size on disk; fail with a table if it exceeds the budget."""
    from yt8m.serving.contents import check_origin
    from yt8m.serving.size import measure

    check_origin(graph, fingerprint, models)
    made = measure(graph, budget)
    write_json(out, made)
    say(sized(out, made))


@click.command()
@options.any_graph
@click.option(
    "--layout",
    default="file",
    show_default=True,
    is_eager=True,  # it decides what --out is
    type=click.Choice(["file", "hub"]),
    help="file: one .tar.gz. hub: a folder for the Hugging Face hub, with config.json (id2label).",
)
@click.option("--card", default="{}", type=options.JSON, help="The config's `card`, as JSON.")
@click.option(
    "--metrics",
    multiple=True,
    type=options.FILE,
    help="The ensemble's metrics.<split>.json; repeat for each split.",
)
@click.option(
    "--config",
    "configs",
    multiple=True,
    type=options.FILE,
    help="A member's config.json; repeat for each member.",
)
@options.label_names
@click.option(
    "--thresholds",
    type=options.FILE,
    help="The thresholds.csv of `yt8m calibrate`; needs --calibration.",
)
@click.option(
    "--calibration", type=options.FILE, help="The calibration.json that belongs to --thresholds."
)
@options.fingerprinted
@options.models
@click.option("--card-out", type=options.NEW_FILE, help="Also write the model card to this file.")
@options.out_archive
def archive(
    graph: Path,
    layout,
    card: dict,
    metrics,
    configs,
    label_names,
    thresholds,
    calibration,
    fingerprint,
    models,
    card_out: Path | None,
    out: Path,
) -> None:
    """Pack an ensemble, its model card, metrics and thresholds into one .tar.gz.

    GRAPH is an ensemble's folder; for --layout hub also a .tar.gz that was packed before, whose
    card, metrics and names are kept, so that other options are not allowed. Equal content gives
    equal bytes.

    Upload a folder for the hub with: hf upload NAME/OF-IT OUT.
    """
    from yt8m.config.card import Card
    from yt8m.recipes import read_settings
    from yt8m.serving.archive import write_archive
    from yt8m.serving.contents import check_origin

    if (thresholds is None) != (calibration is None):
        raise click.UsageError("give --thresholds and --calibration together")
    options.refuse_same_files({"--out": out, "--card-out": card_out})
    if graph.is_file():
        if layout == "file":
            raise click.UsageError(f"{graph} is packed already; give an ensemble's folder")
        others = (card, metrics, configs, label_names, thresholds, fingerprint, models, card_out)
        if any(others):
            raise click.UsageError("a packed ensemble has its card, metrics and names already")
        _write_hub_folder(graph, out)
        return
    check_origin(graph, fingerprint, models)
    said = read_settings(Card, card, "card")
    decided = (thresholds, calibration) if thresholds else None
    if layout == "hub":
        with tempfile.TemporaryDirectory(prefix="yt8m-") as place:
            packed = Path(place, "packed.tar.gz")
            write_archive(graph, packed, said, metrics, configs, label_names, decided, card_out)
            _write_hub_folder(packed, out)
        return
    digest = write_archive(graph, out, said, metrics, configs, label_names, decided, card_out)
    say(f"{out}: {out.stat().st_size:,} bytes, SHA-256 {digest}")


def _write_hub_folder(packed: Path, out: Path) -> None:
    """Imported only here, so that the workflow's archives do not depend on its code."""
    import_tensorflow()
    from yt8m.serving.hub import write_hub_folder

    write_hub_folder(packed, out)
    say(written(out))
