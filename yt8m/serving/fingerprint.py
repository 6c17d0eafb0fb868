"""What an ensemble's predictions depend on, as one digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from yt8m.recipes import read_recipe, recipe_modules
from yt8m.sources import digest_of


def fingerprint(described: Mapping[str, Any]) -> dict[str, Any]:
    """Digest of weights, recipes, order and the code that predicts; no dates, no paths.

    described: the content of an `ensemble.json`.
    """
    members = described["members"]
    recipes = [read_recipe("yt8m.models", m["recipe"], m["name"]) for m in members]
    code = digest_of("yt8m.serving.graph", *(m for r in recipes for m in recipe_modules(r)))
    content = {
        "schema": described["schema"],
        "members": [[m["weight"], m["recipe"], m["digest"]] for m in members],
        "code": code,
    }
    text = json.dumps(content, sort_keys=True)
    return {"digest": hashlib.sha256(text.encode()).hexdigest(), **content}
