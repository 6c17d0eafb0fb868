"""Extraction as a plain loop: PyAV frame by frame, and `model.predict` for each picture."""

from functools import cached_property
from pathlib import Path

import av
import numpy as np


class Plain:
    """The same networks, one picture at a time."""

    def __init__(self, path: Path, threads: int):
        self.path, self.threads = path, threads

    @cached_property
    def networks(self):
        """The Keras model of pictures, and the function of sound; loaded on first use."""
        from yt8m.extractors.images.efficientnet_lite0 import Recipe as Images
        from yt8m.extractors.networks.efficientnet_lite0 import network
        from yt8m.extractors.sounds.speech_embedding import Recipe as Sound
        from yt8m.extractors.tensorflow_calls import limit_threads
        from yt8m.extractors.torch_weights import read_torch_weights

        limit_threads(self.threads)
        return network(read_torch_weights(*Images().files())), Sound().load(self.threads)

    def features(self) -> tuple[np.ndarray, np.ndarray]:
        """float32 [T, 1280] and [T, 96]."""
        model, embed = self.networks
        rows = []
        with av.open(str(self.path)) as container:
            for frame in container.decode(video=0):
                if frame.time >= len(rows):
                    picture = frame.reformat(224, 224, "rgb24").to_ndarray()
                    rows.append(model.predict(picture[None], verbose=0)[0])
        resampler = av.AudioResampler("flt", "mono", 16_000)
        with av.open(str(self.path)) as container:
            frames = list(container.decode(audio=0))
        sound = [part.to_ndarray()[0] for f in (*frames, None) for part in resampler.resample(f)]
        return np.stack(rows), embed(np.concatenate(sound), len(rows))

    def __call__(self) -> int:
        """Extract, and count the seconds."""
        return len(self.features()[0])
