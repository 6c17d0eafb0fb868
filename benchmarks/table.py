"""Results as JSON and as a Markdown table."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.race import Outcome

HEAD = ("", "unit (per second)", "ours", "baseline", "ratio", "limit", "share of limit")


def markdown(outcomes: Sequence[Outcome]) -> str:
    """One row per race, with its further implementations below it."""
    lines = [_line(HEAD), _line(["---"] + ["---:"] * 4 + ["---", "---:"])]
    for o in outcomes:
        share = "" if o.share_of_limit is None else f"{o.share_of_limit:.0%}"
        rates = (_number(o.ours), _number(o.baseline), f"**{_ratio(o.ratio)}**")
        lines.append(_line([o.name, o.unit, *rates, o.limit or "", share]))
        lines += [
            _line([f"... {name}", o.unit, _number(rate), "", "", "", ""])
            for name, rate in o.others.items()
        ]
    return "\n".join(lines) + "\n"


def write(outcomes: Sequence[Outcome], machine: dict, folder: Path) -> None:
    """`benchmarks.json` and `benchmarks.md` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(o), "share_of_limit": o.share_of_limit} for o in outcomes]
    document = {"machine": machine, "rows": rows}
    (folder / "benchmarks.json").write_text(json.dumps(document, indent=1) + "\n")
    (folder / "benchmarks.md").write_text(markdown(outcomes))


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def _ratio(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 9.95 else f"{ratio:.1f}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
