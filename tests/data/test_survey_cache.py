"""Findings about shards are saved and reused only for the same files."""

import pytest

from yt8m.data.identity import identity_of
from yt8m.data.survey_cache import SurveyCache
from yt8m.state import state_key


@pytest.fixture
def shards(tmp_path):
    paths = [tmp_path / f"shard{number}" for number in range(3)]
    for path in paths:
        path.write_bytes(path.name.encode())
    return [(path, identity_of(path)) for path in paths]


def kept(tmp_path, shards):
    file = tmp_path / "state" / state_key("found")
    cache = SurveyCache(file)
    for number, shard in enumerate(shards):
        cache.add(*shard, {"number": number})
    return file


def test_another_process_finds_saved_findings(tmp_path, shards):
    file = kept(tmp_path, shards)
    assert [SurveyCache(file).get(*shard) for shard in shards] == [{"number": n} for n in range(3)]


def test_a_replaced_file_has_no_findings(tmp_path, shards):
    file = kept(tmp_path, shards)
    path = shards[0][0]
    path.write_bytes(b"SHARD0")
    assert SurveyCache(file).get(path, identity_of(path)) is None


@pytest.mark.parametrize("rest", ['["/x', '{"a": 1}', "3", "\0\0\0", '["/x", [1, 2], 3]', "[]"])
def test_a_truncated_line_does_not_affect_others(tmp_path, shards, rest):
    file = kept(tmp_path, shards[:2])
    with file.open("a") as lines:
        lines.write("\n" + rest)
    cache = SurveyCache(file)
    cache.add(*shards[2], {"number": 2})
    assert [SurveyCache(file).get(*shard) for shard in shards] == [{"number": n} for n in range(3)]


def test_findings_that_are_no_longer_needed_are_removed(tmp_path, shards):
    file = kept(tmp_path, shards)
    (file.parent / state_key("by other code")).write_text("x")
    mine = file.parent / "notes.txt"
    mine.write_text("not a finding")
    SurveyCache(file).keep_only(shards[:1])
    assert set(file.parent.iterdir()) == {file, mine}
    assert [SurveyCache(file).get(*shard) for shard in shards] == [{"number": 0}, None, None]


def test_without_a_file_findings_are_not_saved(tmp_path, shards):
    cache = SurveyCache(None)
    cache.add(*shards[0], {"number": 0})
    cache.keep_only(shards)
    assert cache.get(*shards[0]) == {"number": 0}
    assert SurveyCache(None).get(*shards[0]) is None
