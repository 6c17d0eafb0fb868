"""A graph from videos, real videos, and what is predicted for them."""

import numpy as np
import pytest

from tests.labelling.made import records_of, write_ensemble
from tests.video.clips import make_clip, packaged_clips, tone
from yt8m.labelling.label import label_video
from yt8m.labelling.labeller import open_labeller
from yt8m.labelling.windows import Windows


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("labelling")


@pytest.fixture(scope="session")
def graph(place):
    return write_ensemble(place)


@pytest.fixture(scope="session")
def labeller(graph):
    return open_labeller(graph)


@pytest.fixture(scope="session")
def clips(place):
    """With six channels of sound, without sound, with 29.97 frames a second, and a long one."""
    found = packaged_clips()
    real = [found[name] for name in ("bigbuckbunny", "bikes", "carphone_pristine")]
    return [*real, make_clip(place / "long clip [1].mp4", 13 * 5, 5, sound=tone(13))]


@pytest.fixture(scope="session")
def batch(clips, place):
    """The clips' records."""
    return records_of(clips, place).batch(np.arange(len(clips)))


@pytest.fixture(scope="session")
def labelled(labeller, clips):
    return [label_video(labeller, clip, Windows(2, 4), thumbnails=2) for clip in clips]
