"""The command that evaluates a graph; several evaluations may share a process."""

from collections.abc import Mapping, Sequence
from functools import partial
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
from yt8m.cli.output import say
from yt8m.runtime.devices import import_tensorflow
from yt8m.runtime.unused import import_pyarrow


@click.command()
@evaluates
@options.label_names
@outputs
@click.option(
    "--together",
    type=options.NEW_FOLDER,
    help="For a job of the workflow: folder for saved state; wait for another job that evaluates "
    "GRAPH ahead (--ahead), and take over its result.",
)
@click.option(
    "--ahead",
    type=(click.Path(path_type=Path),) * 3,
    multiple=True,
    metavar="GRAPH OUT STATE",
    help="Another model's stage, to be evaluated afterwards in this process unless its own job, "
    "with --together STATE, has begun; its result waits there for that job. Repeat for each.",
)
@options.out
@options.predicts
def evaluate(given: Evaluated, label_names, together, ahead, **found) -> None:
    """Evaluate GRAPH on a labelled split: GAP, MAP, PERR, Hit@1 and loss.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz).
    """
    files, graph = files_of(found), given.graph
    if together and ({*ERRORS} & files.keys() or not graph.is_dir()):
        raise click.UsageError("--together is for a model's stage, without --scores-out and such")
    if ahead and not together:
        raise click.UsageError("--ahead needs --together")
    given.check()
    if together:
        _evaluate_together((graph, together, files), ahead, given, label_names)
    else:
        _evaluate(given, label_names, graph, files)


def _evaluate_together(own, others: Sequence, given: Evaluated, label_names: Path | None) -> None:
    """Evaluate one stage, or take over its result; then those of other jobs.

    own: graph, folder of state, and files by name. others: graph, file of metrics, folder of state.
    """
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.evaluation_work import METRICS, Evaluation, digest_of_file
    from yt8m.training.together import Waiting, work_together

    depends_on = [read_manifest(given.records).digest, given.batch_size, given.top_k]
    depends_on += [given.skip_dummies, digest_of_file(label_names)]

    def work(graph: Path, state: Path, files: Mapping[str, Path]) -> Evaluation:
        write = partial(_evaluate, given, label_names)
        return Evaluation(graph, tuple(depends_on), state, write, files)

    waiting = [Waiting(partial(work, g, state, {METRICS: out}), out) for g, out, state in others]
    work_together(work(*own), waiting, import_tensorflow)


def _evaluate(
    given: Evaluated, label_names: Path | None, graph: Path, files: Mapping[str, Path]
) -> None:
    """Evaluate a graph, as one was given, and write files, by the words in the options for them."""
    from yt8m.data.label_names import default_names, read_label_names
    from yt8m.data.manifest import read_manifest
    from yt8m.metrics.files import summary
    from yt8m.metrics.origin import Origin

    import_pyarrow()
    loaded = open_any(graph)
    classes = loaded.schema.classes
    names = read_label_names(label_names, classes) if label_names else None
    split = read_manifest(given.records)
    collectors = new_collectors(files, names or default_names(classes))
    origin = Origin(split.split, loaded.fingerprint, split.digest)
    with new_videos(files.get("videos"), min(given.top_k, classes), origin) as kept:
        result = given.metrics(loaded, split, collectors, kept).result()
    say(f"{loaded.name}: {summary(result)}")  # before the files are written, which can fail
    write_results(files, result, names, origin, collectors)
