"""The videos of a user's own table that the run left out, if there are any."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yt8m.errors import ArtefactError
from yt8m.own_data.left_out import LeftOut
from yt8m.workflow.layout import Layout


def read_left_out(layout: Layout, run: Mapping[str, Any]) -> int:
    """The number of these videos. run: the content of `run.json`.

    Raises ArtefactError if their table is damaged.
    """
    path = Path(layout.left_out)
    if "table" not in run["settings"]["dataset"]["source"] or not path.is_file():
        return 0
    try:
        return len(LeftOut.read([path]).found)
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path}: is damaged ({error}); make it again") from None
