"""The command that turns scores into thresholds."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.numbers import NumberRange
from yt8m.cli.output import say
from yt8m.runtime.unused import import_pyarrow


@click.command()
@click.argument("scores", type=options.FILE)
@click.option(
    "--precision",
    type=NumberRange(0, 1, min_open=True),
    help="Choose the lowest threshold with this precision.  [default: the best F1]",
)
@click.option(
    "--min-positives",
    default=10,
    show_default=True,
    type=options.FROM_ONE,
    help="Classes with fewer positives get the threshold of all classes pooled.",
)
@options.label_names
@options.fingerprinted
@click.option(
    "--records", type=options.FILE, help="Manifest of the split; refuse scores on any other."
)
@click.option(
    "--calibration-out",
    required=True,
    type=options.NEW_FILE,
    help="JSON file for what thresholds give and how reliable probabilities are.",
)
@options.out_csv
def calibrate(
    scores: Path,
    precision: float | None,
    min_positives: int,
    label_names: Path | None,
    fingerprint: Path | None,
    records: Path | None,
    calibration_out: Path,
    out: Path,
) -> None:
    """Choose the probability from which a video gets a class's label, for each class.

    SCORES are counts of probabilities that `yt8m evaluate --scores-out` wrote; thresholds can be
    chosen from them in several ways without predicting again.

    A video gets the label if the probability is at least the class's threshold. By default that is
    the one with the best F1 (the harmonic mean of precision and recall). A class that reaches
    --precision nowhere is never decided: its threshold is empty.

    Evaluate a split that neither weights nor settings were chosen on; the training split would give
    thresholds that are too high.
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.calibration.score_files import read_scores
    from yt8m.calibration.summary_files import described_thresholds, summary
    from yt8m.calibration.threshold_files import write_thresholds
    from yt8m.calibration.thresholds import choose_thresholds
    from yt8m.data.label_names import default_names, read_label_names
    from yt8m.data.manifest import read_manifest
    from yt8m.json_files import write_json

    import_pyarrow()
    options.refuse_same_files({"--out": out, "--calibration-out": calibration_out})
    graph = read_fingerprint(fingerprint)["digest"] if fingerprint else None
    counts = read_scores(scores, graph, read_manifest(records).digest if records else None)
    classes = len(counts.videos)
    names = read_label_names(label_names, classes) if label_names else default_names(classes)
    found = choose_thresholds(counts.videos, counts.positives, precision, min_positives)
    made = summary(counts, found, precision, min_positives)
    write_thresholds(out, found, names)
    write_json(calibration_out, made)
    say(f"{out}: {described_thresholds(made)}")
