import csv

import numpy as np
import pytest

from tests.calibration.scored import counted, invented
from yt8m.calibration.threshold_files import COLUMNS, read_thresholds, write_thresholds
from yt8m.calibration.thresholds import NEVER, choose_thresholds
from yt8m.errors import ConfigError


def test_thresholds_survive_the_round_trip_to_the_bit(tmp_path):
    scores = counted(*invented(1))
    found = choose_thresholds(scores.videos, scores.positives, precision=0.9)
    write_thresholds(tmp_path / "t.csv", found, [f"name, {c}" for c in range(12)])
    again = read_thresholds(tmp_path / "t.csv", 12)
    assert again.dtype == np.float32 and (again == found.thresholds).all()
    assert (again == NEVER).any() and (again < 1).any()
    rows = list(csv.DictReader((tmp_path / "t.csv").open(newline="")))
    assert list(rows[0]) == list(COLUMNS)
    never = next(row for row in rows if not row["Threshold"] and int(row["Positives"]))
    assert (never["Precision"], never["Recall"], never["F1"]) == ("", "0.0000", "0.0000")
    assert rows[3]["Name"] == "name, 3" and int(rows[3]["Positives"]) == found.positives[3]


HEAD = "Index,Threshold\n"
REFUSED = {
    "Index,Name\n0,a\n": r"needs columns Index and Threshold; has \['Index', 'Name'\]",
    HEAD + "0,.5\n": "has no row of class 1; to never decide it, leave its Threshold empty",
    HEAD + "0,.5\n2,.5\n": "line 3: Index is '2'; expected 0 to 1",
    HEAD + "0,.5\n0,.5\n": "line 3: Index 0 occurs twice",
    HEAD + "0,\n0,\n": "line 3: Index 0 occurs twice",
    HEAD + "0,1.01\n1,\n": "line 2: Threshold is '1.01'; expected a number from 0 to 1",
    HEAD + "0,nan\n1,\n": "line 2: Threshold is 'nan'",
    HEAD + "0,half\n1,\n": "line 2: Threshold is 'half'",
}


@pytest.mark.parametrize("text", REFUSED)
def test_thresholds_that_are_not_valid_are_refused_by_line(tmp_path, text):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ConfigError, match=REFUSED[text]):
        read_thresholds(tmp_path / "t.csv", 2)


def test_a_file_written_by_hand_needs_two_columns_only(tmp_path):
    (tmp_path / "t.csv").write_text("Threshold,Index\n0.25,1\n,0\n")
    assert read_thresholds(tmp_path / "t.csv", 2).tolist() == [np.inf, 0.25]
