"""Likely slips in how labels are written."""

import pytest

from tests.own_data.tables import table_of
from yt8m.own_data.label_hints import first_labels, label_hints

NAMES = ("beach", "boat", "cat", "dog")


@pytest.mark.parametrize("separator", ["|", ",", ", ", "/", " | "])
def test_another_separator_is_recognised_and_the_example_is_mended(separator):
    pairs = [f"{a}{separator}{b}" for a in NAMES for b in NAMES]
    (hint,) = label_hints(pairs)
    assert f"did you mean that instead of `{separator.strip()}`?" in hint
    assert f"Write 'beach;beach' instead of 'beach{separator}beach'" in hint
    assert hint.endswith("then the table has 4 labels, not 16")


@pytest.mark.parametrize(
    "names",
    [
        ["Food/Pizza", "Food/Pasta", "Sport/Tennis", "Sport/Golf"],  # no name is repeated elsewhere
        ["rock, pop", "jazz", "blues", "soul", "folk"],
        ["1", "2", "30"],
        NAMES,
    ],
)
def test_names_that_contain_such_characters_are_fine(names):
    assert list(label_hints(names)) == []


def test_a_name_that_joins_others_is_recognised_though_most_names_are_fine():
    (hint,) = label_hints(["ball", "ball, clicks", "clicks", *NAMES])
    assert hint == (
        "labels are separated by `;`: did you mean 'ball;clicks' instead of the one label 'ball, "
        "clicks'?"
    )
    (hint,) = label_hints(["ball, cat", "cat|ball|dog", "ball", *NAMES])
    assert "'ball;cat' instead" in hint and hint.endswith("? (2 such labels)")


def test_names_that_differ_only_in_case_or_blanks_are_named():
    (hint,) = label_hints(["Beach", "beach", "ice  cream", "Ice cream", "cat", "1", "01"])
    assert hint.endswith(
        "only in case or blanks: 'Beach' and 'beach', 'Ice cream' and 'ice  cream'"
    )
    (hint,) = label_hints([name for n in range(5) for name in (f"A{n}", f"a{n}")])
    assert hint.endswith("'A2' and 'a2', and 2 more pairs")


def test_the_first_labels_are_shown_with_their_numbers_of_videos():
    table = table_of(["eel;cat", "dog", "", "cat", "cat;bee"])
    assert first_labels(table.labels) == "'bee' (1), 'cat' (3), 'dog' (1), ..."
