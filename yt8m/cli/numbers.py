"""Option types for numbers: click's own accept NaN, which lies in every range, and infinity."""

import math

import click


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
