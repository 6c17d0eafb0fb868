"""Text from files is made safe for terminals."""

import pytest

from yt8m.printable import counted, error_line, listed, printable, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, größer, 日本語, ✓", "plain, größer, 日本語, ✓"),
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("a\tb\rc\x00d\x7fe\x85f\x9bg", r"a\tb\rc\x00d\x7fe\x85f\x9bg"),
        ("\u202eright to left\u2066", r"\u202eright to left\u2066"),
        ("\udcff", r"\udcff"),
        ("\u2028", r"\u2028"),
    ],
)
def test_control_characters_are_escaped(text, shown):
    assert printable(text) == shown
    printable(text).encode()


def test_an_error_of_a_library_is_shown_in_one_line():
    assert error_line(ValueError("two\n lines, \x1b[2J")) == r"ValueError: two lines, \x1b[2J"
    assert len(error_line(ValueError("x" * 10**6))) < 300


def test_long_values_are_truncated_to_one_line():
    assert shortened("a\nb") == "'a\\nb'"
    assert len(shortened("x" * 10**6)) < 80
    assert len(shortened([["x" * 100] * 100] * 100)) < 10_000


def test_only_some_of_many_names_are_listed():
    assert listed([]) == "none"
    assert listed({"b", "a"}) == "a, b"
    assert listed([f"{i:02}" for i in range(12)]).endswith("08, 09, and 2 more")
    assert listed(["x" * 100, "a\x1b\nb"]) == "a\\x1b\\nb, " + "x" * 57 + "..."


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(1, "file", "1 file"), (0, "file", "0 files"), (3844, "class", "3,844 classes")],
)
def test_a_noun_has_the_form_that_its_number_asks_for(number, noun, text):
    assert counted(number, noun) == text
