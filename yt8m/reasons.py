"""Why jobs would run again: the reasons that a dry run of Snakemake prints, in plain words."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yt8m.json_files import parse_json

FOLLOWS = "Input files updated by another job"
JOB = re.compile(r"^Job \d+: (?P<step>.*)\nReason: (?P<reasons>.*)$", re.M)
PARAMS = re.compile(r"Params have changed since last execution:.*? before: (.*?) now: (.*)")
FILES = {"Missing output files": "missing", "Updated input files": "newer than its outcome"}
WORDS = {
    "Incomplete output files": "was stopped halfway",
    "Set of input files": "is made from other files now",
    "Code has changed": "the rule itself changed",
    "Software environment": "the environment's file changed",
    "Forced execution": "forced",
}
IDENTITIES = {
    "as_of": "files that are given are others now, or were changed",
    "source_as_of": "the shard that is given is another now, or was changed",
}
"""Settings whose values are digests, and what it means that they differ."""
DIGEST = re.compile(r"[0-9a-f]{16}")  # the `code` of a step


@dataclass(frozen=True)
class Job:
    """A job that would run: what it does, and why, unless only others that run before make it."""

    step: str
    causes: tuple[str, ...]


def read_jobs(plan: str) -> list[Job]:
    """The jobs of a dry run. plan: what `--dry-run` prints."""
    return [Job(m["step"], tuple(_causes(m["reasons"]))) for m in JOB.finditer(plan)]


def reasons_table(jobs: Sequence[Job]) -> str:
    """A row for each job that has a cause of its own, and how many jobs follow."""
    if not jobs:
        return "Nothing would run."
    own = sorted({(job.step, "; ".join(job.causes)) for job in jobs if job.causes})
    rows = [("would run", "because"), *own]
    width = max(len(step) for step, _ in rows)
    lines = [f"{step.ljust(width)}  {why}" for step, why in rows]
    if follow := sum(not job.causes for job in jobs):
        lines.append(f"{follow} more jobs, since what they are made of is made again first.")
    return "\n".join(lines)


def _causes(reasons: str) -> Iterator[str]:
    if changed := PARAMS.search(reasons):
        yield from _changes(*changed.groups())
        reasons = reasons[: changed.start()]
    for reason in reasons.split("; "):
        about, _, names = reason.partition(": ")
        if about in FILES:
            first, *rest = names.split(", ")
            yield f"{FILES[about]}: {first}" + (f" and {len(rest)} more" if rest else "")
        elif about != FOLLOWS:
            yield from (words for start, words in WORDS.items() if about.startswith(start))


def _changes(before: str, now: str) -> Iterator[str]:
    """What differs between the params of a job, as Snakemake prints them."""
    old, new = _values(before), _values(now)
    if any(_is_code(value) for value in (*old, *new)):
        yield "the library's code for it changed"
    was, is_now = _settings(old), _settings(new)
    for name in {**was, **is_now}:
        pair = [str(settings.get(name, "nothing")) for settings in (was, is_now)]
        if pair[0] != pair[1] and name in IDENTITIES:
            yield IDENTITIES[name]
        elif pair[0] != pair[1]:
            yield f"{name}: {' -> '.join(pair)}"
    words = [" ".join(sorted(_words(values))) or "nothing" for values in (old, new)]
    if words[0] != words[1]:
        yield " -> ".join(words)


def _values(text: str) -> list[Any]:
    try:
        return ast.literal_eval(f"[{text.replace('<nothing exclusive>', '')}]")
    except (SyntaxError, ValueError):
        return [text]


def _settings(values: Sequence[Any]) -> dict[str, Any]:
    """Those by their dotted names that were handed over as JSON."""
    return {n: v for value in values if (entry := _entry(value)) for n, v in _flattened(entry)}


def _words(values: Sequence[Any]) -> Iterator[str]:
    """Those without a name."""
    for value in values:
        if isinstance(value, list):
            yield from map(str, value)
        elif not _is_code(value) and not _entry(value):
            yield str(value)


def _entry(value: Any) -> Mapping[str, Any] | None:
    try:
        entry = parse_json(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return entry if isinstance(entry, Mapping) else None


def _flattened(entry: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names and values of nested mappings."""
    for word, value in entry.items():
        if isinstance(value, Mapping) and value:
            yield from _flattened(value, f"{above}{word}.")
        else:
            yield f"{above}{word}", value


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None
