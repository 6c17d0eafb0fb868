"""What a table holds, for people."""

from dataclasses import replace

from tests.own_data.tables import table_of
from yt8m.own_data.rows import Rows
from yt8m.own_data.summary import summary_of, too_little
from yt8m.own_data.vocabulary import build_vocabulary

LABELS = ["cat;dog", "cat", "", "bee", "cat"]
SPLITS = ["train", "train", "train", "validate", "validate"]


def summary(table):
    return summary_of(Rows(table, SPLITS, build_vocabulary(table), 0)).splitlines()


def test_videos_labels_and_lacking_features_are_counted_by_split():
    table = table_of(LABELS)
    audio = ["/a.npy", "", "", "/b.npy", "/c.npy"]
    lines = summary(replace(table, locations={**table.locations, "audio": audio}))
    assert [line.split() for line in lines[1:3]] == [
        ["train", "3", "1", "2", "2"],
        ["validate", "2", "0", "2", "0"],
    ]
    assert lines[0].split("  ")[-1] == "without audio" and "without rgb" not in lines[0]
    assert lines[3:] == ["3 classes, 3 of them with videos: bee 1, dog 1, cat 3"]


def test_the_rarest_and_the_most_frequent_of_many_labels_are_named():
    labels = [";".join(f"label {m}" for m in range(n, 9)) for n in range(5)]
    last = summary(table_of(labels))[-1]
    assert last == (
        "9 classes, 9 of them with videos; fewest: label 0 1, label 1 2, label 2 3; most: label 8 "
        "5, label 7 5, label 6 5"
    )


def test_splits_that_measure_little_are_named():
    table = table_of(LABELS)
    assert too_little(table, SPLITS, "train") == [
        "split validate: has only 2 labelled videos; differences between models on so few are "
        "mostly chance",
        "split validate: has no video of a label of split train, which it cannot measure: dog",
    ]
    many = table_of(["cat"] * 51 + [""])
    assert too_little(many, ["train"] + ["validate"] * 50 + ["test"], "train") == []
