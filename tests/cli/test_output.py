"""Control characters from files do not reach the terminal."""

import json

import pytest
from click.testing import CliRunner

from tests.data.families import SUSPECT, id_of, record
from tests.data.samples import SMALL
from tests.reference.protos import bytes_of
from yt8m.cli.main import main
from yt8m.data.tfrecord import write_records

SCHEMA = json.dumps(SMALL.as_json())
MANIFEST = ["manifest", "--split", "t", "--schema", SCHEMA, "--out", "out.json"]


def rename_rgb(context, lists):
    lists["\x1b[2Jrgb\u202e"].CopyFrom(lists["rgb"])
    lists.pop("rgb")


def long_names(context, lists):
    for number in range(1000):
        context[f"\x9b{number}" * 100].CopyFrom(bytes_of(b"x"))
    context.pop("id")


RECORDS = {
    "an id": record(id_of(b"\x1b]0;title\x07")),
    "the name of a list": record(rename_rgb),
    "names of the context": record(long_names),
    "labels misspelt": SUSPECT["labels misspelt"],
}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize(
    "command",
    [
        ["inspect"],
        ["inspect", "--schema", SCHEMA],
        ["inspect", "--checks", '{"ids": "warn"}'],
        MANIFEST,
        [*MANIFEST, "--checks", '{"ids": "warn", "labels": "warn"}'],
    ],
)
def test_content_of_records_is_escaped_when_printed(tmp_path, monkeypatch, name, command):
    monkeypatch.chdir(tmp_path)
    write_records(tmp_path / "x", [record(seed=2), record(seed=3), RECORDS[name]])
    result = CliRunner().invoke(main, ["records", *command, "x"])
    assert result.exit_code in (0, 1) and result.output
    assert (result.exit_code == 0) == ("error" not in result.output) or command[0] == "inspect"
    assert result.output.replace("\n", "").isprintable()
    assert len(result.output) < 4000
    assert (tmp_path / "out.json").exists() == (result.exit_code == 0 and command[0] == "manifest")


def test_names_in_a_manifest_are_escaped_when_printed(tmp_path):
    (tmp_path / "m.json").write_text('{"\\u001b[2J": 1, "\\u001b[2J": 2}')
    arguments = ["fingerprint", str(tmp_path), "--out", str(tmp_path / "x")]
    (tmp_path / "ensemble.json").write_text('{"format": "\\u001b[2J"}')
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1 and "has format '\\x1b[2J'" in result.output
