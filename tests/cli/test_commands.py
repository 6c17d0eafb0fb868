"""The command line: help, errors in one line, and the steps that need no TensorFlow."""

import json
import re

import pytest
from click.testing import CliRunner

from tests.small import SCHEMA, write_dataset
from yt8m.cli import main
from yt8m.data.manifest import read_manifest


def invoke(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def commands(group, above=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name)


def at(words):
    """The command of these words."""
    found = main
    for word in words:
        found = found.get_command(None, word)
    return found


@pytest.mark.parametrize("command", sorted(commands(main)), ids=" ".join)
def test_every_command_explains_itself_and_its_options(command):
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert at(command).help
    assert all(p.help for p in at(command).params if p.param_type_name == "option")


@pytest.mark.parametrize("command", sorted(commands(main)), ids=" ".join)
def test_no_help_speaks_of_an_argument_or_an_option_that_its_command_does_not_have(command):
    """But for those in quoted commands. NAME/OF-IT is no argument."""
    found = {words: at(words).params for words in commands(main)}
    of_all = [p for each in found.values() for p in each]
    arguments = {p.name.upper() for p in of_all if p.param_type_name == "argument"}
    own = found[command]
    known = {p.name.upper() for p in own} | {word for p in own for word in p.opts}
    texts = [at(command).help, *(getattr(p, "help", None) or "" for p in own)]
    said = re.sub("`[^`]*`", "", "\n".join(texts))
    assert {*re.findall(r"\b[A-Z_]+\b(?!/)", said)} & arguments <= known
    assert {*re.findall(r"(?<![\w-])--[a-z][a-z-]*", said)} <= known


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder)
    return folder


def manifest_of(*paths, out, labels=True):
    schema = json.dumps(SCHEMA.as_json())
    options = ["--require-labels"] if labels else []
    return invoke(
        "records", "manifest", *paths, "--schema", schema, "--split", "x", *options, "--out", out
    )


def test_a_manifest_lists_what_a_pattern_matches(data, tmp_path):
    result = manifest_of(data / "train" / "train-*-of-00002.tfrecord", out=tmp_path / "m.json")
    assert result.exit_code == 0, result.output
    assert read_manifest(tmp_path / "m.json").records == 60


@pytest.mark.parametrize("where", ["truncated", "flipped"])
def test_a_damaged_shard_is_reported_in_one_line_and_no_manifest_is_written(data, tmp_path, where):
    content = bytearray((data / "train/train-00000-of-00002.tfrecord").read_bytes())
    if where == "truncated":
        del content[-7:]
    else:
        content[len(content) // 2] ^= 4
    (tmp_path / "bad.tfrecord").write_bytes(content)
    result = manifest_of(tmp_path / "bad.tfrecord", out=tmp_path / "m.json")
    assert result.exit_code == 1
    message = result.output.strip()
    assert message.startswith("yt8m: error:") and "bad.tfrecord, record" in message
    assert len(message.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "bad.tfrecord"]


def test_debug_shows_the_traceback(tmp_path):
    arguments = [
        "records",
        "manifest",
        tmp_path / "none-*",
        "--schema",
        json.dumps(SCHEMA.as_json()),
    ]
    arguments += ["--split", "x"]
    quiet = invoke(*arguments, "--out", tmp_path / "m.json")
    assert quiet.exit_code == 1 and "no file matches" in quiet.output
    loud = invoke("--debug", *arguments, "--out", tmp_path / "m.json")
    assert loud.exception is not None and "no file matches" in str(loud.exception)


def test_inspect_counts_and_finds_damage(data, tmp_path):
    result = invoke("records", "inspect", data / "train")
    assert result.exit_code == 0 and "60" in result.output
    content = (data / "train/train-00000-of-00002.tfrecord").read_bytes()
    (tmp_path / "bad.tfrecord").write_bytes(content[:-7])
    result = invoke("records", "inspect", tmp_path / "bad.tfrecord")
    assert result.exit_code == 1 and "bad.tfrecord, record" in result.output


def test_inspect_finds_labels_out_of_range_if_the_number_of_classes_is_given(data):
    shard = data / "train/train-00000-of-00002.tfrecord"
    assert invoke("records", "inspect", shard).exit_code == 0
    result = invoke("records", "inspect", shard, "--classes", 2)
    assert result.exit_code == 1 and "but there are 2 classes, 0 to 1" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["configure", "--entry", "{'a': 1}"], "is not valid JSON: Expecting property name"),
        (["records", "make", "--schema", "{bad", "--source", "{}"], "'{bad' is not valid JSON"),
        (
            ["records", "make", "--schema", '{"classes": 3}', "--source", "{}"],
            "is not a valid schema (is {'classes': 3}; expected the keys classes, features",
        ),
    ],
)
def test_options_that_are_not_valid_json_are_refused(tmp_path, arguments, message):
    result = invoke(*arguments, "--out", tmp_path / "x")
    assert result.exit_code == 2 and message in result.output
    assert "Traceback" not in result.output and not (tmp_path / "x").exists()


def test_configure_refuses_an_invalid_entry(tmp_path):
    result = invoke("configure", "--entry", '{"name": "x"}', "--out", tmp_path / "config.json")
    assert result.exit_code == 1 and "config.json: recipe: is missing" in result.output
    assert not (tmp_path / "config.json").exists()


def test_a_full_disk_is_an_error_of_one_line(tmp_path, monkeypatch):
    from yt8m.cli import ensembles

    def full(*_):
        raise OSError(28, "No space left on device", "results/x")

    monkeypatch.setattr(ensembles, "write_json", full)
    monkeypatch.setattr("yt8m.serving.size.measure", lambda *_: {})
    result = invoke("size", tmp_path, "--out", tmp_path / "size.json")
    assert result.exit_code == 1
    assert "No space left on device" in result.output and "Traceback" not in result.output
