"""Names for the saved state of interrupted work."""

import hashlib
import json
from typing import Any


def state_key(*parts: Any) -> str:
    """A name for the state of a job, from everything (JSON values) that its result depends on.

    Different settings, data or sources give a different name, so no job resumes from another
    one's state.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
