"""Parts of a whole: what each has, and which files make a whole."""

from pathlib import Path

import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.parts import WHOLE, Part, in_order


@pytest.mark.parametrize("things", [0, 1, 5, 6, 7, 100])
@pytest.mark.parametrize("of", [1, 2, 6, 9])
def test_every_thing_is_in_one_part_and_parts_are_of_equal_size(things, of):
    shares = [Part(number, of).share(things) for number in range(of)]
    assert [thing for share in shares for thing in share] == [*range(things)]
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert WHOLE.share(things) == range(things)


@pytest.mark.parametrize(("number", "of"), [(2, 2), (-1, 2), (0, 0)])
def test_a_part_that_there_is_not_is_refused(number, of):
    with pytest.raises(ConfigError, match=f"part {number} of {of}: there is no such part"):
        Part(number, of)


A, B, C = map(Path, "abc")


def test_files_are_put_in_the_order_of_their_parts():
    assert in_order({B: Part(2, 3), A: Part(1, 3), C: Part(0, 3)}, "again") == [C, A, B]


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({A: Part(0, 2)}, "a: part 1 of 2 is missing beside it; again"),
        ({A: Part(3, 4)}, "a: part 0 of 4 and 2 more parts are missing beside it; again"),
        ({A: Part(0, 2), B: Part(0, 2)}, "b: is part 0 of 2, as is a; leave one of them out"),
        ({A: Part(0, 1), B: Part(1, 2)}, "a: is part 0 of 1, but b is part 1 of 2; leave the"),
    ],
)
def test_files_that_make_no_whole_are_refused_with_the_remedy(files, text):
    with pytest.raises(ArtefactError) as error:
        in_order(files, "again")
    assert text in str(error.value)
