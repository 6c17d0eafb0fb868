import numpy as np

from yt8m.report.drawing.curves import POINTS, _thinned
from yt8m.report.files import History


def test_a_long_history_is_thinned_and_continues_where_the_last_one_ended():
    rows = np.arange(1.0, 1001.0)
    thin = _thinned(History(rows, 1 / rows, rows / 1000), start=500.0)
    assert len(thin.videos) == POINTS
    assert 500 < thin.videos[0] < thin.videos[-1] < 1500
    assert np.all(np.diff(thin.loss) < 0)
