"""Labels over time as a page of its own: frames on an axis of time, and a row for each label.

It contains its pictures and styles, loads nothing and runs no script.
"""

import base64
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yt8m.atomic import replacing
from yt8m.labelling.choice import Choice
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.tables import clock, lasts
from yt8m.labelling.windows import Windows

SPARSE = 12
"""Windows up to which each has a picture of its own; of more, several share one."""

MOST_SHARING = 8
"""Most windows that share a picture; longer videos are scrolled."""


def timeline_section(video: Labelled, choice: Choice, names: Sequence[str]) -> Markup:
    """One video's part of a page, with the classes `timeline_style` gives a look to.

    The video needs windows. Without thumbnails there is only the axis.
    """
    return Markup(_template("timeline_section.html").render(**_context(video, choice, names)))


def timeline_style() -> Markup:
    """The style sheet of sections, for light and dark."""
    return Markup(Path(__file__).with_name("timeline.css").read_text(encoding="utf-8"))


def write_timeline(sections: Sequence[Markup], graph: str, windows: Windows, path: Path) -> None:
    """Write the page of some videos' sections, atomically. graph: its name."""
    text = _template("timeline.html").render(
        style=timeline_style(), sections=sections, graph=graph, windows=windows
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("yt8m.labelling", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str):
    return _environment().get_template(name)


def _context(video: Labelled, choice: Choice, names: Sequence[str]) -> dict[str, Any]:
    columns = len(video.parts)
    sharing = min(-(-columns // SPARSE), MOST_SHARING)
    return {
        "video": video,
        "length": lasts(video),
        "columns": columns,
        "sharing": sharing,
        "marks": [_mark(video, column, sharing) for column in range(0, columns, sharing)],
        "rows": [_row(video, index, names[index]) for index in choice.rows(video)],
    }


def _mark(video: Labelled, column: int, sharing: int) -> dict[str, Any]:
    """A time on the axis, and the frame there."""
    start = video.parts[column][0]
    picture = video.thumbnails.get(start)
    data = base64.b64encode(picture).decode() if picture else ""
    span = min(sharing, len(video.parts) - column)
    return {"time": clock(start), "picture": data, "span": span}


def _row(video: Labelled, index: int, name: str) -> dict[str, Any]:
    cells = [
        {
            "shade": f"{100 * probability:.0f}",
            "title": f"{name}, {clock(start)} to {clock(end)}: {probability:.3f}",
        }
        for (start, end), probability in zip(
            video.parts, video.over_time[:, index].tolist(), strict=True
        )
    ]
    return {"name": name, "whole": f"{video.predictions[index]:.2f}", "cells": cells}
