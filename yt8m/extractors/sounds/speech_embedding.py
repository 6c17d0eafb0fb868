"""Google's speech embedding (Lin et al. 2020, arXiv:2002.01322), as LiteRT models.

The models are inside a package of the extra `videos`, so nothing is downloaded later.
"""

from collections.abc import Callable

import numpy as np

from yt8m.extractors.digests import extractor_digest
from yt8m.extractors.mel import seconds_of
from yt8m.extras import optional_module, packaged_file
from yt8m.strict import settings

PURPOSE = "sound: speech_embedding"
PACKAGE = "pyopen_wakeword"
FILES = ("models/melspectrogram.tflite", "models/embedding_model.tflite")

FULL_SCALE = 32_767
"""The models expect samples of 16 bits, as floats."""

SPECTRA, BANDS = 76, 32
STARTS = (0, 10, 20)
"""First spectrum of each window in a second: with one spectrum each 10 ms, and 0.78 s a window,
three windows cover the first 0.98 s and none reaches into the next second."""


@settings
class Recipe:
    """Means of three embeddings of 0.78 s in each second: 96 values."""

    @property
    def size(self) -> int:
        """Values of one second's vector."""
        return 96

    def files(self) -> list[str]:
        """The two models. Raises ConfigError if their package is not installed."""
        return [str(packaged_file(PACKAGE, file, "videos", PURPOSE)) for file in FILES]

    def digest(self) -> str:
        """Digest of the models."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function: (float32 [samples], T) -> float32 [T, 96]."""
        spectrum, embedding = self.files()
        to_spectra = _model(spectrum, (1, 16_000), threads)
        to_vectors = _model(embedding, (len(STARTS), SPECTRA, BANDS, 1), threads)

        def run(sound: np.ndarray, seconds: int) -> np.ndarray:
            rows = np.empty((seconds, self.size), np.float32)
            for row, second in zip(rows, seconds_of(sound, seconds), strict=True):
                spectra = to_spectra(second[None] * FULL_SCALE)[0, 0] / 10 + 2  # [97, 32]
                windows = np.stack([spectra[s : s + SPECTRA, :, None] for s in STARTS])
                row[:] = to_vectors(windows)[:, 0, 0].mean(axis=0)
            return rows

        return run


def _model(path: str, shape: tuple[int, ...], threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """A LiteRT model as a function of float32 arrays of one shape."""
    litert = optional_module("ai_edge_litert.interpreter", "videos", PURPOSE)
    interpreter = litert.Interpreter(path, num_threads=threads or None)
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    interpreter.resize_tensor_input(taken["index"], shape)  # before anything is allocated
    interpreter.allocate_tensors()

    def run(values: np.ndarray) -> np.ndarray:
        interpreter.set_tensor(taken["index"], values.astype(np.float32))
        interpreter.invoke()
        return interpreter.get_tensor(given["index"])

    return run
