"""`import yt8m` costs nothing, and finds each name when it is used."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import yt8m
from yt8m import _HOMES

MEASURE = """
import json, sys
before = set(sys.modules)
import yt8m
names = dir(yt8m)
print(json.dumps([names, sorted(set(sys.modules) - before)]))
"""


def test_importing_and_listing_the_names_imports_no_other_package():
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, check=True)
    names, imported = json.loads(done.stdout)
    assert set(yt8m.__all__) <= set(names)
    assert {name for name in imported if name.startswith("yt8m")} == {"yt8m", "yt8m.version"}
    assert not {name.split(".")[0] for name in imported} - {"yt8m"} - sys.stdlib_module_names


@pytest.mark.parametrize("name", yt8m.__all__)
def test_every_name_exists_and_is_documented(name):
    found = getattr(yt8m, name)
    assert name == "__version__" or found.__doc__


def test_an_unknown_name_is_refused_as_by_any_module():
    with pytest.raises(AttributeError, match="module 'yt8m' has no attribute 'laod'"):
        yt8m.laod  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'laod'"):
        from yt8m import laod  # noqa: F401


def test_editors_are_told_the_same_homes():
    """And each name once, in the form that says it is public."""
    stub = Path(yt8m.__file__).with_suffix(".pyi")
    told = {
        alias.asname: node.module
        for node in ast.parse(stub.read_text()).body
        for alias in node.names
        if alias.asname == alias.name
    }
    assert told == _HOMES | {"__version__": "yt8m.version"}
