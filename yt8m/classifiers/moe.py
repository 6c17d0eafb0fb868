"""Mixture of experts: the classifier of the winning models."""

from dataclasses import asdict, dataclass, field

from yt8m.errors import ConfigError

GATINGS = ("none", "probabilities", "activations")


@dataclass(frozen=True)
class Recipe:
    """Settings of `yt8m.layers.experts.MixtureOfExperts`.

    mixtures: experts a class, besides the dummy that predicts 0.
    l2: weight of the penalty l2 * sum(w^2) / 2 on the classifier's kernels.
    low_rank: rank of the gates' kernel; 0 means full rank.
    gating: context gating of the probabilities, fed by "probabilities" or "activations".
    remove_diagonal: no probability takes part in its own gate.
    """

    mixtures: int = 2
    l2: float = 1e-6
    low_rank: int = 0
    gating: str = field(default="none", metadata={"choices": GATINGS})
    remove_diagonal: bool = False

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if not 1 <= self.mixtures <= 4096:
            raise ConfigError(
                f"{where}.mixtures: is {self.mixtures}; a mixture needs 1 or more, up to 4096."
            )
        if not 0 <= self.l2 <= 1e30:
            raise ConfigError(f"{where}.l2: is {self.l2}; a penalty needs 0 or more, up to 1e30.")
        if self.low_rank < 0:
            raise ConfigError(f"{where}.low_rank: is {self.low_rank}; use 0 for full rank.")
        if self.gating not in GATINGS:
            raise ConfigError(f"{where}.gating: is {self.gating!r}; use one of {GATINGS}.")
        if self.remove_diagonal and self.gating != "probabilities":
            raise ConfigError(
                f"{where}.remove_diagonal: is true; only `gating: probabilities` has a diagonal."
            )

    def build(self, features, classes: int):
        """features: symbolic float [B, inputs]; -> predictions [B, classes] in [0, 1]."""
        from yt8m.layers.experts import MixtureOfExperts

        return MixtureOfExperts(classes, **asdict(self), name="classifier")(features)
