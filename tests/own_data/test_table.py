"""The table of a user's videos."""

import re
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yt8m.errors import ConfigError
from yt8m.own_data.table import read_table

RGB = {"rgb": ""}


@pytest.fixture
def table(tmp_path):
    """From the text of a table to its path."""

    def written(text, name="mine.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def refused(path, message, features=RGB, **options):
    with pytest.raises(ConfigError, match=message) as caught:
        read_table(path, features, **options)
    return str(caught.value)


def test_a_table_is_read_column_by_column(table, tmp_path):
    path = table(
        "id,rgb,audio,labels,split,uploader\n"
        "a-1,rgb/a.npy,/data/a.npy,cat;dog,train,ann\n"
        '"b 2",rgb/b [1] ö.npy,all.h5:/b/audio,,validate,bob\n'
    )
    found = read_table(path, {"rgb": "", "audio": ""}, group="uploader")
    assert len(found) == 2
    assert found.ids == ["a-1", "b 2"]
    assert found.locations == {
        "rgb": [f"{tmp_path}/rgb/a.npy", f"{tmp_path}/rgb/b [1] ö.npy"],
        "audio": ["/data/a.npy", f"{tmp_path}/all.h5:/b/audio"],
    }
    assert found.labels == [("cat", "dog"), ()]
    assert (found.splits, found.groups) == (["train", "validate"], ["ann", "bob"])
    assert [found.where(0), found.where(1)] == [f"{path}, line 2", f"{path}, line 3"]


def test_an_empty_cell_is_a_feature_that_the_video_lacks_but_one_is_needed(table, tmp_path):
    both = {"rgb": "", "audio": ""}
    found = read_table(table("id,rgb,audio,labels\na,a.npy,,1\nb,,b.npy,1\n"), both)
    assert found.locations["audio"] == ["", f"{tmp_path}/b.npy"]
    path = table("id,rgb,audio,labels\na,a.npy,,1\nb,,,1\n")
    refused(path, "line 3, column rgb, audio: is empty; give the file of rgb or audio", both)


def test_without_splits_and_groups_there_are_none(table):
    found = read_table(table("id,rgb,labels\na,a.npy,1\n"), RGB)
    assert found.splits is None and found.groups is None


def test_spaces_around_values_and_repeated_labels_do_not_count(table):
    found = read_table(table("id, rgb, labels\n a , a.npy, cat ; dog;cat;;\n"), RGB)
    assert found.ids == ["a"]
    assert found.labels == [("cat", "dog")]
    assert found.locations["rgb"][0].endswith("/a.npy")


@pytest.mark.parametrize(
    ("columns", "features", "expected"),
    [
        ("id,path,labels\na,x/{feature}/a.npy,1", {"rgb": "", "audio": ""}, ["x/rgb/a.npy"]),
        ("id,path,labels\na,a.npz,1", {"rgb": "", "audio": ""}, ["a.npz"]),
        ("id,file,labels\na,q.npy,1", {"rgb": "file"}, ["q.npy"]),
        ("id,labels\na,1", {"rgb": "{feature}/{id}.npy"}, ["rgb/a.npy"]),
        ("id,day,labels\na,mon,1", {"rgb": "all.h5:/{day}/{id}"}, ["all.h5:/mon/a"]),
        ("id,path,rgb,labels\na,wrong,right.npy,1", {"rgb": ""}, ["right.npy"]),
    ],
)
def test_files_are_named_by_columns_and_patterns(table, tmp_path, columns, features, expected):
    found = read_table(table(columns), features)
    assert found.locations["rgb"] == [f"{tmp_path}/{name}" for name in expected]
    assert set(found.locations) == set(features)


def test_parquet_is_read_like_csv(table, tmp_path):
    columns = {
        "id": [17, 18],
        "rgb": pa.array(["a.npy", "b.npy"]).dictionary_encode(),
        "labels": [["cat", "dog"], None],
        "split": ["train", "test"],
        "score": [0.5, 0.25],
    }
    path = tmp_path / "mine.parquet"
    pq.write_table(pa.table(columns), path)
    found = read_table(path, RGB)
    assert found.ids == ["17", "18"]
    assert found.labels == [("cat", "dog"), ()]
    assert found.locations["rgb"] == [f"{tmp_path}/a.npy", f"{tmp_path}/b.npy"]
    assert found.splits == ["train", "test"]
    assert found.where(1) == f"{path}, row 2"
    refused(path, "column `score` is of type double; expected texts or whole", group="score")
    refused(path, "has no column `none` with the rgb files", {"rgb": "none"})


@pytest.mark.parametrize(
    "kind",
    [
        pa.large_list(pa.large_string()),
        pa.list_(pa.string_view()),
        pa.list_(pa.string(), 2),
        pa.list_(pa.dictionary(pa.int32(), pa.string())),
        pa.large_list(pa.dictionary(pa.uint32(), pa.large_string())),
    ],
    ids=str,
)
def test_lists_of_labels_of_any_type_keep_their_elements_whole(tmp_path, kind):
    rows = [["cat;dog", " eel "], None, ["eel", None]]
    columns = {"id": ["a", "b", "c"], "rgb": ["a", "b", "c"], "labels": pa.array(rows, kind)}
    pq.write_table(pa.table(columns), tmp_path / "mine.parquet")
    found = read_table(tmp_path / "mine.parquet", RGB)
    assert found.labels == [("cat;dog", "eel"), (), ("eel",)]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.uint32(), pa.large_string()),
    ],
    ids=str,
)
def test_texts_of_any_type_are_read(tmp_path, kind):
    columns = {"id": pa.array(["a", "b", "c"], kind), "rgb": pa.array(["a", "b", "c"], kind)}
    columns["labels"] = pa.array(["cat;dog", None, "eel"], kind)
    pq.write_table(pa.table(columns), tmp_path / "mine.parquet")
    found = read_table(tmp_path / "mine.parquet", RGB)
    assert (found.ids, found.labels) == (["a", "b", "c"], [("cat", "dog"), (), ("eel",)])


