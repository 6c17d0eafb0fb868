"""The pages about the library."""

import re
import sys

import pytest

import yt8m
from tests.workflow.project import ROOT

PAGES = "\n".join(p.read_text() for p in sorted((ROOT / "docs/reference/library").glob("*.md")))
NAMED = re.findall(r"^::: (\S+)$", PAGES, re.MULTILINE)


def test_every_public_name_is_documented_once():
    public = [name.removeprefix("yt8m.") for name in NAMED if name.count(".") == 1]
    assert sorted(public) == sorted(set(yt8m.__all__) - {"__version__"})


@pytest.fixture
def with_lists(monkeypatch):
    pytest.importorskip("griffe", reason="the extra docs is not installed")
    monkeypatch.syspath_prepend(ROOT / "docs")
    from argument_lists import with_lists

    yield with_lists
    del sys.modules["argument_lists"]


def test_arguments_become_a_list_and_what_is_returned_a_paragraph(with_lists):
    given = "Summary: short.\n\na, b: floats [B],\n    all finite.\nc: text.\nReturns one.\n\nMore."
    lines = ["- **a, b**: floats [B],", "  all finite.", "- **c**: text.", "", "Returns one."]
    assert with_lists(given).splitlines()[-8:] == ["", *lines, "", "More."]


def test_other_text_stays(with_lists):
    for text in ("One line.", "Two\nlines.\n\nAnd `a: b`\n    indented", "See https://example.org"):
        assert with_lists(text) == text
