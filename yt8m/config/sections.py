"""Which settings class reads which section of a config, for its documentation and schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from yt8m.config.experiment import Top
from yt8m.config.model import OWN_WORDS, ModelConfig
from yt8m.config.steps import Quantisation
from yt8m.config.training import Averaging, Training
from yt8m.config.variants import Variants
from yt8m.recipes import Family, kinds, recipe_class
from yt8m.strict import fields_of, hints_of, settings, settings_inside


@settings
class Config(Top):
    """A whole config as written. `training`, `ema` and `quantise` are defaults for all models."""

    training: Training = Field(default_factory=Training, description="how models are trained")
    ema: Averaging = Field(default_factory=Averaging, description="how weights are averaged")
    quantise: Quantisation = Field(default_factory=Quantisation, description="how they are stored")
    models: Mapping[str, ModelConfig] = Field(description="name -> a recipe and its settings")
    variants: Variants | tuple[Variants, ...] = Field(
        (), description="models like one of `models`, but with other settings; one or a list"
    )


@dataclass(frozen=True)
class Section:
    """A mapping in a config.

    word: its dotted path, with <name> for names.
    kind: of a recipe.
    default: what the section holds if it is left out; None if it is required.
    """

    word: str
    cls: type
    kind: str = ""
    default: Any = None

    def fields(self) -> dict[str, Any]:
        """Key -> pydantic's `FieldInfo`, of the settings in this section."""
        found = fields_of(self.cls)
        if self.cls is ModelConfig:
            return {word: info for word, info in found.items() if word in OWN_WORDS}
        return found

    def default_of(self, word: str) -> Any:
        """The value of a setting that is left out. Raises LookupError if it is required."""
        if self.default is not None:
            return getattr(self.default, word)
        info = fields_of(self.cls)[word]
        if info.is_required():
            raise LookupError(word)
        return info.get_default(call_default_factory=True)


def sections() -> list[Section]:
    """All sections of a config: the top, those inside it, and each kind of each family once."""
    families: list[tuple[str, str]] = []
    found = list(_below(Section("(top)", Config), families))
    for word, package in families:  # `found` grows during the loop
        for kind in kinds(package):
            found += _below(Section(word, recipe_class(package, kind, kind), kind), families)
    return found


def _below(section: Section, families: list[tuple[str, str]]) -> Iterator[Section]:
    """A section and those inside it. families: receives path and package of each recipe."""
    yield section
    hints = hints_of(section.cls)
    prefix = "" if section.cls is Config else f"{section.word}."
    for word, info in fields_of(section.cls).items():
        cls, by_name = settings_inside(hints[word])
        if isinstance(info.json_schema_extra, Family):
            place = section.word if section.cls is ModelConfig else f"{prefix}{word}"
            place += ".<name>" if info.json_schema_extra.by_name else ""
            if info.json_schema_extra.package not in dict(map(reversed, families)):
                families.append((place, info.json_schema_extra.package))
        elif cls and section.cls is not ModelConfig:
            inside = f"{prefix}{word}{'.<name>' if by_name else ''}"
            default = None if info.is_required() or by_name else section.default_of(word)
            default = default if isinstance(default, cls) else None
            yield from _below(Section(inside, cls, default=default), families)
