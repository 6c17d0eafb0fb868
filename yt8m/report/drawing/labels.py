"""Placement of labels: near their marks, without covering anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from yt8m.report.drawing.svg import text_width

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

DISTANCES = (0.0, 12.0, 26.0, 42.0)
"""Distances of a label from its mark, in pixels."""


@dataclass(frozen=True)
class Label:
    """A placed label. x, y: the point of its baseline given by `anchor` (start, middle, end).

    far: whether a line should connect it to its mark.
    """

    words: str
    x: float
    y: float
    anchor: str
    far: bool


def place_labels(
    marks: Sequence[tuple[float, float, str]],
    obstacles: Sequence[Box],
    bounds: Box,
    font_size: float = 12.0,
    radius: float = 8.0,
) -> list[Label]:
    """A place for each mark's label, in order: the nearest one that covers least.

    marks: x, y, text. obstacles: boxes that should not be covered, including the marks.
    """
    taken = list(obstacles)
    labels = []
    for x, y, words in marks:
        size = (text_width(words, font_size), font_size * 1.1)
        choices = [
            (box, distance)
            for distance in DISTANCES
            for box in _around(x, y, size, radius + distance)
        ]
        costs = [_cost(box, distance, taken, bounds) for box, distance in choices]
        best = min(range(len(choices)), key=costs.__getitem__)
        box, distance = choices[best]
        taken.append(box)
        labels.append(_label(words, x, box, font_size, far=distance > 0))
    return labels


def _label(words: str, x: float, box: Box, font_size: float, far: bool) -> Label:
    """The label in its box, anchored at the side facing the mark, since its width is estimated."""
    baseline = box[3] - 0.2 * font_size
    if box[0] >= x:
        return Label(words, box[0], baseline, "start", far)
    if box[2] <= x:
        return Label(words, box[2], baseline, "end", far)
    return Label(words, (box[0] + box[2]) / 2, baseline, "middle", far)


def _around(x: float, y: float, size: tuple[float, float], gap: float) -> list[Box]:
    """Boxes to the right, left, above, below, and at the four corners."""
    width, height = size
    near = 0.75 * gap
    lefts = {-1: x - gap - width, 0: x - width / 2, 1: x + gap}
    tops = {-1: y - gap - height, 0: y - height / 2, 1: y + gap}
    corners = {-1: y - near - height, 1: y + near}
    sides = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
    boxes = []
    for across, down in sides:
        top = corners[down] if across and down else tops[down]
        boxes.append((lefts[across], top, lefts[across] + width, top + height))
    return boxes


def _cost(box: Box, distance: float, taken: Sequence[Box], bounds: Box) -> float:
    outside = sum(
        max(0.0, over)
        for over in (
            bounds[0] - box[0],
            bounds[1] - box[1],
            box[2] - bounds[2],
            box[3] - bounds[3],
        )
    )
    return sum(_overlap(box, other) for other in taken) + 1000 * outside + 0.4 * distance


def _overlap(a: Box, b: Box) -> float:
    """Area of the intersection of two boxes."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0
