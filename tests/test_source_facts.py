"""Facts of modules that are remembered are those that would be found anew."""

import json
import subprocess
import sys

import pytest

FIND = """
import ast, json, sys
from pathlib import Path
from yt8m import source_facts
if sys.argv[2:] == ["refuse"]:
    def refuse(*_): raise AssertionError("a module is parsed")
    ast.parse = refuse
source_facts.remember_in(Path(sys.argv[1]))
from yt8m.sources import digest_of
print(json.dumps([digest_of("yt8m.training.run"), digest_of("yt8m.report.page")]))
"""


def digests(path, *words, succeeds=True):
    command = [sys.executable, "-c", FIND, str(path), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode == 0) == succeeds, done.stderr
    return json.loads(done.stdout) if succeeds else done.stderr


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("remembered") / "below" / "code.json"
    digests(path, "refuse", succeeds=False)
    assert not path.exists()
    found = digests(path)
    return path, found


def test_a_later_process_parses_nothing_and_finds_the_same(file):
    path, found = file
    before = path.stat().st_mtime_ns
    assert digests(path, "refuse") == found
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("content", ["", "{}", '{"how": "other", "facts": {}}'])
def test_a_file_that_is_damaged_or_of_other_code_is_made_again(file, tmp_path, content):
    path, found = file
    other = tmp_path / "code.json"
    other.write_text(content)
    assert digests(other) == found
    assert other.read_bytes() == path.read_bytes()


def test_where_it_cannot_be_written_nothing_fails(file, tmp_path):
    (tmp_path / "a file").write_text("")
    assert digests(tmp_path / "a file" / "code.json") == file[1]
