"""Names of classes."""

import pytest

from yt8m.data.label_names import read_label_names
from yt8m.errors import ConfigError


def test_names_are_read_by_index_and_missing_ones_are_numbers(tmp_path):
    (tmp_path / "v.csv").write_text('Index,Other,Name\n2,x,"Cat, tabby"\n0,x,\n')
    assert read_label_names(tmp_path / "v.csv", 3) == ["class 0", "class 1", "Cat, tabby"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Id,Name\n1,x\n", "needs columns Index and Name"),
        ("Index,Name\n7,x\n", "line 2: Index is '7'"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, text, message):
    (tmp_path / "v.csv").write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_label_names(tmp_path / "v.csv", 3)
