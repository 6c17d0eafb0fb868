"""Names of models, ensembles, splits and features, which become parts of file names."""

import re
from collections.abc import Iterator

NAME = "[A-Za-z][A-Za-z0-9_]*"
"""Regular expression for all of them; the workflow finds them in file names."""

LONGEST = 100
"""Most characters of a name: some file systems limit file names to 143 bytes."""


def not_a_name(name: str) -> Iterator[str]:
    """What is wrong with a name; nothing if it is valid."""
    if not re.fullmatch(NAME, name):
        yield "is not a valid name; expected a letter, then letters, digits and _"
    if len(name) > LONGEST:
        yield f"has {len(name)} characters; at most {LONGEST}"
