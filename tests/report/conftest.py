"""A results folder for tests of the report."""

import pytest

from tests.browser import open_browser
from tests.report.fabricated import fabricate
from yt8m.report.reading import read_content


@pytest.fixture(scope="package")
def fabricated(tmp_path_factory):
    """Folder and arguments of an invented run that no test changes."""
    folder = tmp_path_factory.mktemp("results")
    return folder, fabricate(folder)


@pytest.fixture(scope="package")
def content(fabricated):
    """The content that the report reads from it."""
    folder, arguments = fabricated
    return read_content(folder, **arguments)


@pytest.fixture(scope="package")
def browser():
    """One for all tests of the page; closed before tests of other packages."""
    with open_browser() as opened:
        yield opened
