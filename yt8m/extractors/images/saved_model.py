"""Any network in TensorFlow's SavedModel format.

Such a folder is a program that TensorFlow runs, so it should come from someone you trust.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError, ConfigError
from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.paths import FilePath
from yt8m.printable import error_line, listed
from yt8m.runtime.devices import import_tensorflow
from yt8m.strict import settings

WHERE = "images"


@settings
class Recipe:
    """A SavedModel with a signature of one input, pictures as [n, h, w, 3], and a vector for each.

    A signature of bytes gets the pictures as they are; one of floats gets them scaled.
    """

    model: FilePath = Field(description="folder of the SavedModel")
    size: prepare.Size = Field(description=prepare.SIZE)
    resolution: tuple[prepare.Side, prepare.Side] = Field(description=prepare.RESOLUTION)
    signature: str = Field("serving_default", description="name of the signature")
    output: str = Field("", description="name of the output; required if there are several")
    mean: prepare.Channels = Field(prepare.IMAGENET_MEAN, description=prepare.MEAN)
    deviation: prepare.Channels = Field(prepare.IMAGENET_DEVIATION, description=prepare.DEVIATION)

    def problems(self) -> Iterator[tuple[str, str]]:
        """A deviation of 0 would divide by zero."""
        yield from prepare.scaling_problems(self.deviation)

    def files(self) -> list[str]:
        """All files in the folder."""
        return sorted(str(p) for p in Path(self.model).rglob("*") if p.is_file())

    def digest(self) -> str:
        """Digest of the files and the settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, *resolution, 3] -> float32 [n, size]."""
        tf = import_tensorflow()

        from yt8m.extractors.tensorflow_calls import limit_threads

        limit_threads(threads)
        call, name, kind = self._signature()
        output = self._output(call)

        def run(pictures: np.ndarray) -> np.ndarray:
            values = pictures
            if kind != tf.uint8:
                values = prepare.scaled(pictures, self.mean, self.deviation)
            found = call(**{name: tf.cast(values, kind)})[output].numpy()
            return prepare.vectors(found, len(pictures), self.size, WHERE)

        return run

    def _signature(self):
        """The signature, and name and type of its only input."""
        tf = import_tensorflow()

        try:
            model = tf.saved_model.load(self.model)
        except (OSError, tf.errors.OpError, ValueError) as error:
            raise ArtefactError(
                f"{self.model}: is not a SavedModel that can be loaded ({error_line(error)})."
            ) from None
        if self.signature not in model.signatures:
            raise ConfigError(
                f"{WHERE}.signature: is {self.signature!r}; {self.model} has "
                f"{listed(model.signatures)}"
            )
        call = model.signatures[self.signature]
        inputs = call.structured_input_signature[1]
        if len(inputs) != 1:
            raise ConfigError(
                f"{WHERE}.signature: {self.signature!r} of {self.model} has the inputs "
                f"{listed(inputs)}; expected one"
            )
        ((name, spec),) = inputs.items()
        if not spec.shape.is_compatible_with((None, *self.resolution, 3)):
            raise ConfigError(
                f"{WHERE}.resolution: is {list(self.resolution)}; the signature of {self.model} "
                f"takes {spec.shape}, for [pictures, height, width, 3]"
            )
        call.keep_alive = model  # its variables
        return call, name, spec.dtype

    def _output(self, call) -> str:
        outputs = list(call.structured_outputs)
        if self.output in outputs or (not self.output and len(outputs) == 1):
            return self.output or outputs[0]
        raise ConfigError(f"{WHERE}.output: is {self.output!r}; {self.model} has {listed(outputs)}")
