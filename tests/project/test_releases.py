"""What is said about releases agrees: in the list of changes and the citation."""

import datetime
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CHANGES = (ROOT / "CHANGELOG.md").read_text()
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def releases() -> list[tuple[str, str]]:
    """Version and date of every release in CHANGELOG.md, as it lists them."""
    return re.findall(r"^## (\d+\.\d+\.\d+) - (\S+)$", CHANGES, re.M)


def test_the_citation_names_the_newest_release_and_its_date():
    version, date = releases()[0]
    assert CITATION["version"] == version
    assert CITATION["date-released"].isoformat() == date


def test_releases_are_listed_newest_first_below_what_is_unreleased():
    titles = re.findall(r"^## (.*)$", CHANGES, re.M)
    assert titles[0] == "Unreleased"
    assert len(titles) == len(releases()) + 1
    dates = [datetime.date.fromisoformat(date) for _, date in releases()]
    versions = [tuple(map(int, version.split("."))) for version, _ in releases()]
    assert dates == sorted(dates, reverse=True)
    assert versions == sorted(set(versions), reverse=True)


def test_changes_are_sorted_by_their_kind():
    found = re.findall(r"^### (.*)$", CHANGES, re.M)
    assert found and set(found) <= KINDS
