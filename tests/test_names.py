"""Names that become parts of file names."""

import pytest

from yt8m.names import not_a_name


@pytest.mark.parametrize("name", ["a", "train_2", "A" * 100])
def test_letters_digits_and_underscores_are_valid(name):
    assert list(not_a_name(name)) == []


@pytest.mark.parametrize("name", ["", "2a", "a-b", "a/b", "a.b", "é", "a\n", " a"])
def test_other_characters_are_not(name):
    assert list(not_a_name(name)) == [
        "is not a valid name; expected a letter, then letters, digits and _"
    ]


def test_long_names_are_not_valid():
    assert list(not_a_name("a" * 101)) == ["has 101 characters; at most 100"]
