"""VGGish, whose weights are given: YouTube-8M's sound before its projection."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError
from yt8m.extractors.digests import extractor_digest
from yt8m.extractors.mel import BANDS, log_mel, seconds_of
from yt8m.paths import FilePath
from yt8m.printable import error_line, listed
from yt8m.runtime.devices import import_tensorflow
from yt8m.strict import settings

SPECTRA = 96
"""Spectra of a window: 0.96 s from the start of each second, as MediaPipe's graph for YouTube-8M
takes them."""

SOURCE, RESULT = "vggish/input_features:0", "vggish/fc2/BiasAdd:0"
AT_ONCE = 8


@settings
class Recipe:
    """VGGish on the first 0.96 s of each second: 128 values, before the last ReLU."""

    weights: FilePath = Field(
        description="Google's checkpoint (`vggish_model.ckpt`), or a frozen graph (`.pb`) with the "
        f"tensors {SOURCE} and {RESULT}"
    )

    @property
    def size(self) -> int:
        """Values of one second's vector."""
        return 128

    def files(self) -> list[str]:
        """The file of weights; of a checkpoint in several files, all of them."""
        path = Path(self.weights)
        beside = path.parent.iterdir() if path.parent.is_dir() and not path.exists() else ()
        parts = sorted(str(p) for p in beside if p.name.startswith(f"{path.name}."))
        return parts or [self.weights]

    def digest(self) -> str:
        """Digest of the weights."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function: (float32 [samples], T) -> float32 [T, 128]."""
        from yt8m.extractors.tensorflow_calls import compiled, frozen_graph, limit_threads

        limit_threads(threads)
        if self.weights.endswith(".pb"):
            vggish = frozen_graph(self.weights, SOURCE, RESULT)
        else:
            vggish = self._network()
        to_vectors = compiled(vggish, (None, SPECTRA, BANDS), "float32")

        def run(sound: np.ndarray, seconds: int) -> np.ndarray:
            cut = seconds_of(sound, seconds)
            spectra = (log_mel(cut[t : t + AT_ONCE]) for t in range(0, seconds, AT_ONCE))
            return np.concatenate([to_vectors(s[:, :SPECTRA]) for s in spectra])

        return run

    def _network(self):
        from yt8m.extractors.networks.vggish import network

        try:
            return network(read_checkpoint(self.weights), SPECTRA, BANDS)
        except ValueError as error:
            raise ArtefactError(
                f"{self.weights}: its arrays do not fit VGGish ({error_line(error)})."
            ) from None


def read_checkpoint(path: str) -> dict[str, np.ndarray]:
    """VGGish's variables. Raises ArtefactError for another file, or one that lacks some."""
    tf = import_tensorflow()

    from yt8m.extractors.networks.vggish import NAMES

    try:
        found = tf.train.load_checkpoint(path)
        missing = set(NAMES) - set(found.get_variable_to_shape_map())
        if missing:
            raise ArtefactError(f"{path}: has no variables {listed(missing)}; is it VGGish's?")
        return {name: found.get_tensor(name) for name in NAMES}
    except (tf.errors.OpError, ValueError, RuntimeError) as error:
        raise ArtefactError(
            f"{path}: is not a checkpoint that TensorFlow reads ({error_line(error)})."
        ) from None
