"""Results as JSON and as Markdown tables: one row a race, and one a way."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.outcome import Measured, Outcome, Ratio

RACES = ("", "unit (per second)", "ours", "strongest peer", "its rate", "ratio", "by CPU time")
RACES += ("plain way", "ratio to it", "limit", "share of limit")
WAYS = ("", "per second", "CPU ms each", "ours in relation", "by CPU time")


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Ours beside the strongest peer and the plain way. Brackets: the range over the rounds."""
    lines = [_line(RACES), _line(["---"] * 2 + ["---:", "---"] + ["---:"] * 5 + ["---", "---:"])]
    return "\n".join(lines + [_line(_race(o)) for o in outcomes]) + "\n"


def ways(outcomes: Sequence[Outcome]) -> str:
    """Every way of each race."""
    lines = [_line(WAYS), _line(["---"] + ["---:"] * 4)]
    return "\n".join(lines + [_line(row) for o in outcomes for row in _ways(o)]) + "\n"


def write(outcomes: Sequence[Outcome], machine: dict, folder: Path) -> None:
    """`benchmarks.json` and `benchmarks.md` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {"machine": machine, "rows": [o.as_json() for o in outcomes]}
    (folder / "benchmarks.json").write_text(json.dumps(document, indent=1) + "\n")
    (folder / "benchmarks.md").write_text(f"{markdown(outcomes)}\n{ways(outcomes)}")


def _race(o: Outcome) -> Iterator[str]:
    name, strongest = o.strongest
    yield from (o.name, o.unit, _number(o.ours.rate), name, _number(strongest.rate))
    yield _spread(o.faster_than(strongest), bold=True)
    yield _spread(o.less_cpu_than(strongest))
    yield from (_number(o.plain.rate), _spread(o.faster_than(o.plain)), o.limit or "")
    yield "" if o.share_of_limit is None else f"{o.share_of_limit:.0%}"


def _ways(o: Outcome) -> Iterator[list[str]]:
    yield [f"{o.name}: ours", *_measured(o.ours), "", ""]
    for name, found in {"the plain way": o.plain, **o.peers, **o.others}.items():
        if found is None:
            yield [f"... {name}", f"{o.missing[name]} is not installed", "", "", ""]
        else:
            ratios = _spread(o.faster_than(found)), _spread(o.less_cpu_than(found))
            yield [f"... {name}", *_measured(found), *ratios]


def _measured(found: Measured) -> tuple[str, str]:
    return _number(found.rate), f"{1e3 * found.cpu_seconds:.3g}"


def _spread(found: Ratio, bold: bool = False) -> str:
    star = "**" if bold else ""
    least, most = _ratio(found.least), _ratio(found.most)
    return f"{star}{_ratio(found.median)}{star} ({least}-{most})"


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def _ratio(ratio: float) -> str:
    if ratio >= 9.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 1.995 else f"{ratio:.2f}"


def _line(cells: Sequence[str] | Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |"