@pytest.mark.parametrize("name", ["id", "labels", "rgb", "split"])
@pytest.mark.parametrize("value", [0.5, True, [0.5], {"a": 1}, b"x"])
def test_columns_of_other_types_are_refused_with_their_type(tmp_path, name, value):
    columns = {"id": ["a"], "rgb": ["a"], "labels": ["cat"], "split": ["train"], name: [value]}
    table = pa.table(columns)
    pq.write_table(table, tmp_path / "mine.parquet")
    kind = re.escape(str(table.schema.field(name).type)[:4])
    refused(tmp_path / "mine.parquet", f"column `{name}` is of type {kind}.*; expected texts or")
    if name == "rgb":
        assert len(read_table(tmp_path / "mine.parquet", {"rgb": "{id}.npy"})) == 1


def test_one_name_has_one_spelling(table):
    found = read_table(table("id,rgb,labels\na,a,caf\u00e9;cafe\u0301\nb,b,cafe\u0301\n"), RGB)
    assert found.labels == [("caf\u00e9",), ("caf\u00e9",)]


def test_splits_that_differ_only_in_case_are_refused(table):
    path = table("id,rgb,labels,split\na,a,1,train\nb,b,1,Train\nc,c,1,test\n")
    refused(path, "line 3, column split: 'Train' differs from 'train' in other rows only in case")


def test_labels_that_look_like_missing_values_are_a_warning(table):
    found = read_table(table("id,rgb,labels\na,a,nan;cat\nb,b,cat;NaN\n"), RGB)
    assert any("look like missing values: NaN, nan" in text for text in found.warnings)


def test_parquet_that_is_damaged_or_not_valid_unicode_is_refused(tmp_path):
    path = tmp_path / "mine.parquet"
    ids = pa.array([b"caf\xe9"]).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"id": ids, "rgb": ["a"], "labels": ["cat"]}), path)
    refused(path, "mine.parquet: cannot be read as Parquet .UnicodeDecodeError")
    path.write_bytes(path.read_bytes()[:-20])
    refused(path, "mine.parquet: cannot be read as Parquet .ArrowInvalid")


def test_all_mistakes_are_reported_at_once_with_their_places(table):
    path = table(
        "id,rgb,labels,split\n"
        "a,a.npy,cat,train\n"
        ",b.npy,cat,train\n"
        "a,c.npy,cat,\n"
        '"d,e",,cat,2nd\n'
        "=f(),f.npy,ca\x07t,train\n"
    )
    lines = refused(path, "mine.csv: 8 mistakes:").splitlines()
    assert lines[1:] == [
        "  line 3, column id: is empty; give each video an id",
        "  line 4, column id: 'a' is already on line 2; give each video an id of its own",
        "  line 4, column split: is empty; name a split in every row, or leave the column out",
        "  line 5, column id: is 'd,e', which contains a comma or a quote; use letters, digits, - "
        "and _",
        "  line 5, column rgb: is empty; give the file of rgb, or leave the row out",
        "  line 5, column split: '2nd' is not a valid name; expected a letter, then letters, "
        "digits and _",
        "  line 6, column id: is '=f()', which begins like a formula, which spreadsheets "
        "evaluate; use letters, digits, - and _",
        "  line 6, column labels: 'ca\\x07t' contains a control character; remove it",
    ]


