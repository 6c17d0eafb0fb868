"""Tables as text: aligned, complete, and suitable for logs."""

import pytest

from yt8m import text_tables
from yt8m.text_tables import format_table, numbers, sentences, words

COLUMNS = [*words("folder"), *numbers("ready"), *sentences("why")]
ROWS = [
    ("results/models/[red]a", "12,345", "train: settings have changed"),
    ("é日本", "7", "nothing"),
]


def test_words_are_aligned_left_and_numbers_right():
    assert format_table(COLUMNS, ROWS) == (
        "folder                  ready  why\n"
        "results/models/[red]a  12,345  train: settings have changed\n"
        "é日本                       7  nothing\n"
    )


def test_a_table_without_titles_has_rows_only():
    assert (
        format_table([*words(""), *numbers("")], [("a", "1"), ("bb", "22")]) == "a    1\nbb  22\n"
    )


def test_columns_can_be_reused():
    assert format_table(COLUMNS, ROWS) == format_table(COLUMNS, ROWS)


@pytest.mark.parametrize("width", [1, 30, 45, 80])
def test_text_wraps_in_a_narrow_terminal_and_nothing_is_cut_off(width):
    text = format_table(COLUMNS, ROWS, width)
    for cell in ("results/models/[red]a", "12,345", "train:", "settings", "changed"):
        assert cell in text
    if width >= 45:
        assert max(map(len, text.splitlines())) <= width


def test_lines_are_limited_to_the_width_of_a_terminal_and_unlimited_in_a_log(monkeypatch):
    monkeypatch.setenv("COLUMNS", "45")
    assert "settings have changed" in format_table(COLUMNS, ROWS)
    monkeypatch.setattr(text_tables.sys.stdout, "isatty", lambda: True, raising=False)
    assert format_table(COLUMNS, ROWS) == format_table(COLUMNS, ROWS, 45)


def test_lines_are_unlimited_if_there_is_no_stdout(monkeypatch):
    monkeypatch.setenv("COLUMNS", "45")
    monkeypatch.setattr(text_tables.sys, "stdout", None)
    assert "settings have changed" in format_table(COLUMNS, ROWS)


def test_control_characters_are_escaped():
    text = format_table(words("name"), [("\x1b[31mred\r\nnext",)])
    assert text == "name\n\\x1b[31mred\\r\\nnext\n"
