"""The examples in the documentation of the library give what they show."""

import doctest

import pytest

import yt8m

NAMES = [name for name in yt8m.__all__ if callable(getattr(yt8m, name)) and name != "Label"]
FINDER = doctest.DocTestFinder(exclude_empty=True)
WITH = [test for name in NAMES for test in FINDER.find(getattr(yt8m, name), name) if test.examples]


@pytest.mark.parametrize("test", WITH, ids=lambda test: test.name)
def test_an_example_gives_what_it_shows(test, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert doctest.DocTestRunner().run(test).failed == 0, capsys.readouterr().out


def test_all_functions_and_ways_to_use_a_classifier_have_an_example():
    functions = {"load", "read_records", "write_records", "evaluate", "gap", "perr", "hit_at_one"}
    functions |= {"mean_average_precision"}
    methods = {f"Classifier.{name}" for name in ("predict", "top", "label")}
    assert {test.name for test in WITH} >= functions | methods
