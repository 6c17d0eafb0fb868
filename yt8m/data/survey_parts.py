"""What a survey found in a part of a split's shards, as a file: many jobs may read a split.

JSON: `format`, `split`, `kind` and `schema` as in a manifest, `part` (from 0) of `parts`, and
`shards`: the `path` of each, its `identity` when it was read (`yt8m.data.identity`), and what was
`found` in it.
"""

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from yt8m.data.identity import Identity, identity_of
from yt8m.data.manifest import KINDS
from yt8m.data.schema import Schema
from yt8m.data.shard_survey import ShardSurvey
from yt8m.data.survey import check_paths
from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.files import content_digest
from yt8m.json_files import AMOUNT, COUNT, MAPPING, PATH, TEXT, one_of, read_json, write_json
from yt8m.parts import Part, in_order
from yt8m.printable import shortened

FORMAT = 1
_AGAIN = "delete it and make it again: yt8m records survey"
_SHAPE = {
    "format": one_of(FORMAT),
    "kind": one_of(*KINDS),
    "part": AMOUNT,
    "parts": COUNT,
    "schema": MAPPING,
    "shards": [{"path": PATH, "identity": [AMOUNT], "found": MAPPING}],
    "split": TEXT,
}


def write_part(
    found: Sequence[ShardSurvey], part: Part, split: str, kind: str, schema: Schema, out: Path
) -> None:
    """Write what was found in the shards of a part, in their order, atomically."""
    shards = [
        {"path": str(one.shard.path), "identity": astuple(one.identity), "found": one.as_json()}
        for one in found
    ]
    about = {"format": FORMAT, "part": part.number, "parts": part.of, "shards": shards}
    write_json(out, about | _about(split, kind, schema))


def read_parts(paths: Sequence[Path], split: str, kind: str, schema: Schema) -> list[ShardSurvey]:
    """What was found in all shards of a split, from the files of its parts, in any order.

    Raises ArtefactError for a file that is not valid, or of another split, kind or schema, and if a
    part is missing or there twice; RecordError for a shard that is in two parts, or whose bytes are
    no longer those that were read.
    """
    contents = {path: read_json(path, _SHAPE) for path in paths}
    for path, content in contents.items():
        for word, expected in _about(split, kind, schema).items():
            if content[word] != expected:
                raise ArtefactError(
                    f"{path}: its {word} is {shortened(content[word])}, but the split has "
                    f"{shortened(expected)}; {_AGAIN}"
                )
    parts = {path: _part_of(path, content) for path, content in contents.items()}
    ordered = in_order(parts, "make all parts: yt8m records survey")
    found = [one for path in ordered for one in _surveys(path, contents[path]["shards"])]
    check_paths([one.shard.path for one in found], split)
    for one in found:
        _check_unchanged(one)
    return found


def _about(split: str, kind: str, schema: Schema) -> dict[str, Any]:
    return {"split": split, "kind": kind, "schema": schema.as_json()}


def _part_of(path: Path, content: dict[str, Any]) -> Part:
    try:
        return Part(content["part"], content["parts"])
    except ConfigError as error:
        raise ArtefactError(f"{path}: {error}; {_AGAIN}") from None


def _surveys(path: Path, shards: Sequence[dict[str, Any]]) -> list[ShardSurvey]:
    try:
        return [
            ShardSurvey.from_json(Path(each["path"]), Identity(*each["identity"]), each["found"])
            for each in shards
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtefactError(
            f"{path}: is not a valid part of a survey ({error}); {_AGAIN}"
        ) from None


def _check_unchanged(one: ShardSurvey) -> None:
    """A shard that is another file by now, such as a copy, must still have the same bytes."""
    path = one.shard.path
    if identity_of(path) != one.identity and content_digest(path) != one.shard.digest:
        raise RecordError(
            f"{path}: has changed since it was read; read its part again: run the workflow again"
        )
