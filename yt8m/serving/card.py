"""The model card of an archive: Markdown with a YAML header, as Hugging Face's hub reads it."""

from collections.abc import Mapping
from typing import Any

import yaml

from yt8m.calibration.summary_files import described_reliability, described_thresholds
from yt8m.config.card import Card
from yt8m.data.few_videos import measured_on_few
from yt8m.data.schema import Schema
from yt8m.serving.card_inputs import preprocessing_section, raw_signature
from yt8m.serving.preprocessing import Preprocessing

MEASURES = {"gap": "GAP", "map": "MAP", "perr": "PERR", "hit_at_one": "Hit@1"}

SCRIPT = """\
import csv, pathlib, sys, tarfile, tempfile
import tensorflow as tf

with tempfile.TemporaryDirectory() as place, tarfile.open(sys.argv[1]) as archive:
    files = [f for f in archive if f.isfile() and not {"", ".."} & set(f.name.split("/"))]
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    archive.extractall(place, files, **safely)
    folder = next(pathlib.Path(place).glob("*/graph")).parent
    labels = folder / "labels.csv"
    names = dict(csv.reader(labels.open(encoding="utf-8"))) if labels.exists() else {}
    graph = tf.saved_model.load(str(folder / "graph"))
for records in tf.data.TFRecordDataset(sys.argv[2:]).batch(64):
    best = graph.signatures["records"](records=records)
    for id, classes, scores in zip(*(best[key].numpy() for key in ("ids", "classes", "scores"))):
        print(id.decode(), *(f"{names.get(str(c), c)} {s:.2f}" for c, s in zip(classes, scores)))
"""
"""Example for users: `python script.py archive.tar.gz *.tfrecord`. docs/how-to/label-videos.md
has it too."""

PAGE = """\
---
{header}---

# {name}

{description}

{contents}

## How to load it

Only TensorFlow is needed:

```python
{script}```

A SavedModel is a program: when it is loaded or predicts, it can do whatever you can, such as write
files. Use it only from sources that you trust, or in a sandbox.

{signatures}

{stored}

## Metrics

{scores}
{thresholds}
## Size

{sizes}

## Training data

{training_data}

## Limits

It predicts the {classes} classes that it was trained on and no others. It reads features ({named}),
not pixels or sound: they must come from the same extractor as those of the training data.
{frames}Probabilities rank the classes of a video; they are not calibrated. Rare
classes are recognised less often than common ones, and it inherits biases and wrong labels of the
training data. It is meant for finding and sorting videos; do not use it for automated decisions
about people.

## Licence

{licence}, see `LICENSE`.{author}
"""


BY_FRAME = """\
The graph has {count} signatures. `serving_default` takes `frames`, uint8 `[B, T, {features}]`, and
`num_frames`, int32 `[B]`, and returns probabilities, float32 `[B, {classes}]`. `floats` takes
float32 frames that are dequantised, `{dequantisation}`, but not scaled to unit length.
`records` takes serialised records and returns `ids` and the most probable `classes` with their
probabilities as `scores`. Any batch size works, and frames past a video's `num_frames` are
ignored."""

BY_VIDEO = """\
A video is its mean over frames. The graph's signature `floats` takes means as records have them:
`frames`, float32 `[B, 1, {features}]`, and `num_frames`, int32 `[B]`, all 1; it returns
probabilities, float32 `[B, {classes}]`. `serving_default` takes them as bytes, uint8. `records`
takes serialised records and returns `ids` and the most probable `classes` with their probabilities
as `scores`. Any batch size works."""


