import itertools

import numpy as np

from yt8m.report.drawing.labels import place_labels
from yt8m.report.drawing.svg import text_width


def test_labels_overlap_neither_each_other_nor_marks():
    rng = np.random.default_rng(3)
    marks = [
        (x, y, f"model_{i}") for i, (x, y) in enumerate(rng.uniform(80, 520, (14, 2)).tolist())
    ]
    boxes = [(x - 6, y - 6, x + 6, y + 6) for x, y, _ in marks]
    placed = place_labels(marks, boxes, (0, 0, 600, 600))
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}
    for label in placed:
        width = text_width(label.words, 12)
        left = label.x - shift[label.anchor] * width
        boxes.append((left, label.y - 10.8, left + width, label.y + 2.4))
    for a, b in itertools.combinations(boxes[len(marks) :], 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) < 1e-6 or min(a[3], b[3]) - max(a[1], b[1]) < 1e-6


def test_crowded_labels_stay_inside_their_bounds():
    marks = [(100.0, 100.0, f"a_long_name_{i}") for i in range(12)]
    for label in place_labels(marks, [], (0, 0, 300, 300)):
        assert 0 <= label.x <= 300
        assert 0 <= label.y <= 300
