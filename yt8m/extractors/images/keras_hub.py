"""Any network of pictures in KerasHub, by its preset."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError, ConfigError
from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.extras import optional_module
from yt8m.printable import error_line
from yt8m.strict import settings

WHERE = "images"
CONVERTER = "image_converter.json"
"""The file of a preset that says how its network wants pictures."""


@settings
class Recipe:
    """Means of a network's last features, over the positions of its maps or its patches.

    Pictures are scaled as the preset says, or if it does not, by `mean` and `deviation`.
    """

    preset: str = Field(
        description="folder that `backbone.save_to_preset` wrote, or the handle of a preset, such "
        "as `resnet_50_imagenet`, which KerasHub downloads; only a folder's content is in the "
        "digest"
    )
    size: prepare.Size = Field(description=prepare.SIZE)
    resolution: tuple[prepare.Side, prepare.Side] = Field(description=prepare.RESOLUTION)
    mean: prepare.Channels = Field(prepare.IMAGENET_MEAN, description=prepare.MEAN)
    deviation: prepare.Channels = Field(prepare.IMAGENET_DEVIATION, description=prepare.DEVIATION)

    def problems(self) -> Iterator[tuple[str, str]]:
        """A deviation of 0 would divide by zero."""
        yield from prepare.scaling_problems(self.deviation)

    def files(self) -> list[str]:
        """All files in the folder; none for a handle."""
        return sorted(str(p) for p in Path(self.preset).rglob("*") if p.is_file())

    def digest(self) -> str:
        """Digest of the files, or of the handle, and of the settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, *resolution, 3] -> float32 [n, size]."""
        from yt8m.extractors.tensorflow_calls import compiled, limit_threads

        limit_threads(threads)
        hub = optional_module("keras_hub", "keras_hub", f"{WHERE}: keras_hub")
        network = self._loaded(hub.models.Backbone)
        if len(getattr(network, "input_shape", None) or ()) != 4:
            raise ConfigError(f"{WHERE}.preset: {self.preset} is not a network of pictures")
        convert = self._converter(hub)

        def features(pictures):
            from keras import ops

            found = network(convert(ops.cast(pictures, "float32")), training=False)
            return ops.mean(found, axis=tuple(range(1, len(found.shape) - 1)))

        run = compiled(features, (None, *self.resolution, 3), "uint8")
        return lambda pictures: prepare.vectors(run(pictures), len(pictures), self.size, WHERE)

    def _converter(self, hub) -> Callable:
        """What the preset says, at the wanted resolution; else the settings' scaling."""
        from keras import ops

        if self.files() and not (Path(self.preset) / CONVERTER).exists():
            mean, deviation = np.float32(self.mean), np.float32(self.deviation)
            return lambda pictures: ops.divide(ops.subtract(pictures, mean), deviation)
        converter = self._loaded(hub.layers.ImageConverter)
        converter.image_size = self.resolution
        return converter

    def _loaded(self, kind):
        try:
            return kind.from_preset(self.preset)
        except Exception as error:  # of KerasHub, of hubs and of files, without a common class
            raise ArtefactError(
                f"{self.preset}: is not a preset that KerasHub can load ({error_line(error)})."
            ) from None
