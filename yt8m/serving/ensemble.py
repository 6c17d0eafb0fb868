"""Ensembles on disk: a SavedModel with its description."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.protobuf import fingerprint_pb2

from yt8m.artefacts import ENSEMBLE, ENSEMBLE_FORMAT, GRAPH, MemberWeights, check_name
from yt8m.atomic import replacing
from yt8m.compression.storage import Encoded
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.member_weights import sum_problem
from yt8m.projections.projection import Projection
from yt8m.recipes import recipe_modules
from yt8m.serving.contents import file_digests
from yt8m.serving.foreign import refuse_foreign
from yt8m.serving.mean_graph import mean_graph
from yt8m.serving.member import Member, load_member
from yt8m.serving.operations import read_graph
from yt8m.serving.preprocessing import NOTHING, GivenFiles, Preprocessing, write_beside
from yt8m.serving.raw_features import raw_bytes
from yt8m.sources import digest_of


def export_ensemble(
    name: str,
    stages: Mapping[Path, float],
    out: Path,
    decode: str = "at_load",
    learned: MemberWeights | None = None,
    given: GivenFiles = NOTHING,
    raw: bool = True,
) -> None:
    """Write the weighted mean of models at a stage as `out/graph` and `out/ensemble.json`.

    stages: stage folder -> weight, in any order; the weights sum to 1 within 1e-4.
    learned: replaces those weights; a member with weight 0 is left out.
    decode: when to decode variables, one of `yt8m.serving.graph_weights.WHEN`; predictions are
        equal.
    given: what made the records, and the names of classes; copied beside the graph.
    raw: whether the graph contains the projections, if any, and takes extractors' values too.
    Raises ArtefactError for weights that do not sum to 1 or belong to others, members with
    different classes or features, projections for others, and invalid names.
    """
    refuse_foreign(out, given.label_names is not None)
    found = sorted(((load_member(s), w) for s, w in stages.items()), key=lambda m: m[0].name)
    members, weights = map(list, zip(*found, strict=True))
    if learned is not None:
        members, weights = with_learned_weights(name, members, learned)
    _check_members(name, members, weights)
    schema = members[0].schema
    preprocessing, names = given.preprocessing(schema), given.names(schema)
    projections = _in_graph(name, preprocessing, schema) if raw else {}
    module = mean_graph(members, weights, decode=decode, projections=projections)
    signatures = {
        "serving_default": module.predict_bytes,
        "floats": module.predict_floats,
        "records": module.predict_records,
    }
    if projections:
        signatures["raw"] = module.predict_raw
    with replacing(out / GRAPH) as temporary:
        tf.saved_model.save(module, str(temporary), signatures)
        read_graph(temporary)
        _forget_uuid(temporary / "fingerprint.pb")
    described = _describe(name, members, weights, decode)
    described |= {"files": file_digests(out / GRAPH)} | write_beside(out, preprocessing, names)
    if projections:
        described["raw_bytes"] = raw_bytes(projections)
    write_json(out / ENSEMBLE, described)


def _in_graph(
    name: str, preprocessing: Preprocessing | None, schema: Schema
) -> Mapping[str, Projection]:
    """The projections that the graph contains; empty if there are none."""
    if preprocessing is None:
        return {}
    if "num_frames" in schema.features:
        raise ArtefactError(
            f"{name}: has a feature num_frames, like the graph's input for the number of frames; "
            f"set `raw: false` for ensembles.{name}, or rename the feature"
        )
    return preprocessing.projections


def _forget_uuid(path: Path) -> None:
    """Remove TensorFlow's random UUID, so that equal graphs have equal files."""
    described = fingerprint_pb2.FingerprintDef.FromString(path.read_bytes())
    described.ClearField("uuid")
    path.write_bytes(described.SerializeToString(deterministic=True))


def _describe(
    name: str, members: list[Member], weights: list[float], decode: str
) -> dict[str, Any]:
    recipes = [member.recipe() for member in members]
    code = digest_of("yt8m.serving.mean_graph", *(m for r in recipes for m in recipe_modules(r)))
    return {
        "format": ENSEMBLE_FORMAT,
        "name": name,
        "code": code,
        "decode": decode,
        "schema": members[0].identity["schema"],
        "members": [
            {
                "name": m.name,
                "weight": w,
                "recipe": m.identity["recipe"],
                "digest": m.digest,
                "variables": _variables(m),
            }
            for m, w in zip(members, weights, strict=True)
        ],
    }


def _check_members(name: str, members: list[Member], weights: list[float]) -> None:
    for called in (name, *(member.name for member in members)):
        check_name(called)
    for member, weight in zip(members, weights, strict=True):
        if not weight >= 0:  # also refuses NaN
            raise ArtefactError(f"{name}: {member.name} has weight {weight:g}; give 0 or more")
    if problem := sum_problem(weights):
        raise ArtefactError(f"{name}: {problem}")
    for member in members[1:]:
        if member.schema != members[0].schema:
            raise ArtefactError(
                f"{name}: {member.name} predicts {member.schema.classes} classes from "
                f"{dict(member.schema.features)}, {members[0].name} "
                f"{members[0].schema.classes} from {dict(members[0].schema.features)}; "
                "members must agree"
            )


def with_learned_weights(
    name: str, members: list[Member], learned: MemberWeights
) -> tuple[list[Member], list[float]]:
    """The members with a weight above 0, and their weights.

    Raises ArtefactError for weights of other members, or learned from other predictions of them.
    """
    names, weights = sorted(member.name for member in members), learned.weights
    if names != sorted(weights):
        raise ArtefactError(
            f"{name}: has the members {', '.join(names)}, but the weights are of "
            f"{', '.join(sorted(weights))}; learn them again"
        )
    for member in members:
        if learned.digests.get(member.name) not in (None, *member.digests):
            raise ArtefactError(
                f"{name}: its weights were learned from other predictions of {member.name} than "
                "its current ones; learn them again"
            )
    used = [member for member in members if weights[member.name] > 0]
    return used, [weights[member.name] for member in used]


def _variables(member: Member) -> list[dict[str, Any]]:
    """Name, shape, storage (its name and a description) and bytes of each, the largest first."""
    rows = [
        {
            "variable": path,
            "shape": list(value.shape),
            "elements": math.prod(value.shape),
            "storage": value.storage if isinstance(value, Encoded) else str(value.dtype),
            "stored_as": value.about if isinstance(value, Encoded) else str(value.dtype),
            "size_bytes": value.size_bytes if isinstance(value, Encoded) else value.nbytes,
        }
        for path, value in member.stored.items()
    ]
    return sorted(rows, key=lambda row: (-row["size_bytes"], row["variable"]))
