"""The simulated memory allocator, compared with examples worked by hand."""

from yt8m.describing.allocator import FIRST_REGION, MOST_WASTE, UNIT, Allocator

MB = 2**20


def test_a_size_is_rounded_up_to_units():
    allocator = Allocator()
    allocator.allocate(1)
    assert allocator.in_use == UNIT


def test_a_piece_less_than_twice_the_size_is_allocated_whole():
    allocator = Allocator()
    first = allocator.allocate(FIRST_REGION)  # the whole of the first region
    allocator.free(first)
    allocator.allocate(FIRST_REGION * 3 // 4)
    assert allocator.in_use == FIRST_REGION


def test_a_piece_of_twice_the_size_is_split_and_merged_again():
    allocator = Allocator()
    places = [allocator.allocate(FIRST_REGION // 4) for _ in range(4)]
    assert {region for region, _ in places} == {0}
    for place in (places[1], places[3], places[0], places[2]):
        allocator.free(place)
    assert allocator.in_use == 0
    assert allocator.allocate(FIRST_REGION) == (0, 0)


def test_the_smallest_sufficient_piece_is_allocated():
    allocator = Allocator()
    small, keep, large = (allocator.allocate(n * MB // 4) for n in (1, 1, 3))
    allocator.free(large)
    allocator.free(small)
    assert keep[0] == small[0]
    assert allocator.allocate(MB // 4) == small


def test_no_piece_wastes_more_than_128_mb():
    """A region of 256 MB holds 140 MB and leaves less than 128 MB; one of 512 MB leaves more."""
    allocator = Allocator()
    allocator.allocate(140 * MB)
    assert allocator.in_use == 256 * MB
    allocator.allocate(140 * MB)
    assert allocator.in_use == (256 + 140) * MB
    assert MOST_WASTE == 128 * MB


def test_the_peak_remains_after_everything_is_freed():
    allocator = Allocator()
    allocator.free(allocator.allocate(MB))
    assert (allocator.in_use, allocator.peak) == (0, MB)
