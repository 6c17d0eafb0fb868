"""Records of a user's own features, and a config that reads them: `yt8m records import`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from yt8m.atomic import replacing
from yt8m.data.schema import Schema
from yt8m.data.sources.features import Recipe as Features
from yt8m.data.value_ranges import ValueRange
from yt8m.errors import ConfigError, OutputError
from yt8m.own_data.fitting import fit_projections, report_fit
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.shards import Written, report_errors, write_shard
from yt8m.own_data.vocabulary import write_labels
from yt8m.progress import Progress
from yt8m.projections.files import save_projections
from yt8m.projections.projection import Projection

LABELS = "labels.csv"
LEFT_OUT = "left-out.csv"
PROJECTIONS = "projections.safetensors"
WHERE = "features"
HEAD = "# Records of your own features, and one model to begin with: config/README.md lists\n"
"""First line of a written config, by which it is known when it is to be replaced."""


@dataclass
class Imported:
    """What was imported. splits: split -> number of videos in the records."""

    schema: Schema
    projections: Mapping[str, Projection]
    written: Written
    splits: dict[str, int] = field(default_factory=dict)

    def report(self) -> str:
        """Projections, errors of the bytes, videos by split, and what is left out."""
        videos = ", ".join(f"{split} {count:,}" for split, count in self.splits.items())
        lines = [report_fit(self.projections), report_errors(self.written.errors)]
        lines += [f"videos: {videos}", self.written.left_out.report(self.written.videos)]
        return "\n".join(line.rstrip() for line in lines if line)


def schema_of(
    source: Features, sizes: Mapping[str, int | None], max_frames: int, layout: str
) -> tuple[Features, Schema]:
    """The completed source, and the schema of its records.

    sizes: of each feature in the records; None for that of its arrays.
    Raises ConfigError for a table or sizes that are not valid.
    """
    open_sizes = source.completed({name: size or 1 for name, size in sizes.items()})
    found = {name: size or open_sizes.width(name) for name, size in sizes.items()}
    completed = source.completed(found)
    ranges = {name: ValueRange(*pair) for name, pair in completed.ranges().items()}
    classes = completed.rows.vocabulary.classes
    schema = Schema(found, classes, max_frames, layout, ranges)
    completed.check_schema(schema, WHERE)
    return completed, schema


def import_features(source: Features, schema: Schema, train: str, folder: Path) -> Imported:
    """Write the shards of all splits, the fitted projections and the labels into a folder.

    train: the split that projections are fitted on.
    Raises ConfigError for another split, OutputError for a folder with other shards or files of
    these names, RecordError for arrays that are not valid, as far as they are not left out.
    """
    rows = source.rows
    if train not in rows.by_split:
        raise ConfigError(f"--train: there is no split {train!r}; {', '.join(rows.by_split)}")
    _refuse_others(source, folder)
    left_out, training = LeftOut(source.strict), rows.of_split(train)
    recipes = {name: source.projections[name] for name in schema.features}
    with Progress("fit projections", "array", len(training) * len(recipes)) as bar:
        fitted = fit_projections(
            training, recipes, schema.features, schema.max_frames, left_out, bar.advance
        )
    save_projections(folder / PROJECTIONS, fitted)
    write_labels(source.label_names(), folder / LABELS)
    imported = Imported(schema, fitted, Written(left_out))
    with Progress("write records", "video", len(rows.table)) as bar:
        for split in rows.by_split:
            _write_split(source, split, folder, imported, bar.advance)
    left_out.write(folder / LEFT_OUT)
    return imported


def _refuse_others(source: Features, folder: Path) -> None:
    """Raises OutputError for shards of other splits, and for files that no import wrote."""
    wanted = {
        _shard(folder, split, number, len(shards))
        for split, shards in source.rows.by_split.items()
        for number in range(len(shards))
    }
    for path in sorted(folder.glob("*/*.tfrecord")):
        shard = re.escape(path.parent.name) + r"-\d+-of-\d+"
        if path not in wanted and re.fullmatch(shard, path.stem):
            raise OutputError(
                f"{path}: is from an earlier import with other splits, or from elsewhere; delete "
                f"{path.parent}, or give a new folder"
            )
    for name in (LABELS, LEFT_OUT):
        if (folder / name).exists() and not (folder / PROJECTIONS).exists():
            raise OutputError(
                f"{folder / name}: is not from an earlier import, and would be replaced; give a "
                "new folder"
            )


def _shard(folder: Path, split: str, number: int, total: int) -> Path:
    return folder / split / f"{split}-{number:05d}-of-{total:05d}.tfrecord"


def _write_split(
    source: Features, split: str, folder: Path, imported: Imported, advance: Callable[[], None]
) -> None:
    total, imported.splits[split] = len(source.rows.by_split[split]), 0
    for shard in range(total):
        rows = source.rows.of_shard(split, shard)
        path = _shard(folder, split, shard, total)
        write_shard(path, rows, imported.schema, imported.projections, imported.written, advance)
        bad = imported.written.left_out.found
        imported.splits[split] += sum(row.id not in bad for row in rows)


def config_of(imported: Imported, source: Features, train: str, folder: Path) -> dict[str, Any]:
    """A config for the records in a folder, with one model to begin with."""
    schema, folder = imported.schema, folder.absolute()
    ranges = {name: list(pair) for name, pair in schema.ranges.items()}
    files = {
        split: [f"{folder}/{split}/{split}-*-of-{len(shards):05d}.tfrecord"]
        for split, shards in source.rows.by_split.items()
    }
    others = [split for split in imported.splits if split != train]
    evaluated = ["validate"] if "validate" in others else others[:1]
    predicted = [split for split in others if split not in evaluated] or evaluated
    return {
        "results": "results",
        "dataset": {
            "classes": schema.classes,
            "max_frames": schema.max_frames,
            "layout": schema.layout,
            "features": dict(schema.features),
            "ranges": ranges,
            "label_names": f"{folder}/{LABELS}",
            "source": {"kind": "records", "files": files},
        },
        "training": {"batch_size": min(64, max(imported.splits[train] // 4, 1))},
        "models": {"vlad": {"kind": "netvlad", "clusters": 16, "hidden": 256}},
        "ensembles": {"final": {"members": {"vlad": 1.0}}},
        "run": {"train": train, "evaluate": evaluated, "predict": predicted},
    }


def check_config_out(path: Path) -> None:
    """Raises OutputError for a file that `write_config` did not write."""
    if path.exists() and not path.read_bytes().startswith(HEAD.encode()):
        raise OutputError(f"{path}: is not from an earlier import; name a new file")


def write_config(config: Mapping[str, Any], path: Path) -> None:
    """Write a config as YAML, atomically."""
    text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=1000)
    with replacing(path) as unfinished:
        unfinished.write_text(f"{HEAD}# every setting.\n\n{text}")
