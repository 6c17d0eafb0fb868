"""The digest of everything that an ensemble's predictions depend on."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(described: Mapping[str, Any]) -> dict[str, Any]:
    """Digest of weights, recipes, order and the exported code, without dates and paths.

    described: the content of an `ensemble.json`. `teacher` is the digest without the code and the
        preprocessing: students are not retrained if only the code of their teacher's graph has
        changed, or the projections in it; their records have a digest of their own.
    """
    members = [[m["weight"], m["recipe"], m["digest"]] for m in described["members"]]
    content = {"schema": described["schema"], "members": members}
    teacher = _digest(content)
    content["code"] = described["code"]
    if described.get("preprocessing") is not None:
        content["preprocessing"] = described["preprocessing"]
    return {"digest": _digest(content), "teacher": teacher, **content}


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
