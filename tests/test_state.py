"""Folders of saved state are removed with the states in them, and with nothing else."""

import ast

import pytest

from yt8m.sources import ROOT
from yt8m.state import remove_states, state_key


def test_the_states_of_all_jobs_are_removed_with_their_folder(tmp_path):
    for name in (state_key("one"), state_key("two"), "codes"):
        (tmp_path / "state" / name).mkdir(parents=True)
        (tmp_path / "state" / name / "part").touch()
    remove_states(tmp_path / "state", "codes")
    assert list(tmp_path.iterdir()) == []
    remove_states(tmp_path / "state")


@pytest.mark.parametrize("name", ["notes.txt", "codes/a.txt", f"x{state_key()}/a", state_key()])
def test_files_of_others_in_the_folder_are_kept(tmp_path, name):
    (tmp_path / state_key("one")).mkdir()
    mine = tmp_path / name
    mine.parent.mkdir(exist_ok=True)
    mine.touch()
    remove_states(tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [mine]
    assert not (tmp_path / state_key("one")).exists()


REMOVERS = {
    "atomic.py": "its own temporary folder",
    "state.py": "only what has the name of a state",
    "serving/preprocessing.py": "after `refuse_foreign`",
    "outputs/requests.py": "a temporary folder",
}
"""The modules that remove whole folders, and why nobody's files can be in them."""


def test_only_known_modules_remove_whole_folders():
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "rmtree":
                found.add(path.relative_to(ROOT).as_posix())
            is_atomic = isinstance(node, ast.ImportFrom) and node.module == "yt8m.atomic"
            if is_atomic and any(alias.name == "remove" for alias in node.names):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == set(REMOVERS)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
