"""`python -m benchmarks.mean_vectors RESULTS`: a run's models beside a logistic regression.

The simplest baseline that people know: scikit-learn's logistic regression, one per class, of the
mean of a video's frames. It reads the records of a finished run, is fitted on its training split,
and measured on other splits as the run's models are.
"""

from pathlib import Path

import click
import numpy as np

from yt8m.data.manifest import Manifest, read_manifest
from yt8m.data.records import Records
from yt8m.data.schema import split_features
from yt8m.errors import ConfigError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.files import read_metrics
from yt8m.metrics.result import Result
from yt8m.text_tables import format_table, numbers, words

BATCH = 256


@click.command()
@click.argument("results", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--train", default="train", show_default=True, help="Split to fit on.")
@click.option("--c", "inverse", default=1.0, show_default=True, help="C: inverse of the penalty.")
def main(results: Path, train: str, inverse: float) -> None:
    """GAP@20 of a logistic regression and of the models of the run in RESULTS, by split."""
    fitted_on = read_manifest(results / "data" / f"{train}.json")
    predict = fit(*mean_vectors(fitted_on), inverse)
    rows = []
    for path in sorted((results / "data").glob("*.json")):
        if path.stem == train or not (ours := metrics_of(results, path.stem)):
            continue
        manifest = read_manifest(path)
        result = measured(predict, manifest)
        rows.append((path.stem, f"logistic regression, {result.videos:,} videos", result.gap))
        rows += [(path.stem, name, gap) for name, gap in ours.items()]
    if not rows:
        raise ConfigError(f"{results}: has no metrics of another split than {train}")
    columns = [*words("split", "model"), *numbers("GAP@20")]
    click.echo(format_table(columns, [(*row, f"{gap:.4f}") for *row, gap in rows]), nl=False)


def metrics_of(results: Path, split: str) -> dict[str, float]:
    """GAP of everything that was evaluated on a split, by its folder below RESULTS."""
    found = sorted(results.rglob(f"metrics.{split}.json"))
    return {str(p.parent.relative_to(results)): read_metrics(p)["gap"] for p in found}


def mean_vectors(manifest: Manifest) -> tuple[np.ndarray, np.ndarray]:
    """Means of the dequantised frames, float32 [N, F], and labels, bool [N, C]."""
    records, schema = Records(manifest), manifest.schema
    means, labels = [], []
    for start in range(0, len(records), BATCH):
        batch = records.batch(np.arange(start, min(start + BATCH, len(records))))
        counts = np.maximum(batch.num_frames, 1)[:, None]
        found = batch.frames.sum(axis=1, dtype=np.float32) / counts
        if schema.layout == "frame":  # the mean of bytes, whose values are evenly spaced
            for name, part in split_features(found, schema).items():
                part *= np.float32(schema.range_of(name).step)
                part += np.float32(schema.range_of(name).first)
        means.append(found)
        labels.append(batch.labels)
    return np.concatenate(means), np.concatenate(labels)


def fit(vectors: np.ndarray, labels: np.ndarray, inverse: float = 1.0):
    """A function from vectors, float32 [N, F], to probabilities, float32 [N, C].

    Classes without positives get probability 0, those of all videos 1. inverse: scikit-learn's C.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    shares = labels.mean(axis=0)
    varying = np.flatnonzero((shares > 0) & (shares < 1))
    each = OneVsRestClassifier(LogisticRegression(C=inverse, max_iter=1000))
    model = make_pipeline(StandardScaler(), each).fit(vectors, labels[:, varying].astype(int))

    def predict(others: np.ndarray) -> np.ndarray:
        found = np.tile((shares == 1).astype(np.float32), (len(others), 1))
        found[:, varying] = model.predict_proba(others).reshape(len(others), -1)[:, -len(varying) :]
        return found

    return predict


def measured(predict, manifest: Manifest) -> Result:
    """The metrics of such a function on a split."""
    vectors, labels = mean_vectors(manifest)
    metrics = Metrics(manifest.schema.classes)
    metrics.add(predict(vectors), labels)
    return metrics.result()


if __name__ == "__main__":
    main()
