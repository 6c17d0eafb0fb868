import pytest

from yt8m.training.workers.addresses import Address, Place, read_addresses


def test_addresses_are_read_as_they_are_written():
    found = read_addresses("node1:2222, node10.example:80,[::1]:65535")
    assert found == (Address("node1", 2222), Address("node10.example", 80), Address("::1", 65535))
    assert read_addresses(",".join(map(str, found))) == found


@pytest.mark.parametrize("text", ["", "node1", "node1:", ":2222", "a:1,", "a:0", "a:65536", "a:-1"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match=r"is not HOST:PORT, such as node1:2222"):
        read_addresses(text)


@pytest.mark.parametrize(
    ("text", "number", "problem"),
    [
        ("a:1", 0, "names one worker; expected two or more"),
        ("a:1,b:1,a:1", 0, "names a:1 twice"),
        ("a:1,b:1", 2, "names 2 workers, so this one is number 0 to 1, not 2"),
        ("a:1,b:1", -1, "not -1"),
    ],
)
def test_a_place_among_workers_that_cannot_be_is_refused(text, number, problem):
    with pytest.raises(ValueError, match=problem):
        Place(read_addresses(text), number)


def test_the_first_worker_is_the_chief():
    places = [Place(read_addresses("a:1,b:2,c:3"), number) for number in range(3)]
    assert [place.is_chief for place in places] == [True, False, False]
    assert [list(place.others) for place in places] == [[1, 2], [0, 2], [0, 1]]
    assert [place.name_of(place.number) for place in places] == [
        "worker 0 (a:1)",
        "worker 1 (b:2)",
        "worker 2 (c:3)",
    ]
