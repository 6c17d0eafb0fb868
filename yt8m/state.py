"""Names for what unfinished work leaves behind, to be taken up again."""

import hashlib
import json
from typing import Any


def state_key(*parts: Any) -> str:
    """A name for the state of one run, from everything (JSON values) that shapes its result.

    Another setting, other data or other sources give another name, so no run goes on from a state
    that is not its own.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
