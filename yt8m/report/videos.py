"""The videos that the final ensemble predicts best and worst, as cards with pictures."""

from base64 import b64encode
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from yt8m.error_analysis.videos import Scored, Video
from yt8m.outputs.shown_videos import Extremes, Shown


@dataclass(frozen=True)
class Picture:
    """A thumbnail. time: its place in the video, such as 1:05. address: a data URI."""

    time: str
    address: str


@dataclass(frozen=True)
class Label:
    """A class with its probability. right: whether it is predicted and the video has it."""

    name: str
    probability: str
    right: bool = False


@dataclass(frozen=True)
class Card:
    """One video. problem: why it has no pictures, if it has none."""

    id: str
    loss: str
    labels: Sequence[Label]
    predictions: Sequence[Label]
    pictures: Sequence[Picture]
    problem: str | None


def cards(extremes: Extremes, names: Sequence[str]) -> dict[str, list[Card]]:
    """Title -> the videos under it. extremes: with thumbnails. names: of the C classes."""
    groups = {"Worst": extremes.worst, "Best": extremes.best}
    return {
        title: [_card(video, extremes.shown[video.id], names) for video in videos]
        for title, videos in groups.items()
    }


def _card(video: Video, shown: Shown, names: Sequence[str]) -> Card:
    true = {each.index for each in video.labels}
    return Card(
        id=video.id,
        loss=f"{video.loss:.3f}",
        labels=_labels(video.labels, names),
        predictions=_labels(video.predictions, names, true),
        pictures=[_picture(*each) for each in sorted(shown.thumbnails.items())],
        problem=shown.problem,
    )


def _labels(
    scored: Iterable[Scored], names: Sequence[str], true: Container[int] = ()
) -> list[Label]:
    return [Label(names[s.index], f"{s.probability:.3f}", s.index in true) for s in scored]


def _picture(second: int, jpeg: bytes) -> Picture:
    minutes, seconds = divmod(second, 60)
    address = f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"
    return Picture(f"{minutes}:{seconds:02d}", address)
