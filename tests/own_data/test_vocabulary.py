"""Labels to class numbers."""

import pytest

from tests.own_data.tables import table_of
from yt8m.data.label_names import read_label_names
from yt8m.errors import ConfigError
from yt8m.own_data.vocabulary import build_vocabulary, given_vocabulary, unlearnt, write_labels


def test_names_get_numbers_in_alphabetical_order():
    found = build_vocabulary(table_of(["eel;cat", "dog", "", "cat"]))
    assert (found.names, found.classes) == (("cat", "dog", "eel"), 3)
    assert found.classes_of(("eel", "cat")) == (0, 2)
    assert found.classes_of(()) == ()


def test_numbers_are_kept():
    found = build_vocabulary(table_of(["7;03", "0"]))
    assert (found.names, found.classes) == (None, 8)
    assert found.classes_of(("7", "03", "3")[:2]) == (3, 7)
    assert build_vocabulary(table_of(["7"]), classes=20).classes == 20


def test_a_number_among_names_is_a_name():
    found = build_vocabulary(table_of(["2001", "alien", "1.0"]))
    assert found.names == ("1.0", "2001", "alien")


def test_names_come_back_from_the_file_of_labels(tmp_path):
    path = tmp_path / "labels.csv"
    found = build_vocabulary(table_of(['big "cat", tabby', "größe", "a\u00a0b"]), classes=5)
    write_labels(found.class_names, path)
    assert read_label_names(path, 5) == list(found.names)
    assert found.names[3:] == ("class 3", "class 4")
    write_labels(build_vocabulary(table_of(["2"])).class_names, path)
    assert path.read_text() == "Index,Name\n0,class 0\n1,class 1\n2,class 2\n"


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        (["", ""], None, "mine.csv: no row has a label"),
        (["cat", "dog"], 1, "has 2 labels; dataset.classes is 1"),
        (["1", "5"], 4, "line 3, column labels: '5' is unknown; expected a number from 0 to 3"),
        (
            ["1", "1.0;2"],
            None,
            "line 3, column labels: '1.0' is unknown; expected whole numbers from",
        ),
        (
            ["-1", "1"],
            None,
            "line 2, column labels: '-1' is unknown; expected whole numbers from 0",
        ),
        (["1e3"], None, "line 2, column labels: '1e3' is unknown; expected whole numbers from 0"),
        (["70000"], None, "needs 70,001 classes; at most 65,536"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels, classes, message):
    with pytest.raises(ConfigError, match=message):
        build_vocabulary(table_of(labels), classes)


@pytest.fixture
def given(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text("Index,Name\n0,dog\n2,cat\n")
    return path


def test_a_given_vocabulary_keeps_its_order(given):
    found = given_vocabulary(table_of(["cat", "dog;1"]), given, 3)
    assert found.names == ("dog", "class 1", "cat")
    assert found.classes_of(("cat", "dog", "1")) == (0, 1, 2)


def test_labels_that_a_given_vocabulary_has_not_are_refused(given):
    with pytest.raises(ConfigError, match=r"mine.csv: 2 mistakes:") as caught:
        given_vocabulary(table_of(["cat", "cta", "dog;3"]), given, 3)
    first, second = str(caught.value).splitlines()[1:]
    assert first.startswith("  line 3, column labels: 'cta' is unknown; expected a name in")
    assert second.startswith("  line 4, column labels: '3' is unknown;")
    assert second.endswith("or a number from 0 to 2")
    given.write_text("Index,Name\n0,dog\n2,dog\n")
    with pytest.raises(ConfigError, match=r"given.csv: 'dog' is the name of 0 and 2; rename one"):
        given_vocabulary(table_of(["dog"]), given, 3)


def test_labels_that_cannot_be_learnt_are_reported():
    table = table_of(["cat", "cat;eel;dog", "dog", "cat"])
    assert unlearnt(table, ["train", "validate", "test", "test"], "train") == [
        "split validate: 2 of its labels are not in split train, so they cannot be predicted: "
        "dog, eel",
        "split test: 1 of its labels are not in split train, so they cannot be predicted: dog",
    ]
    assert unlearnt(table, ["train"] * 4, "train") == []
