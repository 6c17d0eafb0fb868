"""Detection of the schema of unknown records: layout, features and their sizes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from yt8m.data.examples import MEAN
from yt8m.data.features import FeatureError, read_floats, read_record
from yt8m.data.frame_lists import frame_sizes
from yt8m.data.schema import Schema
from yt8m.data.wire import WireError
from yt8m.errors import RecordError

FIRST_RECORDS = 50
"""Number of records from which the schema is inferred."""

USUAL = ("rgb", "audio")
"""Features of YouTube-8M: lists of the same length are features too."""

_ANY = 1 << 31


def detect_schema(payloads: Iterable[tuple[memoryview, str]]) -> Schema:
    """The layout and features that most of the first records have.

    payloads: records, each with its location for messages. A feature is whatever looks like one in
    more than half of the records: a list of frames as long as the others, or `mean_...` floats.
    Other lists are ignored. The schema accepts any number of frames, and any label unless the
    records hold predictions. Raises RecordError if no record can be read, or if they have no
    feature in common.
    """
    damages: list[str] = []
    found: list[Schema] = []
    for payload, where in islice(payloads, FIRST_RECORDS):
        try:
            found.append(_schema_of(payload, where))
        except RecordError as error:
            damages.append(str(error))
    if not found:
        raise RecordError(damages[0] if damages else "no records to inspect.")
    return _most_agree_on(found)


def _most_agree_on(found: list[Schema]) -> Schema:
    layout = Counter(one.layout for one in found).most_common(1)[0][0]
    alike = [one for one in found if one.layout == layout]
    votes = Counter(feature for one in alike for feature in one.features.items())
    features = {name: size for (name, size), count in votes.items() if 2 * count > len(alike)}
    if not features:
        raise RecordError("the first records have no feature in common; specify their schema.")
    classes = Counter(one.classes for one in alike).most_common(1)[0][0]
    return Schema(features, classes, max_frames=_ANY, layout=layout)


def _schema_of(payload: memoryview, where: str) -> Schema:
    try:
        context, lists = read_record(payload)
        classes = len(_floats(context, "predictions")) or _ANY
    except WireError as error:
        raise RecordError(f"{where}: {error}") from None
    means = {n.removeprefix(MEAN): len(_floats(context, n)) for n in context if n.startswith(MEAN)}
    means = {name: size for name, size in means.items() if size}
    frames = _frames(lists)
    if not frames and not means:
        kind = ""
        if "probabilities" in context:
            kind = " It is a soft label; check it with `yt8m records manifest --soft-labels-of`."
        raise RecordError(f"{where}: has neither lists of frames nor `{MEAN}...` floats.{kind}")
    return Schema(frames or means, classes, _ANY, "frame" if frames else "video")


def _frames(lists: Mapping[str, memoryview]) -> dict[str, int]:
    """The lists that hold the video's frames, with their sizes: those with usual names and all
    others of the same length; if there are none, the longest ones.
    """
    found = {name: sizes for name, view in lists.items() if (sizes := frame_sizes(view))}
    usual = [count for name, (count, _) in found.items() if name in USUAL]
    length = max(usual or (count for count, _ in found.values()), default=0)
    return {name: size for name, (count, size) in found.items() if count == length}


def _floats(context: Mapping[str, memoryview], name: str) -> Iterable[float]:
    """The floats of that name; empty if it holds something else."""
    try:
        return read_floats(context.get(name, memoryview(b"")), name)
    except (FeatureError, WireError):
        return ()
