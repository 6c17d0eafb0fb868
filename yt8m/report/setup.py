"""The setup of the run: settings of the models, splits, versions and the machine."""

from collections.abc import Iterator, Mapping
from typing import Any

from yt8m.report.content import Content, Model
from yt8m.report.number_format import count, listed, several
from yt8m.report.tables import Table, numbers, plain, words


def settings_table(model: Model) -> Table:
    """Every setting of a model by its dotted path, with all defaults."""
    found = flattened(model.config.set_words())
    return plain(words("setting", "value"), [[word, _spelt(value)] for word, value in found])


def splits_table(content: Content) -> Table:
    """The splits with a manifest, and the distilled shards."""
    found = [(split, _use(content, split), m) for split, m in content.manifests.items()]
    found += [
        (f"{m.split}, distilled", f"predictions of {teacher}", m)
        for teacher, m in content.distilled.items()
    ]
    rows = [
        [
            split,
            use,
            count(len(m.shards)),
            count(m.records),
            count(sum(shard.size_bytes for shard in m.shards)),
        ]
        for split, use, m in found
    ]
    return plain([*words("split", "used for"), *numbers("shards", "videos", "bytes")], rows)


def record_summary(content: Content) -> str:
    """The content of each record."""
    schema = content.manifests[content.split].schema
    features = listed([f"{size:,} values of {name}" for name, size in schema.features.items()])
    what = (
        "the mean of a video" if schema.layout == "video" else (f"up to {schema.max_frames} frames")
    )
    return f"Each record contains {what} with {features}, and labels of {schema.classes:,} classes."


def run_table(content: Content) -> Table:
    """The environment of the run: machine, sources, versions of packages, seeds."""
    run = content.run
    seeds = sorted(set(run["seeds"].values()))
    rows = [
        ["revision", run["revision"] or "unknown"],
        ["device", ", ".join(run["device"]["gpus"]) or "no GPU"],
        ["processor", f"{run['device']['cpu']}, {several(run['device']['cores'], 'core')}"],
        ["seeds", listed([str(seed) for seed in seeds])],
    ]
    return plain(words("what", "value"), rows + [list(row) for row in run["versions"].items()])


def flattened(entry: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths and values of nested mappings, in their order."""
    for word, value in entry.items():
        if isinstance(value, Mapping) and value:
            yield from flattened(value, f"{above}{word}.")
        else:
            yield f"{above}{word}", value


def _use(content: Content, split: str) -> str:
    uses = ["training"] if split == content.train else []
    uses += ["evaluation"] if split in content.splits else []
    return listed(uses) or "prediction"


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value is None else str(value)
