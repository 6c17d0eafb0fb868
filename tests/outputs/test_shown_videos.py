import pytest

from yt8m.error_analysis.videos import Scored, Video
from yt8m.errors import ArtefactError
from yt8m.metrics.origin import Origin
from yt8m.outputs.shown_videos import Extremes, Shown, read_extremes

VIDEOS = [Video(f"v{n}", 0.5 * n, [Scored(n, 0.25)], [Scored(1, 0.5)]) for n in range(3)]
SHOWN = {"v0": Shown({}, "is gone"), "v1": Shown({1: b"\xff\x00"}), "v2": Shown({})}


def test_files_survive_the_round_trip_and_others_are_refused(tmp_path):
    path, made = tmp_path / "t.json", Extremes(Origin("s", "g", "r"), VIDEOS[:2], VIDEOS[1:], SHOWN)
    made.write(path)
    assert read_extremes(path, "g", "r") == made
    with pytest.raises(ArtefactError, match="is about another graph"):
        read_extremes(path, graph="other")
    with pytest.raises(ArtefactError, match="is about other records"):
        read_extremes(path, records="other")
    path.write_text(path.read_text().replace("/wA=", "/w!="))
    with pytest.raises(ArtefactError, match="a thumbnail is damaged"):
        read_extremes(path)
    Extremes(made.origin, VIDEOS, [], {"v0": SHOWN["v0"]}).write(path)
    with pytest.raises(ArtefactError, match="lacks thumbnails of 'v1'"):
        read_extremes(path)
