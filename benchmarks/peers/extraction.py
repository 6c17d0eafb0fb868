"""Extraction with what PyAV and Keras offer: decoding in threads, and batches of pictures."""

import av
import numpy as np

from benchmarks.baselines.extraction import Plain

PICTURES = 32
"""In a batch."""


class Batched(Plain):
    """The same networks as the plain way's."""

    def features(self) -> tuple[np.ndarray, np.ndarray]:
        """float32 [T, 1280] and [T, 96]."""
        model, embed = self.networks
        pictures, sounds = [], []
        resampler = av.AudioResampler("flt", "mono", 16_000)
        with av.open(str(self.path)) as container:
            (video,), (audio,) = container.streams.video, container.streams.audio
            video.thread_type, video.codec_context.thread_count = "AUTO", self.threads
            for frame in container.decode(video, audio):  # both, in one pass over the file
                if isinstance(frame, av.AudioFrame):
                    sounds += resampler.resample(frame)
                elif frame.time >= len(pictures):
                    pictures.append(frame.reformat(224, 224, "rgb24").to_ndarray())
        sounds += resampler.resample(None)
        starts = range(0, len(pictures), PICTURES)
        batches = (np.stack(pictures[start : start + PICTURES]) for start in starts)
        rows = np.concatenate([model.predict_on_batch(batch) for batch in batches])
        return rows, embed(np.concatenate([s.to_ndarray()[0] for s in sounds]), len(rows))
