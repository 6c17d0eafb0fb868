"""What readers can do with a figure: zoom, pan, and choose in its legend."""

import functools
import operator

import altair as alt

FADED = 0.12
"""Opacity of what is not chosen."""


def zoom(*channels: str) -> alt.Parameter:
    """Zoom with Ctrl and the wheel, pan by dragging the mouse, reset by a double click.

    channels: those with numbers, "x" and "y" by default. The wheel alone, and fingers, scroll the
    page.
    """
    return alt.selection_interval(
        name="zoom",
        encodings=list(channels) or ["x", "y"],
        bind="scales",
        zoom="wheel![event.ctrlKey || event.metaKey]",
        translate="[pointerdown[event.pointerType === 'mouse'], window:pointerup]"
        " > window:pointermove!",
    )


def choice(field: str) -> alt.Parameter:
    """A click in the legend of `field` chooses, another one of the same undoes it."""
    return alt.selection_point(name=f"chosen_{field}", fields=[field], bind="legend", toggle="true")


def faded_unless(*choices: alt.Parameter, opacity: float = 1.0) -> dict:
    """Opacity of marks by whether they are chosen; all are while nothing is."""
    chosen = functools.reduce(operator.and_, choices)
    return alt.when(chosen).then(alt.value(opacity)).otherwise(alt.value(FADED * opacity))
