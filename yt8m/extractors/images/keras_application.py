"""Any network of `keras.applications`, whose weights are given."""

import inspect
import warnings
from collections.abc import Callable

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError, ConfigError
from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.mistakes import suggestion
from yt8m.paths import FilePath
from yt8m.printable import error_line
from yt8m.strict import settings

WHERE = "images"


@settings
class Recipe:
    """Means of a network's last feature maps, without its classifier."""

    name: str = Field(description="name in `keras.applications`, such as ResNet50V2")
    weights: FilePath = Field(
        description="file of the weights without the top (`.weights.h5`, or `..._notop.h5`)"
    )
    size: prepare.Size = Field(description=prepare.SIZE)
    resolution: tuple[prepare.Side, prepare.Side] = Field(description=prepare.RESOLUTION)

    def files(self) -> list[str]:
        """The file of weights."""
        return [self.weights]

    def digest(self) -> str:
        """Digest of the weights and the settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, *resolution, 3] -> float32 [n, size]."""
        from yt8m.extractors.tensorflow_calls import compiled, limit_threads

        limit_threads(threads)
        build = _builder(self.name)
        preprocess = inspect.getmodule(build).preprocess_input
        network = self._network(build)

        def features(pictures):
            from keras import ops

            return network(preprocess(ops.cast(pictures, "float32")), training=False)

        run = compiled(features, (None, *self.resolution, 3), "uint8")
        return lambda pictures: prepare.vectors(run(pictures), len(pictures), self.size, WHERE)

    def _network(self, build: Callable):
        shape = (*self.resolution, 3)
        try:
            network = build(weights=None, include_top=False, pooling="avg", input_shape=shape)
        except ValueError as error:
            raise ConfigError(f"{WHERE}.resolution: {self.name} refuses it ({error})") from None
        try:
            with warnings.catch_warnings():  # Keras warns of each missing layer before it raises
                warnings.filterwarnings("error", message=".*freshly-initialized")
                network.load_weights(self.weights)
        except (OSError, ValueError, KeyError, UserWarning) as error:
            raise ArtefactError(
                f"{self.weights}: are not weights of {self.name} without its top "
                f"({error_line(error)})."
            ) from None
        return network


def _builder(name: str) -> Callable:
    """The function that builds a network. Raises ConfigError for a name unknown to Keras."""
    from keras import applications

    names = [n for n, found in vars(applications).items() if inspect.isfunction(found)]
    if name not in names:
        raise ConfigError(f"{WHERE}.name: is {name!r}{suggestion(name, names)}")
    return getattr(applications, name)
