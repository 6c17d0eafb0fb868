"""Logistic regression, one a class."""

from dataclasses import dataclass

from yt8m.errors import ConfigError


@dataclass(frozen=True)
class Recipe:
    """Settings of `yt8m.layers.experts.Logistic`.

    l2: weight of the penalty l2 * sum(w^2) / 2 on the kernel.
    """

    l2: float = 1e-8

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if not 0 <= self.l2 <= 1e30:
            raise ConfigError(f"{where}.l2: is {self.l2}; a penalty needs 0 or more, up to 1e30.")

    def build(self, features, classes: int):
        """features: symbolic float [B, inputs]; -> predictions [B, classes] in [0, 1]."""
        from yt8m.layers.experts import Logistic

        return Logistic(classes, self.l2, name="classifier")(features)
