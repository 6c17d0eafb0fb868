"""A `tf.train.SequenceExample` of floats: a feature list with a frame per entry.

MediaPipe writes one message per file (.pb), with lists `RGB/feature/floats` and
`AUDIO/feature/floats`; a TFRecord file (.tfrecord) must hold exactly one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np

from yt8m.data.features import read_floats, read_record
from yt8m.data.tfrecord import read_records
from yt8m.data.wire import LENGTH_DELIMITED, WireError, fields
from yt8m.files import map_file
from yt8m.own_data.formats.array import Array, Unsuitable, named

_MEDIAPIPE = "{}/feature/floats"


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The named feature list; without a name the feature's, or MediaPipe's of that prefix."""
    _, lists = read_record(_message(path))
    prefixed = _MEDIAPIPE.format(feature.upper())
    name = inside or (prefixed if prefixed in lists and feature not in lists else "")
    name = named(name, feature, list(lists), "feature lists")
    frames = [v for n, kind, v in fields(lists[name]) if (n, kind) == (1, LENGTH_DELIMITED)]
    width = len(read_floats(frames[0], f"{name}, frame 0")) if frames else 0

    def read(rows: int) -> np.ndarray:
        values = np.empty((rows, width), np.float32)
        for number, (row, frame) in enumerate(zip(values, frames, strict=False)):
            found = read_floats(frame, f"{name}, frame {number}")
            if len(found) != width:
                raise Unsuitable(
                    f"has frames of different lengths in {name!r}: frame 0 has {width} values, "
                    f"frame {number} has {len(found)}"
                )
            row[:] = found
        return values

    yield Array((len(frames), width), np.dtype(np.float32), read)


def _message(path: str) -> memoryview:
    if Path(path).suffix.lower() == ".pb":
        if not len(message := map_file(path)):
            raise WireError("the message has no fields")
        return message
    payloads = list(islice(read_records(path), 2))
    if len(payloads) != 1:
        found = "several records" if payloads else "no record"
        raise Unsuitable(f"holds {found}; expected the one of this video")
    return memoryview(payloads[0])
