"""Thumbnails of videos, by the command of the workflow."""

import io
import json

import av
import numpy as np
import pytest
from click.testing import CliRunner

from tests.own_data.features import Rows
from tests.video.clips import grey, make_clip, number_of
from tests.video.table import COLOURS, SOURCE, write_rows, write_videos
from yt8m.cli import main
from yt8m.error_analysis.mistake_files import KINDS, Mistake, Mistakes
from yt8m.error_analysis.videos import Scored, Video
from yt8m.metrics.origin import Origin
from yt8m.outputs.shown_videos import read_extremes
from yt8m.video.findings import Findings
from yt8m.video.thumbnails import spread, thumbnails


def decoded(jpeg: bytes) -> np.ndarray:
    """uint8 [h, w, 3]"""
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        (frame,) = container.decode(video=0)
    return frame.to_ndarray(format="rgb24")


def mistakes_of(rows: Rows, folder) -> Mistakes:
    """The rows as best and worst videos of validate, and what is known of their files."""
    videos = [Video(row["id"], 1.5, [Scored(0, 0.5)], [Scored(1, 0.75)]) for row in rows]
    found = {row["id"]: {"content": "0" * 64, "frames": 2, "absent": []} for row in rows}
    Findings(folder / "found.json", "key", found).write()
    found = dict.fromkeys(KINDS, ()) | {
        "smallest_loss": [Mistake(video) for video in videos[:2]],
        "largest_loss": [Mistake(video) for video in videos[1:]],
    }
    return Mistakes(Origin("validate", "g", "r"), ["dark", "light"], found)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A function that makes thumbnails of the validation split's videos by the command."""
    monkeypatch.chdir(tmp_path)
    rows = write_videos(tmp_path)
    shown = [row for row in rows if row["split"] == "validate"]
    mistakes_of(shown, tmp_path).write(tmp_path / "mistakes.parquet")

    def run():
        line = ["thumbnails", "mistakes.parquet", "--source", json.dumps(SOURCE)]
        done = CliRunner().invoke(main, [*line, "--extracted", "found.json", "--out", "out.json"])
        assert done.exit_code == 0, done.output
        return read_extremes(tmp_path / "out.json", "g", "r"), done.output

    run.rows, run.shown = rows, shown
    return run


def test_thumbnails_are_of_the_right_videos(made):
    extremes, _ = made()
    assert [video.id for video in extremes.worst] == ["v05", "v09"]
    assert set(extremes.shown) == {"v01", "v05", "v09"}
    for row in made.shown:
        shown = extremes.shown[row["id"]]
        assert sorted(shown.thumbnails) == [0, 1] and shown.problem is None
        for jpeg in shown.thumbnails.values():
            picture = decoded(jpeg)
            assert picture.shape == (90, 120, 3)  # of 48 rows and 64 columns
            colour = np.array(COLOURS[row["labels"]]) + int(row["id"][1:])
            assert np.abs(picture.astype(int) - colour).max() < 8


def test_a_video_that_is_gone_damaged_or_not_listed_has_a_reason_instead(made, tmp_path):
    gone, damaged, unlisted = made.shown
    (tmp_path / gone["path"]).unlink()
    (tmp_path / damaged["path"]).write_text("<html>moved</html>")
    write_rows(tmp_path, [row for row in made.rows if row != unlisted])
    extremes, output = made()
    problems = {id: shown.problem for id, shown in extremes.shown.items()}
    assert not any(shown.thumbnails for shown in extremes.shown.values())
    assert problems[gone["id"]].startswith("cannot be read (No such file")
    assert problems[damaged["id"]].startswith("is a web page")
    assert problems[unlisted["id"]] == "is not in the table any more"
    assert all(f"warning: {id}: {problem}" in output for id, problem in problems.items())


def test_a_source_without_videos_is_refused(made):
    line = ["thumbnails", "mistakes.parquet", "--out", "o.json"]
    done = CliRunner().invoke(main, [*line, "--source", '{"kind": "generated"}'])
    assert done.exit_code == 1 and "dataset.source.kind: is generated" in done.output


def test_seconds_are_spread_over_the_video(tmp_path):
    assert spread(300, 4) == [37, 112, 187, 262]
    assert spread(2, 4) == [0, 1] and spread(1, 4) == [0]
    clip = make_clip(tmp_path / "clip.mp4", 12, rate=1, picture=lambda n: grey(n, 64, 48))
    pictures = thumbnails(clip, spread(12, 4), "nearest")
    assert {second: number_of(decoded(jpeg)) for second, jpeg in pictures.items()} == {
        second: second for second in (1, 4, 7, 10)
    }
    assert thumbnails(clip, [30], "nearest") == {}
