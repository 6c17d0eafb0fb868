"""Text files written by people."""

import pytest

from yt8m.errors import ConfigError
from yt8m.files import read_text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf_8_is_read_with_or_without_a_byte_order_mark_and_line_ends_are_kept(tmp_path, mark):
    (tmp_path / "t").write_bytes(mark + "é\r\nb\n".encode())
    assert read_text(tmp_path / "t") == "é\r\nb\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("é".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("é".encode("utf-32"), "is UTF-32; save it as UTF-8"),
        ("a\né".encode("latin-1"), "line 2: byte 0xe9 is not valid UTF-8"),
        ("a\nb".encode("utf-16-be"), "line 1: contains NUL bytes"),
    ],
)
def test_other_encodings_are_named(tmp_path, content, message):
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_text(tmp_path / "t")
