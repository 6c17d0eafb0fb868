"""The wire format, compared with values in the documentation of protocol buffers."""

import pytest

from yt8m.data.wire import WireError, delimited, fields, read_varint, signed, varint


def test_150_is_encoded_as_in_the_documentation():
    assert varint(150) == b"\x96\x01"


def test_a_negative_integer_takes_ten_bytes():
    assert varint(-1) == b"\xff" * 9 + b"\x01"


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**32, 2**63 - 1, -1, -(2**63)])
def test_integers_survive_the_round_trip(value):
    data = memoryview(varint(value) + b"rest")
    number, position = read_varint(data, 0)
    assert signed(number) == value
    assert bytes(data[position:]) == b"rest"


def test_fields_of_every_wire_type_are_found():
    message = b"\x08\x96\x01" + b"\x11" + b"8bytes.." + delimited(3, b"te", b"xt") + b"\x25four"
    found = [(n, t, v if t == 0 else bytes(v)) for n, t, v in fields(memoryview(message))]
    assert found == [(1, 0, 150), (2, 1, b"8bytes.."), (3, 2, b"text"), (4, 5, b"four")]


def test_long_tags_and_lengths_are_read():
    found = list(fields(memoryview(delimited(1000, b"x" * 500))))
    assert found == [(1000, 2, b"x" * 500)]


@pytest.mark.parametrize(
    "message",
    [b"\x08", b"\x08\x96", b"\x0a", b"\x0a\x05abcd", b"\x11short", b"\x25abc", b"\x0b", b"\x80"],
)
def test_a_message_truncated_anywhere_is_refused(message):
    with pytest.raises(WireError):
        list(fields(memoryview(message)))


def test_a_varint_that_never_ends_is_refused():
    with pytest.raises(WireError, match="64 bits"):
        read_varint(memoryview(b"\xff" * 12), 0)
