"""The command that evaluates a graph; several evaluations may share a process."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.graphs import check, open_any
from yt8m.cli.output import say
from yt8m.runtime.devices import import_tensorflow
from yt8m.runtime.unused import import_pyarrow


@dataclass(frozen=True)
class _Settings:
    """What all evaluations of one process have in common. records: a manifest."""

    records: Path
    batch_size: int
    top_k: int
    skip_dummies: bool
    label_names: Path | None


@click.command()
@options.any_graph
@options.records
@options.batch_size
@options.top_k
@options.skip_dummies
@options.label_names
@options.trained_on
@options.fingerprinted
@options.models
@click.option(
    "--classes-out",
    required=True,
    type=options.NEW_TABLE,
    help="Parquet file for the metrics of each class.",
)
@click.option(
    "--scores-out",
    type=options.NEW_TABLE,
    help="Parquet file for counts of the probabilities, which `yt8m calibrate` reads.",
)
@click.option(
    "--mistakes-out",
    type=options.NEW_TABLE,
    help="Parquet file for the videos that GRAPH gets most wrong, and those it gets right.",
)
@click.option(
    "--confusions-out",
    type=options.NEW_TABLE,
    help="Parquet file for the classes that are predicted in place of which labels.",
)
@click.option(
    "--videos-out",
    type=options.NEW_TABLE,
    help="Parquet file for what each video contributes, which `yt8m confidence` reads.",
)
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
def evaluate(
    graph,
    records,
    batch_size,
    top_k,
    skip_dummies,
    label_names,
    trained_on,
    fingerprint,
    models,
    together,
    ahead,
    **outputs,
) -> None:
    """Evaluate GRAPH on a labelled split: GAP, MAP, PERR, Hit@1 and loss.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz).
    """
    from yt8m.origins import check_records

    options.refuse_same_files({_option(name): path for name, path in outputs.items()})
    collected = [name for name in ("scores", "mistakes", "confusions") if outputs[f"{name}_out"]]
    if together and (collected or not graph.is_dir()):
        raise click.UsageError("--together is for a model's stage, without --scores-out and such")
    if ahead and not together:
        raise click.UsageError("--ahead needs --together")
    check_records([graph] if trained_on else [], trained_on)
    check(graph, fingerprint, models)
    settings = _Settings(records, batch_size, top_k, skip_dummies, label_names)
    files = {_name(word): path for word, path in outputs.items() if path is not None}
    if together:
        _evaluate_together((graph, together, files), ahead, settings)
    else:
        _evaluate(settings, graph, files)


def _option(word: str) -> str:
    return f"--{word.replace('_', '-')}"


def _name(word: str) -> str:
    """`classes` for `classes_out`; what `out` names are the metrics."""
    return "metrics" if word == "out" else word.removesuffix("_out")


def _evaluate_together(own, others: Sequence, settings: _Settings) -> None:
    """Evaluate one stage, or take over its result; then those of other jobs.

    own: graph, folder of state, and files by name. others: graph, file of metrics, folder of state.
    """
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.evaluation_work import METRICS, Evaluation, digest_of_file
    from yt8m.training.together import Waiting, work_together

    depends_on = [read_manifest(settings.records).digest, settings.batch_size, settings.top_k]
    depends_on += [settings.skip_dummies, digest_of_file(settings.label_names)]

    def work(graph: Path, state: Path, files: Mapping[str, Path]) -> Evaluation:
        write = partial(_evaluate, settings)
        return Evaluation(graph, tuple(depends_on), state, write, files)

    waiting = [Waiting(partial(work, g, state, {METRICS: out}), out) for g, out, state in others]
    work_together(work(*own), waiting, import_tensorflow)


def _evaluate(settings: _Settings, graph: Path, files: Mapping[str, Path]) -> None:
    """Evaluate a graph and write files, by the words in the options for them."""
    from yt8m.data.label_names import default_names, read_label_names
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.metrics.files import summary, write_class_table, write_metrics
    from yt8m.metrics.origin import Origin
    from yt8m.outputs.evaluation import evaluate

    import_pyarrow()
    loaded = open_any(graph)
    classes, given = loaded.schema.classes, settings.label_names
    names = read_label_names(given, classes) if given else None
    split = read_manifest(settings.records)
    counts = _new_counts(classes) if "scores" in files else None
    observers = _new_observers(files, names or default_names(classes))
    origin = Origin(split.split, loaded.fingerprint, split.digest)
    top_k = settings.top_k
    with _new_videos(files.get("videos"), min(top_k, classes), origin) as kept:
        result = evaluate(
            loaded,
            Records(split),
            settings.batch_size,
            top_k,
            settings.skip_dummies,
            counts,
            [*observers.values()],
            kept,
        )
    say(f"{loaded.name}: {summary(result)}")  # before the files are written, which can fail
    write_class_table(files["classes"], result.classes, names, origin)
    if counts is not None:
        counts.write(files["scores"], split.split, loaded.fingerprint, split.digest)
    for path, observer in observers.items():
        observer.write(path, split.split, loaded.fingerprint, split.digest)
    write_metrics(files["metrics"], result, loaded.fingerprint, split.digest)


def _new_counts(classes: int):
    """Imported only here, so that evaluations without thresholds do not depend on its code."""
    from yt8m.calibration.score_counts import ScoreCounts

    return ScoreCounts(classes)


def _new_observers(files: Mapping[str, Path], names: list[str]) -> dict:
    """The same for evaluations without errors to look at: file -> who writes it."""
    if not {"mistakes", "confusions"} & files.keys():
        return {}
    from yt8m.error_analysis.confusions import ConfusedClasses
    from yt8m.error_analysis.mistakes import MistakenVideos

    kinds = {"mistakes": MistakenVideos, "confusions": ConfusedClasses}
    return {files[word]: kind(names) for word, kind in kinds.items() if word in files}


def _new_videos(path: Path | None, top_k: int, origin):
    """Where to keep what videos contribute, as a context; None if nowhere."""
    if path is None:
        return nullcontext()
    from yt8m.metrics.video_files import VideoWriter

    return VideoWriter(path, top_k, origin)
