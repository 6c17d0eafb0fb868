"""Ids that are safe in a submission, and the treatment of others."""

import csv
import io

import pytest

from yt8m.cli import main
from yt8m.data.ids import unsafe_reason
from yt8m.errors import ArtefactError
from yt8m.outputs.submission import UNSAFE_IDS, escaped, refuse_unsafe_ids

FINE = [
    "000a",
    "v B",
    " v",
    "é",
    "日本",
    "a;b",
    "a'b",
    "-abc",
    "-_w-9",
    "+ab/c",
    "a=b",
    "a@b",
    "--",
    "-",
]

ODD = {
    "": ("is empty", ""),
    "b, part 2": ("comma", '"b, part 2"'),
    'say "v"': ("quote", '"say ""v"""'),
    "a\nb": ("line break", "a\\nb"),
    "a\r": ("line break", "a\\r"),
    "a\0b": ("control", "a\\x00b"),
    "\x1b[31m": ("control", "\\x1b[31m"),
    "a\u2028b": ("line break", "a\\u2028b"),
    "\t=1": ("control", "'\\t=1"),
    "=1+1": ("formula", "'=1+1"),
    "=": ("formula", "'="),
    "@SUM(A1)": ("formula", "'@SUM(A1)"),
    "+1(2)": ("formula", "'+1(2)"),
    "-2+3+cmd|' /C calc'!A0": ("formula", "'-2+3+cmd|' /C calc'!A0"),
    '=HYPERLINK("http://x","y")': ("comma or a quote", '"\'=HYPERLINK(""http://x"",""y"")"'),
    "＝1": ("formula", "'＝1"),
}  # fmt: skip


@pytest.mark.parametrize("id", FINE)
def test_usual_ids_are_safe(id):
    assert unsafe_reason(id) is None
    refuse_unsafe_ids([id], "x")


@pytest.mark.parametrize("id", ODD)
def test_an_unsafe_id_has_a_reason_and_is_escaped_as_one_field_of_one_line(id):
    why, field = ODD[id]
    assert why in unsafe_reason(id)
    assert escaped(id) == (field or '""')
    ((read, pairs),) = csv.reader(io.StringIO(f"{escaped(id)},3 0.5\n"))
    assert pairs == "3 0.5" and "\n" not in escaped(id)
    assert read.lstrip("'") == id or "\\" in read
    assert not read or read[0] not in "=+-@\t"


def test_the_message_has_the_number_of_unsafe_ids_the_first_and_a_remedy():
    with pytest.raises(ArtefactError) as error:
        refuse_unsafe_ids(["a", "b,c", "d", "=e"], "p.parquet")
    assert str(error.value) == (
        "p.parquet: 2 of 4 ids are unsafe in a CSV: 'b,c' contains a comma or a quote; write "
        "Parquet, or use --unsafe-ids leave-out or --unsafe-ids escape"
    )


@pytest.mark.parametrize("command", ["predict", "submit"])
def test_the_command_line_offers_all_choices(command):
    (option,) = [p for p in main.get_command(None, command).params if p.name == "unsafe_ids"]
    assert tuple(option.type.choices) == UNSAFE_IDS
