"""Records that are odd but legal, doubtful, or damaged: bytes by name."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tests.data.samples import make_video
from tests.reference.protos import bytes_of, floats_of, frame_record, ints_of
from yt8m.data.wire import delimited

Change = Callable[[dict, dict], None]
"""Changes the context and the feature lists of a good record."""


def record(change: Change = lambda context, lists: None, seed: int = 1) -> bytes:
    """A record of SMALL with 4 frames, changed."""
    message = frame_record(f"v{seed}", [seed], make_video(seed).features)
    change(message.context.feature, message.feature_lists.feature_list)
    return message.SerializeToString()


def more(name: str, steps: list[tf.train.Feature]) -> Change:
    """A record with a further list."""
    return lambda context, lists: lists[name].feature.extend(steps)


def also(name: str, feature: tf.train.Feature) -> Change:
    """A record with a further feature in the context, or one replaced."""
    return lambda context, lists: context[name].CopyFrom(feature)


def id_of(text: bytes) -> Change:
    return lambda context, lists: context["id"].CopyFrom(bytes_of(text))


def entry(name: bytes, value: bytes) -> bytes:
    return delimited(1, delimited(1, delimited(1, name), delimited(2, value)))


LEGAL = {
    "as usual": record(),
    "a list of numbers": record(more("times", [ints_of([j]) for j in range(4)])),
    "a list of texts of any length": record(more("text", [bytes_of(b"x" * j) for j in range(4)])),
    "a list of one text": record(more("shots", [bytes_of(b"x")])),
    "a list of several texts a step": record(
        more("words", [tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a", b"b"]))] * 4)
    ),
    "a list of floats": record(more("loudness", [floats_of([0.5])] * 4)),
    "a list without steps": record(more("empty", [])),
    "a list of empty steps": record(more("nothing", [tf.train.Feature()] * 4)),
    "a longer list of bytes": record(more("wave", [bytes_of(b"12345")] * 9)),
    "floats called mean": record(also("mean_volume", floats_of([0.25]))),
    "text called mean": record(also("mean_words", bytes_of(b"x"))),
    "fields that nobody knows": record() + delimited(9, b"?"),
    "no labels at all": record(also("labels", ints_of([]))),
    "an id of other letters": record(id_of("größe 日本".encode())),
    "an id with a space": record(id_of(b"a 1 0.9")),
    "labels twice in a row": record(also("labels", ints_of([3, 3, 1]))),
    "the last of two ids counts": record() + entry(b"id", bytes_of(b"b").SerializeToString()),
}
SUSPECT = {
    "an empty id": record(id_of(b"")),
    "a comma in the id": record(id_of(b"a,b")),
    "a quote in the id": record(id_of(b'a"b')),
    "a line end in the id": record(id_of(b"a\nb")),
    "a return in the id": record(id_of(b"a\rb")),
    "a NUL in the id": record(id_of(b"a\0b")),
    "an escape in the id": record(id_of(b"\x1b[2J")),
    "an id that turns the writing": record(id_of("a\u202eb".encode())),
    "an id that is not valid UTF-8": record(id_of(b"a\xffb")),
    "labels missing": record(lambda context, lists: context.pop("labels")),
    "labels misspelt": record(lambda context, lists: context.pop("labels"))
    + entry(b"label3", ints_of([1]).SerializeToString()),
    "labels without a kind": record(also("labels", tf.train.Feature())),
    "labels under another number": record() + entry(b"labels", delimited(7, b"\x0a\x01\x01")),
    "a label under another number": record() + entry(b"labels", delimited(3, b"\x10\x01")),
}
PROBABILITIES = {
    "predictions above 1": record(also("predictions", floats_of([0.5] * 9 + [1.5]))),
    "predictions below 0": record(also("predictions", floats_of([0.5] * 9 + [-0.5]))),
}
DAMAGED = {
    "no message": b"\x6cnonsense",
    "nothing": b"",
    "no id": record(lambda context, lists: context.pop("id")),
    "a number for an id": record(also("id", ints_of([1]))),
    "labels in words": record(also("labels", bytes_of(b"food"))),
    "labels as floats": record(also("labels", floats_of([1.0]))),
    "a label too high": record(also("labels", ints_of([10]))),
    "a label below 0": record(also("labels", ints_of([-1]))),
    "rgb missing": record(lambda context, lists: lists.pop("rgb")),
    "audio shorter": record(lambda context, lists: lists["audio"].feature.pop()),
    "a frame cut": record(lambda c, lists: lists["rgb"].feature[2].CopyFrom(bytes_of(b"abc"))),
    "predictions of other classes": record(also("predictions", floats_of([0.5] * 9))),
    "predictions that are no numbers": record(also("predictions", floats_of([np.nan] * 10))),
    "cut off": record()[:-3],
}