def test_only_the_first_of_many_mistakes_are_listed(table):
    path = table("id,rgb,labels\n" + "a,a.npy,cat\n" * 101)
    text = refused(path, "mine.csv: 100 mistakes; the first 20:")
    assert len(text.splitlines()) == 21
    assert "line 22, column id" in text and "line 23" not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id;rgb;labels\na;b;c\n", "its header is 'id;rgb;labels'; separate columns by commas"),
        ("ID,rgb,labels\na,b,c\n", "has no column `id` of texts or whole numbers"),
        ("id,rgb\na,b\n", "has no column `labels`.*an empty cell means no known labels"),
        ("id,rbg,labels\na,b,c\n", "no column `rgb` or `path` .* did you mean 'rbg'"),
        ("id,rgb,labels,id\na,b,c,d\n", "has several columns id; keep one of each"),
        ("id,rgb,labels\n", "has no rows; list at least one video"),
        ("", "has no column `id`"),
        ("id,rgb,labels\na,b,c,d\n", "line 2: has 4 values; the header names 3 columns. Put"),
        ("id,rgb,labels\n\na,b\n", "line 3: has 2 values"),
        ('id,rgb,labels\na,"b,c\n', "line 2: is not valid CSV|line 3: is not valid CSV"),
        ("id,rgb,labels\na\u200b,b,c\n", r"'a\\u200b', with an invisible character; remove it"),
        (b"id,rgb,labels\n\xe9,b,c\n", "line 2: byte 0xe9 is not valid UTF-8"),
        ("id,rgb,labels\na,b,c\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (b"PAR1 but not really", "cannot be read as Parquet"),
        ("<html>\n<body>404</body>\n", "has no column `id`"),
    ],
)
def test_what_is_not_such_a_table_is_refused(table, text, message):
    refused(table(text), f"mine.csv.*({message})")


def test_what_is_no_file_is_refused(tmp_path):
    refused(tmp_path / "none.csv", "none.csv: cannot be read .No such file")
    refused(tmp_path, "it is a folder")


def test_columns_that_a_setting_names_must_exist(table):
    path = table("id,rgb,labels\na,a.npy,cat\n")
    refused(path, "has no column `rgb_file` with the rgb files", {"rgb": "rgb_file"})
    refused(path, "has no column `idd`, which the pattern .* did you mean 'id'", {"rgb": "{idd}"})
    refused(path, "has no column `uploader`", group="uploader")
    path = table("id,rgb,labels,who\na,a.npy,cat,\n")
    refused(path, "line 2, column who: is empty; give a group", group="who")


def test_values_over_several_lines_do_not_shift_the_numbers_of_lines(table):
    path = table('id,rgb,labels,note\na,a.npy,cat,"one\ntwo"\n\nb,b.npy,cat,\nb,c.npy,cat,\n')
    refused(path, "line 6, column id: 'b' is already on line 5")


def test_a_label_that_appears_once_is_a_warning(table):
    found = read_table(table("id,rgb,labels\na,a,cat;dog\nb,b,cat;eel\n"), RGB)
    (warning,) = found.warnings
    assert "warning: 2 of 3 labels appear only once" in warning and "dog, eel" in warning
    assert read_table(table("id,rgb,labels\na,a,cat\nb,b,cat\n"), RGB).warnings == ()
    (warning,) = read_table(table("id,rgb,labels\na,a,\n"), RGB).warnings
    assert "no row has a label" in warning


def test_large_tables_are_read_quickly_and_without_large_libraries(tmp_path):
    rows = (f"video_{i},rgb/{i}.npy,label {i % 500};label {i % 7},train\n" for i in range(100_000))
    path = tmp_path / "large.csv"
    path.write_text("id,rgb,labels,split\n" + "".join(rows))
    seconds = []
    for _ in range(3):
        start = time.process_time()
        assert len(read_table(path, RGB)) == 100_000
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1  # 0.25 s, on a machine that does nothing else
    parquet = tmp_path / "small.parquet"
    pq.write_table(pa.table({"id": ["a"], "rgb": ["a"], "labels": ["cat"]}), parquet)
    code = (
        "import sys\nfrom yt8m.own_data.table import read_table\n"
        "for path in sys.argv[1:]: read_table(path, {'rgb': ''})\n"
        "sys.exit(str({'pandas', 'tensorflow', 'keras', 'h5py'} & set(sys.modules) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code, path, parquet], capture_output=True)
    assert done.stderr.strip() == b""
