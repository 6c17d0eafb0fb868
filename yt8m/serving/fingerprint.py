"""What an ensemble's predictions depend on, as one digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(described: Mapping[str, Any]) -> dict[str, Any]:
    """Digest of weights, recipes, order and the code that was exported; no dates, no paths.

    described: the content of an `ensemble.json`.
    """
    content = {
        "schema": described["schema"],
        "members": [[m["weight"], m["recipe"], m["digest"]] for m in described["members"]],
        "code": described["code"],
    }
    text = json.dumps(content, sort_keys=True)
    return {"digest": hashlib.sha256(text.encode()).hexdigest(), **content}
