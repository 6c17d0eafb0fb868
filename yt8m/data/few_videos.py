"""How few videos make what is measured on them mostly chance."""

from collections.abc import Mapping
from typing import Any

from yt8m.printable import counted

FEW_VIDEOS = 50
"""With fewer labelled videos, ASSUME that measures and their differences are mostly chance."""


def only_few(labelled: int) -> str:
    """Such as "only 5 labelled videos"; "" if there are enough."""
    if labelled >= FEW_VIDEOS:
        return ""
    return f"only {counted(labelled, 'labelled video')}"


def measured_on_few(measures: Mapping[str, Any]) -> str:
    """The same of the content of a metrics file."""
    return only_few(measures["videos"] - measures["videos_without_labels"])
