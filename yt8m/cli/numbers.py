"""Option types for numbers: click's own accept NaN, which lies in every range, and infinity."""

import math

import click

from yt8m.errors import ConfigError
from yt8m.parts import Part


class _Finite(click.ParamType):
    def convert(self, value, param, ctx):
        """Fails with a usage error for what is no number, not finite or out of range."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


class Number(_Finite, click.types.FloatParamType):
    """A finite number."""


class NumberRange(_Finite, click.FloatRange):
    """A finite number in a range."""


class Numbers(click.ParamType):
    """A number from 0, such as 17, or a range with its last number, such as 10-19; the command gets
    the `range`.
    """

    name = "numbers"

    def convert(self, value, param, ctx):
        """Fails with a usage error for other texts, and for a range that ends before it begins."""
        if isinstance(value, range):
            return value
        first, _, last = value.partition("-")
        try:
            found = range(int(first), int(last or first) + 1)
        except ValueError:
            self.fail(
                f"{value!r}; expected a number such as 17 or a range such as 10-19", param, ctx
            )
        if not found:
            self.fail(
                f"{value!r} ends before it begins; expected a range such as 10-19", param, ctx
            )
        return found


class PartNumber(click.ParamType):
    """A part and the number of parts, such as 3/20; the command gets the `Part`."""

    name = "part"

    def convert(self, value, param, ctx):
        """Fails with a usage error for other texts, and for a part that there is not."""
        if isinstance(value, Part):
            return value
        number, _, of = value.partition("/")
        try:
            return Part(int(number), int(of))
        except ValueError:
            self.fail(
                f"{value!r}; expected a part, from 0, and their number, such as 3/20", param, ctx
            )
        except ConfigError as error:
            self.fail(str(error), param, ctx)
