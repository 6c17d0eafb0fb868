"""The choice of the best candidates, and its file."""

import json

import pytest

from yt8m.choosing.choice import Candidate, Choice, ranked, read_choice, write_choice
from yt8m.errors import ArtefactError


def candidates(**values) -> list[Candidate]:
    return [Candidate(name, value, f"digest of {name}") for name, value in values.items()]


def names(found) -> list[str]:
    return [candidate.name for candidate in found]


def choice(by="gap", count=2, **values) -> Choice:
    found = tuple(ranked(candidates(**values), by))
    return Choice("final", by, "validate", "r" * 64, 20, count, found)


def test_the_highest_metric_comes_first_but_the_lowest_loss():
    given = candidates(low=0.1, high=0.9, middle=0.5)
    for by in ("gap", "map", "perr", "hit_at_one"):
        assert names(ranked(given, by)) == ["high", "middle", "low"]
    assert names(ranked(given, "loss")) == ["low", "middle", "high"]


@pytest.mark.parametrize("by", ["gap", "loss"])
def test_equal_candidates_are_in_the_order_of_their_names_however_they_are_given(by):
    given = candidates(c=0.5, a=0.5, b=0.5)
    assert names(ranked(given, by)) == names(ranked(given[::-1], by)) == ["a", "b", "c"]


def test_the_first_candidates_are_the_members():
    assert choice(a=0.1, b=0.3, c=0.2).members == ["b", "c"]
    assert choice(by="loss", count=1, a=0.1, b=0.3, c=0.2).members == ["a"]


def test_a_choice_is_read_as_it_was_written(tmp_path):
    made = choice(a=0.1, b=0.3, c=0.2)
    write_choice(tmp_path / "choice.json", made)
    assert read_choice(tmp_path / "choice.json", "final") == made
    before = (tmp_path / "choice.json").read_bytes()
    write_choice(tmp_path / "choice.json", choice(c=0.2, b=0.3, a=0.1))
    assert (tmp_path / "choice.json").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ensemble": "teacher"}, "is the choice for teacher, not for final"),
        ({"by": "size"}, "by: is 'size'; expected 'gap' or"),
        ({"count": 4}, "fewer candidates than members"),
        ({"count": 0}, "count: is 0; expected"),
        ({"candidates": [{"name": "a"}]}, r"candidates\[0\].value: is missing"),
        (
            {"candidates": [{"name": "a", "value": 1, "weights": ""}] * 2},
            "or the same one twice",
        ),
        ({"by": "loss"}, "not in the order of their loss"),
    ],
)
def test_anything_else_is_refused(tmp_path, change, says):
    path = tmp_path / "choice.json"
    write_choice(path, choice(a=0.1, b=0.3, c=0.2))
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ArtefactError, match=says):
        read_choice(path, "final")
