"""Any network in ONNX, run by onnxruntime."""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.extractors.onnx_calls import OnnxNetwork
from yt8m.paths import FilePath
from yt8m.strict import settings

WHERE = "images"


@settings
class Recipe:
    """A network in a file of ONNX, with one input and a vector for each picture."""

    model: FilePath = Field(description="file of the network (`.onnx`), with its weights inside")
    size: prepare.Size = Field(description=prepare.SIZE)
    resolution: tuple[prepare.Side, prepare.Side] = Field(description=prepare.RESOLUTION)
    layout: Literal["nchw", "nhwc"] = Field(
        "nchw", description="order of the input's axes: nchw as PyTorch's, nhwc as TensorFlow's"
    )
    mean: prepare.Channels = Field(prepare.IMAGENET_MEAN, description=prepare.MEAN)
    deviation: prepare.Channels = Field(prepare.IMAGENET_DEVIATION, description=prepare.DEVIATION)
    output: str = Field("", description="name of the output; by default the first")

    def problems(self) -> Iterator[tuple[str, str]]:
        """A deviation of 0 would divide by zero."""
        yield from prepare.scaling_problems(self.deviation)

    def files(self) -> list[str]:
        """The file of the network."""
        return [self.model]

    def digest(self) -> str:
        """Digest of the network and the settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, *resolution, 3] -> float32 [n, size]."""
        network = OnnxNetwork(self.model, self.output, threads, WHERE)

        def run(pictures: np.ndarray) -> np.ndarray:
            values = pictures
            if network.takes_floats:
                values = prepare.scaled(pictures, self.mean, self.deviation)
            if self.layout == "nchw":
                values = values.transpose(0, 3, 1, 2)
            return prepare.vectors(network(values), len(pictures), self.size, WHERE)

        return run
