"""Commands that evaluate a part of a split, and that make the whole of parts.

Each whole is the one of a single job, to the byte. Merging imports no TensorFlow.
"""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.evaluated import Evaluated, evaluates
from yt8m.cli.evaluation_files import (
    ERRORS,
    files_of,
    new_collectors,
    new_videos,
    outputs,
    write_results,
)
from yt8m.cli.graphs import open_any
from yt8m.cli.output import say, written, written_part
from yt8m.runtime.unused import import_pyarrow

_records = click.option(
    "--records", type=options.FILE, help="Manifest of the split; refuse parts of any other."
)


@click.command()
@evaluates
@options.part
@click.option(
    "--errors",
    is_flag=True,
    help="Collect also what `yt8m merge-evaluation` makes scores, mistakes and confusions from.",
)
@options.out
@options.predicts
def evaluate_part(given: Evaluated, part, errors, out) -> None:
    """Evaluate GRAPH on a part of a labelled split, for `yt8m merge-evaluation`.

    A part has some of the split's batches, each with the same videos as without parts.
    """
    from yt8m.data.manifest import read_manifest
    from yt8m.metrics.video_rows import VideoRows
    from yt8m.outputs.evaluation_parts import About, write_part
    from yt8m.outputs.graph_predictions import part_of_batches

    given.check()
    import_pyarrow()
    loaded, split = open_any(given.graph), read_manifest(given.records)
    classes = loaded.schema.classes
    nameless = [""] * classes  # names are given when parts are put together
    collectors = new_collectors(ERRORS if errors else (), nameless)
    rows = VideoRows()
    metrics = given.metrics(loaded, split, collectors, rows, part)
    settings = (classes, given.top_k, given.batch_size, given.skip_dummies)
    about = About(loaded.name, split.split, loaded.fingerprint, split.digest, *settings)
    write_part(out, about, part, {"metrics": metrics, "videos": rows, **collectors})
    _, videos = part_of_batches(split.records, given.batch_size, part)
    say(f"{loaded.name}: {written_part(out, part, videos)}")


@click.command()
@click.argument("parts")
@options.label_names
@options.fingerprinted
@_records
@outputs
@options.out
def merge_evaluation(parts, label_names, fingerprint, records, **found) -> None:
    """Compute the metrics of a split from PARTS, a quoted pattern of what `yt8m evaluate-part`
    wrote for all parts of it.
    """
    from yt8m.data.label_names import default_names, read_label_names
    from yt8m.metrics.accumulate import Metrics
    from yt8m.metrics.files import summary
    from yt8m.metrics.video_rows import RowsToWriter
    from yt8m.outputs.evaluation_parts import read_parts

    files = files_of(found)
    import_pyarrow()
    evaluated = read_parts(_matching(parts))
    about = evaluated.about
    graph, split = _expected(fingerprint, records)
    about.origin.check(evaluated.paths[0], graph, split, again="evaluate all parts again")
    names = read_label_names(label_names, about.classes) if label_names else None
    collectors = new_collectors(files, names or default_names(about.classes))
    metrics = Metrics(about.classes, about.top_k)
    kept = min(about.top_k, about.classes)
    with new_videos(files.get("videos"), kept, about.origin) as writer:
        rows = {"videos": RowsToWriter(writer)} if writer else {}
        evaluated.add_to({"metrics": metrics, **collectors, **rows})
        result = metrics.result()
    say(f"{about.name}: {summary(result)}")
    write_results(files, result, names, about.origin, collectors)


@click.command()
@click.argument("parts")
@options.fingerprinted
@_records
@options.out_predictions
def merge_predictions(parts, fingerprint, records, out: Path) -> None:
    """Write the predictions of a split from PARTS, a quoted pattern of what `yt8m predict --part`
    wrote for all parts of it.
    """
    from yt8m.outputs.prediction_files import check_predictions
    from yt8m.outputs.prediction_parts import merge

    import_pyarrow()
    paths = _matching(parts)
    graph, split = _expected(fingerprint, records)
    for path in paths:
        check_predictions(path, graph=graph, records=split)
    videos = merge(paths, out)
    say(f"{written(out)}, {videos:,} videos of {len(paths):,} parts")


def _matching(pattern: str) -> list[Path]:
    from yt8m.paths import resolve

    return [Path(path) for path in resolve(pattern, "PARTS")]


def _expected(fingerprint: Path | None, records: Path | None) -> tuple[str | None, str | None]:
    """The digests of the graph and of the records that parts must be about, where known."""
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.manifest import read_manifest

    graph = read_fingerprint(fingerprint)["digest"] if fingerprint else None
    return graph, read_manifest(records).digest if records else None
