"""Fast reading of records that have the same layout as earlier ones.

In records written by one program, two of the same length mostly have the same fields at the same
offsets. So the offsets of the values are taken from the first record of each length. A later record
is compared with it in every byte outside the values, since only those bytes decide where the values
are; if any byte differs, the record is parsed.
"""

import numpy as np

from yt8m.data.features import read_record

MOST_LAYOUTS = 1 << 14
"""Most layouts kept, mostly half a kilobyte each; records of other lengths are parsed."""

MOST_AROUND = 4096
"""Most bytes outside the values that are kept for one layout."""

_Maps = tuple[dict[str, memoryview], dict[str, memoryview]]
_Layout = tuple[list[tuple[slice, bytes]], list[tuple[str, slice]], list[tuple[str, slice]]]


class Layouts:
    """Reads records, and caches their layouts. Thread-safe."""

    def __init__(self):
        self._known: dict[int, _Layout | None] = {}

    def read_record(self, view: memoryview) -> _Maps:
        """The same result or error as `features.read_record`."""
        layout = self._known.get(len(view))
        if layout is None:
            maps = read_record(view)
            if len(self._known) < MOST_LAYOUTS and len(view) not in self._known:
                self._known[len(view)] = _layout(view, maps)
            return maps
        around, context, lists = layout
        for place, expected in around:
            if view[place] != expected:
                return read_record(view)
        return (
            {name: view[place] for name, place in context},
            {name: view[place] for name, place in lists},
        )


def _layout(view: memoryview, maps: _Maps) -> _Layout | None:
    """The bytes around the values, and the offsets of the values of both maps.

    None if a value is empty or joined from parts (so has no offset), or too many bytes are around.
    """
    around, places, end = [], ([], []), 0
    found = [
        (_start(value, view), value, name, m) for m in (0, 1) for name, value in maps[m].items()
    ]
    for start, value, name, m in sorted(found, key=lambda each: each[0]):
        if not len(value) or not end <= start <= len(view) - len(value):
            return None
        around.append((slice(end, start), bytes(view[end:start])))
        end = start + len(value)
        places[m].append((name, slice(start, end)))
    around.append((slice(end, len(view)), bytes(view[end:])))
    if sum(len(expected) for _, expected in around) > MOST_AROUND:
        return None
    return [each for each in around if each[1]], *places


def _start(value: memoryview, view: memoryview) -> int:
    """Offset of the value in `view`; out of its range if the value is not part of it."""
    if not len(value):
        return 0
    begins = (np.frombuffer(v, np.uint8).__array_interface__["data"][0] for v in (value, view))
    return next(begins) - next(begins)
