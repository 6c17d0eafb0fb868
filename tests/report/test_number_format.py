import pytest

from yt8m.report.number_format import listed, percent, several, signed, size

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "value, expected",
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_600, "1.00 MB"),
    ],
)
def test_bytes_have_three_digits(value, expected):
    assert size(value) == expected.replace(" ", SPACE)


@pytest.mark.parametrize(
    "value, expected",
    [(0.0041, "+0.0041"), (-0.0041, "−0.0041"), (0.00004, "±0.0000"), (-0.0, "±0.0000")],
)
def test_differences_have_a_sign_unless_they_round_to_nothing(value, expected):
    assert signed(value) == expected


def test_percentages_counts_and_lists_are_formatted():
    assert [percent(p) for p in (0.004, 0.12, 0.9921, 1.033)] == [
        f"{text}{SPACE}%" for text in ("0.4", "12", "99.2", "103.3")
    ]
    assert several(1, "class") == f"1{SPACE}class"
    assert several(1200, "class") == f"1,200{SPACE}classes"
    assert [listed(list(w)) for w in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
