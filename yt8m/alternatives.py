"""Settings of which at most one is given, such as a duration in steps, in epochs or as a share.

    @settings
    class Averaging:
        ALTERNATIVES: ClassVar = (MEMORY,)

        memory_steps: float | None = Field(None, ...)
        memory_share: float | None = Field(None, ...)

Each is None unless it is given. Who reads them says what holds if none is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yt8m.errors import ConfigError


@dataclass(frozen=True)
class Alternatives:
    """Names of settings of one class."""

    words: tuple[str, ...]

    def chosen(self, settings: Any, default: tuple[str, float]) -> tuple[str, float]:
        """The name and value of the one that is given. Raises ConfigError if several are.

        default: what holds if none is.
        """
        for word, text in self.problems(settings):
            raise ConfigError(f"{word}: {text}")
        return next(iter(self._given(vars(settings)).items()), default)

    def problems(self, settings: Any) -> Iterator[tuple[str, str]]:
        """The name of each that is given besides another, and a text that names the other."""
        first, *others = self._given({w: getattr(settings, w) for w in self.words}) or [""]
        for word in others:
            text = (
                f"is given together with {first}; give one of the two (null takes back what "
                "another file gives)"
            )
            yield word, text

    def without_rivals(self, defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        """`defaults` without any of these settings, if `own` gives one of them."""
        left_out = self.words if self._given(own) else ()
        return {word: value for word, value in defaults.items() if word not in left_out}

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {word: values[word] for word in self.words if values.get(word) is not None}


def alternatives_of(cls: type | None) -> tuple[Alternatives, ...]:
    """The groups of alternatives among the settings of a class."""
    return getattr(cls, "ALTERNATIVES", ())


def problems_of(settings: Any) -> Iterator[tuple[str, str]]:
    """Every setting that is given besides an alternative of it, and a text; for `problems()`."""
    for group in alternatives_of(type(settings)):
        yield from group.problems(settings)
