"""All paths are read by the same rules; an existing path is taken literally."""

import os
from pathlib import Path
from typing import get_type_hints

import pytest

from yt8m.config.sections import sections
from yt8m.errors import ConfigError
from yt8m.paths import check_checkout, filled_in, read_path, read_results, resolve

NAMES = [
    "a[1]",
    "a*",
    "a?",
    "$a",
    "${a}",
    "~",
    "~a",
    "-a",
    " a ",
    "a\nb",
    "a'b\"c",
    "a;b&c|d",
    "é",
    "%s",
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATA", "data[1]")
    for name in ("a", "UNSET"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", NAMES)
def test_an_existing_path_is_taken_literally_as_a_file_a_folder_and_above_a_pattern(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / name).write_text("")
    (tmp_path / "a1").mkdir()  # what the pattern a[1] would match
    (tmp_path / "a1" / "other").write_text("")
    assert Path(filled_in(name, "x")).samefile(tmp_path / name)
    for path in (f"{name}/{name}", f"{tmp_path}/{name}/{name}", f"{name}/[!z]*", f"{name}/*"):
        (found,) = resolve(path, "x")
        assert Path(found).samefile(tmp_path / name / name), path
        assert not found.startswith("-")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("~/x", "{here}/home/x"),
        ("~", "{here}/home"),
        ("$HOME/x", "{here}/home/x"),
        ("${HOME}/$DATA/x", "{here}/home/data[1]/x"),
        ("x/~", "x/~"),
        ("5$", "5$"),
        ("a$ b", "a$ b"),
        ("plain/x.tfrecord", "plain/x.tfrecord"),
    ],
)
def test_home_and_variables_are_expanded_in_every_path(tmp_path, path, expected):
    expected = expected.format(here=tmp_path)
    assert filled_in(path, "x") == read_path(path, "x") == read_results(path, "x") == expected
    if "[" not in expected:
        assert resolve(path, "x") == [expected]


def test_a_path_that_begins_like_an_option_gets_a_prefix(tmp_path):
    for read in (filled_in, read_path, read_results):
        assert read("-x/y", "x") == f"{tmp_path}/-x/y"
    assert read_results("./-x", "x") == f"{tmp_path}/-x"


def test_variables_below_existing_folders_are_expanded(tmp_path):
    (tmp_path / "$b").mkdir()
    assert filled_in("$b/$DATA/c", "x") == "$b/data[1]/c"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "x: is an empty text; expected a path"),
        ("$UNSET/a", "x: '$UNSET/a' uses a variable that is not set; export it first"),
        ("a/${UNSET}", "uses a variable that is not set"),
        ("~nobody_at_all/a", "there is no user '~nobody_at_all'"),
    ],
)
def test_an_invalid_path_is_refused(path, message):
    for read in (filled_in, resolve, read_path, read_results):
        with pytest.raises(ConfigError) as error:
            read(path, "x")
        assert message in str(error.value)


@pytest.mark.parametrize("path", ["run{1}", "{a}/b", "{a,[0-9]+}", "run<logs>", "{a b}", "$DIR/x"])
def test_a_path_that_snakemake_reads_as_a_pattern_is_refused_even_if_it_exists(path, monkeypatch):
    monkeypatch.setenv("DIR", "a{b}")
    Path(os.path.expandvars(path)).mkdir(parents=True)
    for read in (read_path, read_results):
        with pytest.raises(ConfigError, match="which Snakemake reads as a pattern"):
            read(path, "results")


@pytest.mark.parametrize("path", ["run{1", "run}", "run<1>", "a<b", "a<B>"])
def test_other_braces_are_accepted_in_names(path):
    assert read_results(path, "results") == path


def test_results_must_be_a_folder_or_a_path_that_can_become_one(tmp_path):
    (tmp_path / "file").write_text("")
    for path, message in (
        ("file", "exists but is not a folder"),
        ("a\nb", "must not contain line breaks"),
    ):
        with pytest.raises(ConfigError, match=message):
            read_results(path, "results")
    assert read_results("a//b/./c/", "results") == "a/b/c"
    assert read_results("x" * 300, "results") == "x" * 300


def test_a_pattern_that_matches_nothing_is_refused():
    with pytest.raises(ConfigError, match=r"x: no file matches 'gone\[1\]/\*'"):
        resolve("gone[1]/*", "x")


@pytest.mark.parametrize("folder", ["/a{b/c", "/a}/c", "/a:b/c", "/a<logs>/c"])
def test_a_checkout_whose_path_breaks_jobs_is_refused(folder):
    with pytest.raises(ConfigError, match="the folder of the workflow"):
        check_checkout(Path(folder))


def test_every_setting_named_file_or_folder_is_read_as_a_path():
    """Except `dataset.source.files`, whose patterns `resolve` expands; recipes name their own."""
    paths = set()
    for section in sections():
        hints = get_type_hints(section.cls, include_extras=True)
        for word in section.fields():
            if "refused_by" in str(hints[word]):
                paths.add(f"{section.word}.{word}")
            elif get_type_hints(section.cls)[word] in (str, str | None):
                assert not any(part in word for part in ("file", "folder", "path")), word
    expected = {"(top).results", "dataset.label_names", "card.licence_file"}
    named = {path for path in paths if not path.startswith("dataset.source.")}
    assert named == expected | {"ensembles.<name>.folder"}
    assert {f"dataset.source.{word}" for word in ("table", "labels", "images.model")} <= paths