def model_card(
    described: Mapping[str, Any],
    card: Card,
    metrics: Mapping[str, Mapping[str, Any]],
    size_bytes: int,
    labels: bool,
    preprocessing: Preprocessing | None = None,
    calibration: Mapping[str, Any] | None = None,
) -> str:
    """The text of README.md.

    described: the content of `ensemble.json`. metrics: split -> metrics. size_bytes: of the graph.
    labels: whether the archive contains the names of the classes. preprocessing: in the archive.
    calibration: the content of `calibration.json`, if there are thresholds.
    """
    schema = described["schema"]
    by_frame = schema["layout"] == "frame"
    features = sum(size for _, size in schema["features"])
    named = ", ".join(f"{name} {size}" for name, size in schema["features"])
    frames = (
        "Frames must be sampled at the same rate; those beyond "
        f"{schema['max_frames']} are cut off in records. "
    )
    raw = raw_signature(described, preprocessing)
    return PAGE.format(
        header=_header(described, card, metrics),
        name=described["name"],
        description=card.description or "Labels of a video from its features.",
        contents=_contents(described, labels),
        script=SCRIPT,
        signatures=_paragraphs(
            (BY_FRAME if by_frame else BY_VIDEO).format(
                count="four" if raw else "three",
                features=features,
                classes=schema["classes"],
                dequantisation=Schema.from_json(schema).dequantisation,
            ),
            raw,
        ),
        stored=_paragraphs(_stored(described), preprocessing_section(preprocessing)),
        classes=schema["classes"],
        scores=_metrics(metrics),
        thresholds=_thresholds(calibration) if calibration else "",
        sizes=_sizes(described, size_bytes),
        training_data=card.training_data or "Its authors do not say where the videos come from.",
        named=named,
        frames=frames if by_frame else "",
        licence=card.licence,
        author=f" By {card.author}." if card.author else "",
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def _header(
    described: Mapping[str, Any], card: Card, metrics: Mapping[str, Mapping[str, Any]]
) -> str:
    results = [
        {
            "task": {"type": "video-classification"},
            "dataset": {"name": f"split {split}", "type": "video-features", "split": split},
            "metrics": [
                {"type": word, "name": title, "value": round(measures[word], 6)}
                for word, title in MEASURES.items()
            ],
        }
        for split, measures in sorted(metrics.items())
    ]
    header = {
        "license": card.licence,
        "library_name": "tensorflow",
        "pipeline_tag": "video-classification",
        "tags": [
            "video-classification",
            "multi-label-classification",
            "tensorflow",
            "savedmodel",
            *sorted({member["recipe"]["kind"] for member in described["members"]}),
            *(["ensemble"] if len(described["members"]) > 1 else []),
            *(["quantized"] if _coded(described) else []),
        ],
    }
    if metrics:
        header["metrics"] = list(MEASURES)
        header["model-index"] = [{"name": described["name"], "results": results}]
    return yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)


def _contents(described: Mapping[str, Any], labels: bool) -> str:
    members = "\n".join(
        f"- {m['name']}: {m['recipe']['kind']}, weight {m['weight']:g}"
        for m in described["members"]
    )
    names = "`labels.csv` names the classes. " if labels else ""
    several = len(described["members"]) > 1
    what = f"The weighted mean of {len(described['members'])} models" if several else "One model"
    return (
        f"{what}:\n\n{members}\n\n{names}"
        "`ensemble.json` describes how they are built; `sha256sum --check SHA256SUMS` checks all "
        "files."
    )


def _coded(described: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The variables that are stored encoded."""
    variables = [v for member in described["members"] for v in member["variables"]]
    return [v for v in variables if v["storage"] != "float32"]


def _stored(described: Mapping[str, Any]) -> str:
    """How the weights are stored."""
    coded = _coded(described)
    if not coded:
        return "All weights are stored as float32."
    total = sum(v["elements"] for m in described["members"] for v in m["variables"])
    elements, ways = sum(v["elements"] for v in coded), sorted({v["stored_as"] for v in coded})
    at_load = described.get("decode", "per_call") == "at_load"
    when = (
        "once, when the graph is loaded" if at_load else ("in every call: little memory, more time")
    )
    return (
        f"Of {total:,} parameters {elements:,} are stored encoded ({'; '.join(ways)}), the others "
        f"as float32. They are decoded {when}."
    )


def _metrics(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    if not metrics:
        return "Not measured."
    head = ["| split | videos | " + " | ".join(MEASURES.values()) + " |", "|---" * 6 + "|"]
    rows = [
        f"| {split} | {m['videos']:,} | " + " | ".join(f"{m[w]:.4f}" for w in MEASURES) + " |"
        for split, m in sorted(metrics.items())
    ]
    top_k = next(iter(metrics.values()))["top_k"]
    said = f"GAP and MAP over the {top_k} most probable classes of each video."
    present = [
        f"{m['classes_with_positives']:,} of {m['classes']:,} in {split} (over these, MAP is "
        f"{m['map_present']:.4f})"
        for split, m in sorted(metrics.items())
    ]
    about = f"MAP is a mean over all classes; classes with a positive: {', '.join(present)}."
    few = [
        f"Split {split} has {words}: its measures are mostly chance."
        for split, m in sorted(metrics.items())
        if (words := measured_on_few(m))
    ]
    return "\n".join([*head, *rows, "", said, about, *few])


def _thresholds(calibration: Mapping[str, Any]) -> str:
    return f"""
## Thresholds

`thresholds.csv` has the probability from which a video gets the label of a class. The thresholds
were {described_thresholds(calibration)}. On other videos they give less.

{described_reliability(calibration)} `calibration.json` has the numbers.
"""


def _sizes(described: Mapping[str, Any], size_bytes: int) -> str:
    rows = [
        f"| {m['name']} | {sum(v['elements'] for v in m['variables']):,} "
        f"| {sum(v['size_bytes'] for v in m['variables']):,} |"
        for m in described["members"]
    ]
    head = ["| model | parameters | bytes of weights |", "|---|---|---|"]
    return "\n".join([*head, *rows, "", f"The graph takes {size_bytes:,} bytes on disk."])
