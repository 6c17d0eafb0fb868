"""Settings of which at most one is given."""

from typing import ClassVar

import pytest
from pydantic import Field

from yt8m.alternatives import Alternatives, alternatives_of, problems_of
from yt8m.errors import ConfigError
from yt8m.strict import attempt, settings

LENGTH = Alternatives(("metres", "feet"))


@settings
class Ruler:
    """A ruler."""

    ALTERNATIVES: ClassVar = (LENGTH,)

    metres: float | None = Field(None)
    feet: float | None = Field(None)
    colour: str = Field("red")

    def problems(self):
        yield from problems_of(self)


def test_the_one_that_is_given_holds_and_otherwise_the_default():
    assert LENGTH.chosen(Ruler(feet=3.0), ("metres", 1.0)) == ("feet", 3.0)
    assert LENGTH.chosen(Ruler(metres=0.0), ("feet", 1.0)) == ("metres", 0.0)
    assert LENGTH.chosen(Ruler(), ("metres", 1.0)) == ("metres", 1.0)


def test_two_of_them_are_a_mistake_that_names_both():
    _, (mistake,) = attempt(Ruler, {"feet": 3, "metres": 1})
    assert mistake.line().startswith("feet: is given together with metres; give one of the two")
    assert not attempt(Ruler, {"feet": 3, "metres": None})[1]
    with pytest.raises(ConfigError, match=r"^feet: is given together with metres"):
        LENGTH.chosen(Ruler(feet=3.0, metres=1.0), ("metres", 1.0))


def test_a_given_one_discards_the_others_among_defaults_but_no_other_setting():
    defaults = {"metres": 1.0, "colour": "blue"}
    assert LENGTH.without_rivals(defaults, {"feet": 3.0}) == {"colour": "blue"}
    assert LENGTH.without_rivals(defaults, {"feet": None}) == defaults
    assert LENGTH.without_rivals(defaults, {"colour": "red"}) == defaults


def test_other_classes_have_none():
    assert alternatives_of(dict) == alternatives_of(None) == ()
