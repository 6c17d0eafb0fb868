"""Videos whose files have the same content, in two splits."""

from yt8m.video.copies import copies_between
from yt8m.video.findings import Findings


def findings(path, **contents):
    found = {
        id: {"content": text * 64, "frames": 3, "absent": []} if text else {"problem": "is empty"}
        for id, text in contents.items()
    }
    Findings(path, "key", found).write()
    return path


def test_only_videos_of_the_same_content_are_copies(tmp_path):
    train = [findings(tmp_path / "a.json", x="1", y="2"), findings(tmp_path / "b.json", z="3")]
    same = findings(tmp_path / "c.json", new="3", other="4", x="", last="1")
    assert copies_between("train", train, "test", [same]) == (
        "splits train and test: share 2 videos, by the content of their files: "
        "'last' is a copy of 'x', 'new' is a copy of 'z'."
    )
    unlike = findings(tmp_path / "d.json", x="5", bad="")
    assert copies_between("train", train, "test", [unlike]) is None
