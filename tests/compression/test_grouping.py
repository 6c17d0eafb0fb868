import numpy as np
import pytest

from yt8m.compression.grouping import blocks, group_counts, matrix_shape


@pytest.mark.parametrize(
    ("shape", "matrix"), [((), (1, 1)), ((5,), (1, 5)), ((4, 3), (4, 3)), ((4, 3, 2), (12, 2))]
)
def test_the_last_axis_becomes_the_columns(shape, matrix):
    assert matrix_shape(shape) == matrix


@pytest.mark.parametrize(
    ("codebooks", "group", "counts"),
    [
        ("variable", 1, (1, 1)),
        ("rows", 1, (6, 1)),
        ("rows", 4, (2, 1)),
        ("columns", 1, (1, 5)),
        ("columns", 2, (1, 3)),
        ("columns", 99, (1, 1)),
    ],
)
def test_groups_of_an_example_by_hand(codebooks, group, counts):
    assert group_counts((2, 3, 5), codebooks, group) == counts
    assert group_counts((30,), codebooks, group) == (1, 1)


@pytest.mark.parametrize("group", range(1, 9))
@pytest.mark.parametrize("codebooks", ["variable", "rows", "columns"])
def test_groups_cover_a_matrix_exactly_once_by_the_formula(codebooks, group):
    shape = (7, 5)
    groups = group_counts(shape, codebooks, group)
    found = np.full(shape, -1)
    for number, block in enumerate(blocks(shape, groups)):
        assert (found[block] == -1).all()
        assert codebooks == "variable" or min(found[block].shape) <= group
        found[block] = number
    places = np.arange(7)[:, None] * groups[0] // 7 + np.arange(5) * groups[1] // 5
    np.testing.assert_array_equal(found, places)
