import pytest

from yt8m.atomic import replacing


def test_a_whole_file_takes_its_place(tmp_path):
    with replacing(tmp_path / "new" / "file.txt") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "new" / "file.txt").exists()
    assert (tmp_path / "new" / "file.txt").read_text() == "whole"
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(target) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_process_left_is_removed(tmp_path):
    for name in (".file[1].txt.123.part", ".other.txt.123.part"):
        (tmp_path / name).write_text("half")
    with replacing(tmp_path / "file[1].txt") as temporary:
        temporary.write_text("whole")
    assert {p.name for p in tmp_path.iterdir()} == {"file[1].txt", ".other.txt.123.part"}
