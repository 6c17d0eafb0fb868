"""Names of classes."""

import pytest

from yt8m.data.label_names import class_count, read_label_names
from yt8m.errors import ConfigError


def test_names_are_read_by_index_and_missing_ones_are_numbers(tmp_path):
    (tmp_path / "v.csv").write_text('Index,Other,Name\n2,x,"Cat, tabby"\n0,x,\n')
    assert read_label_names(tmp_path / "v.csv", 3) == ["class 0", "class 1", "Cat, tabby"]


def test_names_are_in_one_normal_form(tmp_path):
    (tmp_path / "v.csv").write_text("Index,Name\n0,cafe\u0301\n", encoding="utf-8")
    assert read_label_names(tmp_path / "v.csv", 1) == ["caf\u00e9"]


def test_files_written_by_excel_are_read(tmp_path):
    (tmp_path / "v.csv").write_bytes(b'\xef\xbb\xbfIndex,Name\r\n0,"A\r\nB"\r\n1,\xc3\xa9\r\n')
    assert read_label_names(tmp_path / "v.csv", 2) == ["A\r\nB", "é"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Id,Name\n1,x\n", "v.csv: needs columns Index and Name; has .'Id', 'Name'"),
        (b"index,name\n1,x\n", "needs columns Index and Name; has .'index', 'name'"),
        (b"Index;Name\n1;x\n", "needs columns Index and Name; has .'Index;Name'"),
        (b"", "needs columns Index and Name; has None"),
        (b"Index,Name\n7,x\n", "line 2: Index is '7'; expected 0 to 2"),
        (b"Index,Name\n0,x\n-1,x\n", "line 3: Index is '-1'"),
        (b"Index,Name\n1.0,x\n", "line 2: Index is '1.0'"),
        (b"Index,Name\n\xc2\xb2,x\n", "line 2: Index is '²'"),
        (
            b"Index,Name\n" + b"1" * 5000 + b",x\n",
            r"line 2: Index is '1+\.\.\.1+'; expected 0 to 2",
        ),
        (b"Name,Index\nx\n", "line 2: Index is ''"),
        (b"Index,Name\n1,x\n2,y\n1,z\n", "line 4: Index 1 is already on line 2; keep one"),
        (b"Index,Name\n1,\xe9\n", "line 2: byte 0xe9 is not valid UTF-8"),
        ("Index,Name\n1,x\n".encode("utf-16"), "v.csv: is UTF-16; save it as UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, content, message):
    (tmp_path / "v.csv").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_label_names(tmp_path / "v.csv", 3)


def test_more_classes_than_there_can_be_are_refused_before_they_need_memory(tmp_path):
    (tmp_path / "v.csv").write_text("Index,Name\n65535,x\n900000000000,y\n")
    with pytest.raises(ConfigError, match=r"v.csv, line 3: Index is '900000000000'; expected 0 to"):
        class_count(tmp_path / "v.csv")
    with pytest.raises(ConfigError, match=r"v.csv: is for 900,000,000,001 classes; at most 65,536"):
        read_label_names(tmp_path / "v.csv", 900_000_000_001)
    (tmp_path / "v.csv").write_text("Index,Name\n65535,x\n")
    assert class_count(tmp_path / "v.csv") == 65_536


def test_an_unterminated_field_is_refused(tmp_path):
    (tmp_path / "v.csv").write_bytes(b'Index,Name\n1,"' + b"x" * 200_000)
    with pytest.raises(ConfigError, match=r"line 2: is not valid CSV .field larger"):
        read_label_names(tmp_path / "v.csv", 3)
