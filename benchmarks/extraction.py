"""From a video file with sound to features, by the default extractors."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from benchmarks.race import Peer, Race

HEIGHT, WIDTH, RATE = 360, 640, 25
SECONDS = 60
SAMPLES = 48_000
THREADS = 2


def races(folder: Path, scale: float) -> Iterator[Race]:
    """A minute of 640x360: decoding, resizing and two networks."""
    from benchmarks.baselines import extraction
    from benchmarks.peers.extraction import Batched

    seconds = max(2, round(SECONDS * scale))
    folder.mkdir(parents=True, exist_ok=True)
    path = write_video(folder / "clip.mp4", seconds)
    yield Race(
        f"Extract features: {WIDTH}x{HEIGHT}, {RATE} frames a second, with sound",
        "seconds of video",
        ours=Ours(path),
        plain=extraction.Plain(path, THREADS),
        peers={"PyAV in threads, Keras in batches": Peer(Batched(path, THREADS))},
    )


class Ours:
    """Extraction with networks that are loaded once."""

    def __init__(self, path: Path):
        self.path = path

    @cached_property
    def features(self):
        """The function that extracts; its networks are loaded on first use."""
        from yt8m.extractors.images.efficientnet_lite0 import Recipe as Images
        from yt8m.extractors.sounds.speech_embedding import Recipe as Sound
        from yt8m.video.extraction import Extractors, extract

        extractors = Extractors.load(Images(), Sound(), THREADS)
        return partial(extract, self.path, extractors, max_frames=SECONDS)

    def __call__(self) -> int:
        """Extract, and count the seconds."""
        return len(self.features().features["rgb"])


def write_video(path: Path, seconds: int) -> Path:
    """A picture of blocks that moves behind the frame, with a tone and noise as sound."""
    import av

    random = np.random.default_rng(0)
    blocks = random.integers(0, 256, (HEIGHT // 8 + 32, WIDTH // 8 + 128, 3), np.uint8)
    picture = blocks.repeat(8, 0).repeat(8, 1)
    times = np.arange(seconds * SAMPLES) / SAMPLES
    sound = 0.3 * np.sin(2 * np.pi * 440 * times) + random.normal(0, 0.05, times.shape)
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=RATE)
        pictures.height, pictures.width, pictures.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        heard = container.add_stream("aac", rate=SAMPLES, layout="mono")
        for number in range(seconds * RATE):
            y, x = number % 256, 3 * number % 1024
            seen = np.ascontiguousarray(picture[y : y + HEIGHT, x : x + WIDTH])
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(seen, "rgb24")))
        container.mux(pictures.encode(None))
        for start in range(0, len(sound), 1024):
            part = sound[None, start : start + 1024].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
            frame.sample_rate, frame.time_base, frame.pts = SAMPLES, Fraction(1, SAMPLES), start
            container.mux(heard.encode(frame))
        container.mux(heard.encode(None))
    return path
