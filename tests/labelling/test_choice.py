"""Which labels are given, and when."""

import numpy as np
import pytest

from yt8m.errors import ConfigError
from yt8m.labelling.choice import Choice
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.windows import Windows

VIDEO = Labelled(
    "x",
    "x.mp4",
    9,
    np.array([0.5, 0.2, 0.5, 0.1], "f4"),
    tuple(Windows(2, 3).of(9)),
    np.array(
        [
            [0.9, 0.1, 0.3, 0.0],
            [0.7, 0.1, 0.3, 0.8],
            [0.1, 0.1, 0.6, 0.0],
            [0.6, 0.1, 0.6, 0.0],
            [0.1, 0.1, 0.2, 0.0],
        ],
        "f4",
    ),
)


def given(choice):
    return [label.index for label in choice.of(VIDEO.predictions)]


def test_labels_reach_the_threshold_and_the_most_probable_come_first():
    assert given(Choice()) == [0, 2, 1, 3]
    assert given(Choice(0.2)) == [0, 2, 1]
    assert given(Choice(0.2, top_k=1)) == [0]
    assert given(Choice(np.array([0.6, 0.2, 0.5, np.inf], "f4"))) == [2, 1]
    assert Choice().bound == 5 and Choice(0.5).bound is None


def test_a_label_of_any_window_has_a_row_by_its_highest_probability():
    assert Choice(0.5).rows(VIDEO) == [0, 3, 2]
    assert Choice(0.5, top_k=2).rows(VIDEO) == [0, 3]


def test_windows_that_touch_are_joined_to_the_times_of_a_label():
    assert VIDEO.parts == ((0, 3), (2, 5), (4, 7), (6, 9), (8, 9))
    assert Choice(0.5).when(VIDEO, 0) == [(0, 5), (6, 9)]
    assert Choice(0.5).when(VIDEO, 2) == [(4, 9)]
    assert Choice(0.5).when(VIDEO, 1) == []
    assert Choice().when(VIDEO, 3) == [(2, 5)]


def test_thresholds_and_windows_without_a_meaning_are_refused():
    with pytest.raises(ConfigError, match="expected 0 to 1"):
        Choice(1.5)
    with pytest.raises(ConfigError, match="give 1 second or more"):
        Windows(0, 3)
