"""Rows whose files do not exist."""

import os
from dataclasses import replace

import pytest

from tests.own_data.tables import table_of
from yt8m.own_data.missing import missing_problem, missing_warning


@pytest.fixture
def table(tmp_path):
    """Ten videos: arrays of rgb in one file, and of audio, which some lack, in one each."""
    (tmp_path / "all.h5").write_bytes(b"")
    for n in range(10):
        (tmp_path / f"{n}.npy").write_bytes(b"")
    table = table_of(["cat"] * 10)
    audio = [f"{tmp_path}/{n}.npy" if n % 5 else "" for n in range(10)]
    rgb = [f"{tmp_path}/all.h5:/v{n}" for n in range(10)]
    return replace(table, path=tmp_path / "mine.csv", locations={"rgb": rgb, "audio": audio})


def test_files_that_exist_and_features_that_a_video_lacks_are_fine(table):
    assert missing_problem(table, strict=True) == ""


def test_more_than_half_of_the_rows_must_have_all_files_or_every_one(table, tmp_path):
    for n in (1, 2, 3, 4, 6):
        (tmp_path / f"{n}.npy").unlink()
    assert missing_problem(table, strict=False) == ""
    expected = f"5 of 10 videos have files that do not exist, first: {tmp_path}/1.npy ({tmp_path}/"
    assert missing_problem(table, strict=True).startswith(f"{expected}mine.csv, line 3);")
    (tmp_path / "7.npy").unlink()
    text = missing_problem(table, strict=False)
    assert text.startswith("6 of 10 videos") and f"the table's folder, {tmp_path};" in text


def test_a_few_rows_without_files_are_a_warning(table, tmp_path):
    assert missing_warning(table) == ""
    (tmp_path / "1.npy").unlink()
    (tmp_path / "9.npy").unlink()
    assert missing_problem(table, strict=False) == ""
    assert missing_warning(table) == (
        f"2 of 10 videos have files that do not exist, first: {tmp_path}/1.npy "
        f"({tmp_path}/mine.csv, line 3); they will be left out"
    )


def test_what_is_inside_a_missing_file_is_missing(table, tmp_path):
    (tmp_path / "all.h5").unlink()
    assert f"10 of 10 videos have files that do not exist, first: {tmp_path}/all.h5 (" in (
        missing_problem(table, strict=False)
    )


def test_a_file_whose_name_looks_like_a_place_in_another_exists(table, tmp_path):
    (tmp_path / "odd.h5:name").write_bytes(b"")
    rgb = [f"{tmp_path}/odd.h5:name"] * 10
    assert missing_problem(replace(table, locations={"rgb": rgb}), strict=True) == ""


def test_each_file_is_looked_up_only_once(table, monkeypatch):
    real, asked = os.path.isfile, []
    monkeypatch.setattr(os.path, "isfile", lambda path: asked.append(path) or real(path))
    missing_warning(table)
    assert len(asked) == len(set(asked)) == 9
