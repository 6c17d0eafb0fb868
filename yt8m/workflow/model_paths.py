"""The paths of models in a run's results."""

from collections.abc import Mapping
from dataclasses import dataclass

from yt8m.artefacts import CONFIG, HISTORY, SIZES, WEIGHTS


@dataclass(frozen=True)
class ModelPaths:
    """root: the folder of results."""

    root: str

    @property
    def models(self) -> str:
        """The folder of all models."""
        return f"{self.root}/models"

    def model(self, model: str) -> str:
        """The folder of a model."""
        return f"{self.models}/{model}"

    def stage(self, model: str, stage: str) -> str:
        """The folder of a model's weights at one of `layout.STAGES`."""
        return f"{self.model(model)}/{stage}"

    def config(self, model: str, part: str = "") -> str:
        """A model's settings. part: `<stage>/` for those that the weights of a stage depend on."""
        return f"{self.model(model)}/{part}{CONFIG}"

    def weights(self, model: str, stage: str) -> str:
        """A model's weights at a stage."""
        return f"{self.stage(model, stage)}/{WEIGHTS}"

    def fitted(self, model: str, stage: str) -> dict[str, str]:
        """The outputs of training at one of the stages in `layout.FITTED`."""
        folder = self.stage(model, stage)
        return {"weights": f"{folder}/{WEIGHTS}", "history": f"{folder}/{HISTORY}"}

    def quantised(self, model: str) -> dict[str, str]:
        """A model's quantised weights, and the sizes of its variables."""
        return stored_files(self.stage(model, "quantised"))


def stored_files(folder: str) -> Mapping[str, str]:
    """Weights that are stored in fewer bytes, and the sizes of their variables."""
    return {"weights": f"{folder}/{WEIGHTS}", "sizes": f"{folder}/{SIZES}"}
