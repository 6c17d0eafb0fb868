"""The statistics of shards as text tables."""

from collections import Counter
from collections.abc import Mapping, Sequence

from yt8m.data.dummies import DUMMY_STD
from yt8m.data.inspect import HISTOGRAM_SECONDS, Statistics
from yt8m.text_tables import Column, format_table, numbers, words

MOST_LABELS = 10
MOST_MESSAGES = 20
BAR_WIDTH = 40


def format_report(found: Statistics, names: Mapping[int, str] | None = None) -> str:
    """Several lines of text. names: of the classes, if known."""
    sections = [_summary(found), _features(found), _frames(found), _labels(found, names or {})]
    sections += [_problems(found), _some(found.damages)]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _summary(found: Statistics) -> list[str]:
    rows = [
        ("layout", found.schema.layout),
        ("shards", f"{found.shards:,}"),
        ("records", f"{found.records:,}"),
        ("with predictions", _share(found.with_predictions, found.records)),
        ("damaged", f"{len(found.damages):,}"),
    ]
    if "rgb" in found.schema.features:
        rows.append(
            (f"dummies (std of mean_rgb < {DUMMY_STD})", _share(found.dummies, found.records))
        )
    return _lines([*words(""), *numbers("")], rows)


def _features(found: Statistics) -> list[str]:
    if found.schema.layout == "video":
        sizes = [(name, f"{one.size:,}") for name, one in found.features.items()]
        return _lines([*words("feature"), *numbers("values")], sizes) + _absent(found)
    rows = []
    for name, one in found.features.items():
        low, high = _percent(one.at_0, one.values), _percent(one.at_255, one.values)
        constant = _share(one.constant, found.records)
        rows.append((name, f"{one.size:,}", low, high, constant))
    titles = ("bytes", "at 0", "at 255", "identical frames")
    return _lines([*words("feature"), *numbers(*titles)], rows) + _absent(found)


def _absent(found: Statistics) -> list[str]:
    return [
        f"without {name}: {_share(one.absent, found.records)}"
        for name, one in found.features.items()
        if one.absent
    ]


def _frames(found: Statistics) -> list[str]:
    if not found.frames:
        return []
    bins: Counter = Counter()
    for frames, videos in found.frames.items():
        bins[frames // HISTOGRAM_SECONDS] += videos
    rows, most = [], max(bins.values())
    for index in range(min(bins), max(bins) + 1):
        first = index * HISTOGRAM_SECONDS
        bar = "#" * round(BAR_WIDTH * bins[index] / most)
        rows.append((f"{first}-{first + HISTOGRAM_SECONDS - 1}", f"{bins[index]:,}", bar))
    table = _lines([*numbers("", ""), *words("")], rows)
    return [f"frames: {_spread(found.frames)}", *table]


def _labels(found: Statistics, names: Mapping[int, str]) -> list[str]:
    if not found.labels:
        return ["labels: none"] if found.records else []
    total = sum(found.labels.values())
    lines = [
        f"labels per video: {_spread(found.labels_per_video)}",
        f"different labels: {len(found.labels):,}, the highest {max(found.labels)}",
    ]
    # Of equally frequent labels, the lower comes first, so that the order of videos is irrelevant.
    top = sorted(found.labels.items(), key=lambda item: (-item[1], item[0]))[:MOST_LABELS]
    rows = [(str(label), f"{n:,}", _percent(n, total), names.get(label, "")) for label, n in top]
    return lines + _lines([*numbers("", "", ""), *words("")], rows)


def _lines(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    return format_table(columns, rows).splitlines()


def _problems(found: Statistics) -> list[str]:
    lines = [f"suspicious: {line}" for line in found.refused]
    return lines + [f"accepted: {line}" for line in found.warned]


def _some(messages: Sequence[str]) -> list[str]:
    more = len(messages) - MOST_MESSAGES
    return [*messages[:MOST_MESSAGES], *([f"and {more} more"] if more > 0 else [])]


def _spread(counts: Mapping[int, int]) -> str:
    mean = sum(value * n for value, n in counts.items()) / sum(counts.values())
    return f"min {min(counts)}, mean {mean:.2f}, max {max(counts)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({_percent(part, whole)})"
