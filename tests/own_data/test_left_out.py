"""The table of videos that are left out."""

from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.rows import Row


def test_videos_are_listed_in_the_order_of_the_table_however_they_were_found(tmp_path):
    lines = [17, 3, 101, 20, 2]
    for part, numbers in enumerate((lines[:2], lines[2:])):
        found = LeftOut()
        for number in numbers:
            found.add(Row(f"v{number}", {}, (), f"my 1.csv, line {number}"), "no such file")
        found.write(tmp_path / f"{part}.csv")
    joined = LeftOut.read([tmp_path / "0.csv", tmp_path / "1.csv"])
    joined.write(tmp_path / "all.csv")
    ids = [line.split(",")[0] for line in (tmp_path / "all.csv").read_text().splitlines()]
    assert ids == ["id", "v2", "v3", "v17", "v20", "v101"]
    assert [line.split()[0] for line in joined.table().splitlines()[1:]] == ids[1:]
    assert [line.split()[0] for line in joined.table(2).splitlines()[1:]] == ids[1:3]
    assert (tmp_path / "0.csv").read_text().splitlines()[1].startswith("v3,")
