import pytest

from yt8m.errors import ConfigError
from yt8m.recipes import read_recipe

WRONG = [
    ({"kind": "moe", "mixtures": 0}, "mixtures: is 0"),
    ({"kind": "moe", "mixtures": 4097}, "mixtures: is 4097"),
    ({"kind": "moe", "l2": 1e39}, r"l2: is 1e\+39"),
    ({"kind": "logistic", "l2": 1e39}, r"l2: is 1e\+39"),
    ({"kind": "moe", "l2": -1e-6}, "l2: is -1e-06"),
    ({"kind": "moe", "low_rank": -1}, "low_rank: is -1"),
    ({"kind": "moe", "gating": "input"}, "gating: is 'input'"),
    ({"kind": "moe", "remove_diagonal": True}, "remove_diagonal: is true"),
    ({"kind": "moe", "gating": "activations", "remove_diagonal": True}, "remove_diagonal"),
    ({"kind": "logistic", "l2": -1.0}, "l2: is -1"),
]


@pytest.mark.parametrize(("entry", "message"), WRONG)
def test_a_setting_out_of_range_is_refused(entry, message):
    with pytest.raises(ConfigError, match=message):
        read_recipe("yt8m.classifiers", entry, "classifier")
