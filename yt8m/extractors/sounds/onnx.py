"""Any network of sound in ONNX, run by onnxruntime."""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.extractors.mel import RATE, seconds_of
from yt8m.extractors.onnx_calls import OnnxNetwork
from yt8m.paths import FilePath
from yt8m.strict import settings

WHERE = "sound"


@settings
class Recipe:
    """A network in a file of ONNX that takes samples, 16,000 a second, between -1 and 1.

    It gets the start of each second: [n, samples] if its input has two axes, else [samples], one
    second at a time. It returns a vector for each second, or several, whose mean is taken.
    """

    model: FilePath = Field(description="file of the network (`.onnx`), with its weights inside")
    size: prepare.Size = Field(description=prepare.SIZE)
    samples: Annotated[int, Field(ge=1, le=RATE)] = Field(
        RATE, description="samples from the start of each second that it gets"
    )
    output: str = Field("", description="name of the output; by default the first")

    def files(self) -> list[str]:
        """The file of the network."""
        return [self.model]

    def digest(self) -> str:
        """Digest of the network and the settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function: (float32 [samples], T) -> float32 [T, size]."""
        network = OnnxNetwork(self.model, self.output, threads, WHERE)
        takes_many = len(network.shape) == 2

        def run(sound: np.ndarray, seconds: int) -> np.ndarray:
            cut = seconds_of(sound, seconds)[:, : self.samples]
            found = (network(second[None] if takes_many else second) for second in cut)
            rows = [f.reshape(-1, f.shape[-1]).mean(axis=0) for f in found]
            return prepare.vectors(np.stack(rows), seconds, self.size, WHERE)

        return run
