"""Config files are read strictly; mistakes are reported with file and line."""

import pytest
from click.testing import CliRunner

from yt8m.cli import main
from yt8m.config.yaml_files import read_yaml
from yt8m.errors import ConfigError

REFUSED = {
    "a word twice": (b"a: 1\nb: 2\na: 3\n", "line 3: the key 'a' is already in line 1; keep one"),
    "twice, further in": (
        b"t:\n  u:\n    - {x: 1, y: 2, x: 3}\n",
        "line 3: the key 'x' is already in line",
    ),
    "twice, quoted once": (b"a: 1\n'a': 3\n", "line 2: the key 'a' is already in line 1"),
    "twice, in JSON": (b'{"t": {"a": 1, "a": 2}}', "the key 'a' is repeated in one mapping"),
    "several": (
        b"a: 1\na: 010\n",
        "line 2: the key 'a' is already in line 1; keep one\n  {path}, line 2: 010 is an octal",
    ),
    "octal": (
        b"t:\n  epochs: 010\n",
        "line 2: 010 is an octal number in YAML; remove its leading zeros",
    ),
    "octal, negative": (b"t: [1, -07]\n", "line 1: -07 is an octal number"),
    "base 60": (b"t:\n  epochs: 1:30\n", "line 2: 1:30 is a base-60 number in YAML; quote it"),
    "base 60, broken": (b"t: 1:30.5\n", "line 1: 1:30.5 is a base-60 number"),
    "open bracket": (
        b"a: 1\nb: [1\nc: 2\n",
        "line 3: is not valid YAML (while parsing a flow sequence",
    ),
    "tabs": (b"a:\n\tb: 1\n", "line 2: is not valid YAML"),
    "two documents": (
        b"a: 1\n---\nb: 1\n",
        "line 2: is not valid YAML (expected a single document",
    ),
    "a tag": (
        b"a: !!python/object:os.system 1\n",
        "line 1: is not valid YAML (could not determine a con",
    ),
    "an unknown anchor": (b"a: *b\n", "line 1: is not valid YAML (found undefined alias)"),
    "an anchor in itself": (
        b"a: &a\n  b: {c: *a}\n",
        "line 1: an anchor (&) contains its own alias",
    ),
    "a list in itself": (b"a: &a [1, *a]\n", "line 1: an anchor (&) contains its own alias"),
    "a control character": (b"a: \x01\n", "is not valid YAML ("),
    "a list": (b"- 1\n", "is [1]; expected a mapping of settings"),
    "a word": (b"a\n", "is 'a'; expected a mapping of settings"),
    "Latin-1": (
        "a: 1\ntitle: café\n".encode("latin-1"),
        "line 2: byte 0xe9 is not valid UTF-8 (Latin-1",
    ),
    "UTF-16": ("a: 1\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "UTF-32": ("a: 1\n".encode("utf-32"), "is UTF-32; save it as UTF-8"),
    "UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), "line 1: contains NUL bytes"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_file_is_refused_with_its_place_even_if_yaml_accepts_it(tmp_path, kind):
    content, message = REFUSED[kind]
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        read_yaml(path)
    assert str(error.value).removeprefix("2 mistakes:\n  ").startswith(f"{path}")
    assert message.replace("{path}", str(path)) in str(error.value)
    result = CliRunner().invoke(main, ["describe", str(path)])
    assert result.exit_code == 1
    assert result.output == f"yt8m: error: {error.value}\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        (b'\xef\xbb\xbf{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
        (b"", {}),
        (b"# nothing\n", {}),
        (b"a: 0\nb: 0x1F\nc: 2_000\nd: '010'\ne: '1:30'\nf: 0.5\n", None),
        (b"base: &b {x: 1, y: 2}\nown: {<<: *b, x: 3}\nalso: *b\n", None),
        ("title: café\n".encode(), {"title": "café"}),
    ],
)
def test_a_valid_file_is_read_as_intended(tmp_path, content, expected):
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    found = read_yaml(path)
    if expected is None and b"own" in content:
        expected = {"base": {"x": 1, "y": 2}, "own": {"x": 3, "y": 2}, "also": {"x": 1, "y": 2}}
    elif expected is None:
        expected = {"a": 0, "b": 31, "c": 2000, "d": "010", "e": "1:30", "f": 0.5}
    assert found == expected


def test_a_missing_file_is_reported_in_one_line(tmp_path):
    for path in (tmp_path / "gone.yaml", tmp_path):
        with pytest.raises(ConfigError, match="expected a config file"):
            read_yaml(path)
        result = CliRunner().invoke(main, ["describe", str(path)])
        assert result.exit_code != 0 and "Traceback" not in result.output
        assert str(path) in result.output
