"""One file from a server that fails in every way: resumed, verified, or refused with a reason."""

import hashlib
import os
import resource
import threading
from itertools import accumulate

import pytest

from tests.download.loopback import another_part, breaks_off, says, sends, slowly, stalls
from tests.ports import free_ports
from yt8m.download import transfer as transfers
from yt8m.download import web_server
from yt8m.download.plan import File
from yt8m.download.server import GoneError
from yt8m.download.transfer import StoppedError, transfer
from yt8m.download.verified import known_content
from yt8m.download.web_server import WebServer
from yt8m.errors import DownloadError, OutputError

NAME = "trainaa.tfrecord"
DATA = os.urandom(100_000)
MD5 = hashlib.md5(DATA).hexdigest()
FILE = File(NAME, MD5, len(DATA))


@pytest.fixture
def fetch(loopback, tmp_path):
    """A function that fetches the file; returns its path."""
    loopback.publish("train", {NAME: DATA})
    path = tmp_path / "train0000.tfrecord"
    server = WebServer(1)

    def run(file=FILE, **more):
        transfer(server, f"{loopback.address}/2/frame/train/{NAME}", file, path, **more)
        assert path.read_bytes() == DATA and known_content(path) == MD5
        assert {p.name for p in tmp_path.iterdir()} == {path.name, ".verified"}
        return path

    yield run
    server.close()


def begins(loopback) -> list[int]:
    """First byte of each request for content."""
    return [begin for method, _, begin in loopback.seen if method == "GET"]


def leave(tmp_path, data: bytes) -> None:
    """What a killed process has left of a file."""
    folder = tmp_path / ".train0000.tfrecord.download"
    folder.mkdir()
    (folder / "train0000.tfrecord").write_bytes(data)


def test_a_file_is_fetched_in_one_request(fetch, loopback):
    counts = []
    fetch(advance=counts.append)
    assert begins(loopback) == [0] and sum(counts) == len(DATA)


def test_a_connection_that_breaks_off_is_continued_where_it_was(fetch, loopback):
    loopback.fail(NAME, breaks_off(30_000), breaks_off(50_000))
    counts = []
    fetch(advance=counts.append)
    assert begins(loopback) == [0, 30_000, 80_000] and sum(counts) == len(DATA)


def test_a_killed_process_is_continued(fetch, loopback, tmp_path):
    leave(tmp_path, DATA[:70_000])
    counts = []
    fetch(advance=counts.append)
    assert begins(loopback) == [70_000] and counts[0] == 70_000 and sum(counts) == len(DATA)


def test_a_process_killed_before_the_last_rename_fetches_nothing(fetch, loopback, tmp_path):
    leave(tmp_path, DATA)
    fetch()
    assert begins(loopback) == []


@pytest.mark.parametrize("left", [DATA[:10] + b"x", DATA + b"more"], ids=["shorter", "longer"])
def test_what_is_left_of_another_file_is_dropped(fetch, loopback, tmp_path, left):
    leave(tmp_path, left)
    counts = []
    fetch(advance=counts.append)
    assert begins(loopback)[-1] == 0 and sum(counts) == len(DATA)


def test_a_server_that_ignores_ranges_starts_over(fetch, loopback, tmp_path):
    loopback.ranges = False
    leave(tmp_path, DATA[:70_000])
    fetch()
    assert begins(loopback) == [70_000]


def test_a_server_that_sends_another_part_than_asked_is_not_believed(fetch, loopback, tmp_path):
    leave(tmp_path, DATA[:70_000])
    loopback.fail(NAME, another_part)
    fetch()
    assert begins(loopback) == [70_000, 70_000]


def test_a_busy_server_is_asked_again(fetch, loopback):
    loopback.fail(NAME, says(500), says(503))
    fetch()
    assert begins(loopback) == [0, 0, 0]


def test_a_slow_server_is_waited_for_longer_than_for_one_that_is_silent(
    fetch, loopback, monkeypatch
):
    monkeypatch.setattr(web_server, "TIMEOUT", (120.0, 3.0))
    loopback.fail(NAME, slowly(8, 0.5))
    fetch()
    assert begins(loopback) == [0]


def test_a_stalled_connection_is_continued(fetch, loopback, monkeypatch):
    monkeypatch.setattr(web_server, "TIMEOUT", (120.0, 3.0))
    over = threading.Event()
    loopback.fail(NAME, stalls(30_000, over))
    fetch()
    over.set()
    assert begins(loopback) == [0, 30_000]


def test_content_with_another_md5_is_fetched_anew_once(fetch, loopback):
    loopback.fail(NAME, sends(DATA[::-1]))
    fetch()
    assert begins(loopback) == [0, 0]


def test_content_with_another_md5_twice_is_refused(fetch, loopback, tmp_path):
    loopback.fail(NAME, *[sends(DATA[::-1])] * 2)
    other = hashlib.md5(DATA[::-1]).hexdigest()
    with pytest.raises(DownloadError, match=f"{NAME}: has MD5 {other}, but the plan says {MD5}"):
        fetch()
    assert not (tmp_path / "train0000.tfrecord").exists() and begins(loopback) == [0, 0]


def test_of_a_file_that_never_ends_no_more_is_kept_than_tells_so(fetch, loopback, monkeypatch):
    monkeypatch.setattr("yt8m.download.web_server.CHUNK", 1000)
    loopback.fail(NAME, *[sends(bytes(5_000_000))] * 2)
    counts = []
    with pytest.raises(DownloadError, match=f"{NAME}: has MD5 "):
        fetch(advance=counts.append)
    assert max(accumulate(counts)) <= len(DATA) + 1000


def test_a_file_of_unknown_size_is_known_by_its_md5(fetch, loopback, tmp_path):
    leave(tmp_path, DATA[:70_000])
    fetch(File(NAME, MD5))
    assert begins(loopback) == [70_000]


def test_a_file_that_the_server_lacks_is_named_without_further_attempts(fetch, loopback):
    loopback.files.pop(f"/2/frame/train/{NAME}")
    with pytest.raises(GoneError, match=rf"train/{NAME}: the server has no such file \(404\)"):
        fetch()
    assert begins(loopback) == [0]


def test_a_server_that_always_breaks_off_is_given_up_and_the_part_is_kept(
    fetch, loopback, tmp_path
):
    loopback.fail(NAME, breaks_off(30_000), *[breaks_off(0)] * 99)
    with pytest.raises(DownloadError, match=f"{NAME}: the connection broke off"):
        fetch()
    assert begins(loopback) == [0] + [30_000] * transfers.BREAKS
    loopback.faults.clear()
    fetch()
    assert begins(loopback)[-1] == 30_000


def test_an_unreachable_server_is_named(fetch, loopback, tmp_path):
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}/x"
    problem = rf"{url}: the server cannot be reached \(.*refused\); check the network, a proxy"
    with pytest.raises(DownloadError, match=problem):
        transfer(WebServer(1), url, FILE, tmp_path / "x")


def test_what_a_proxy_says_is_shown(loopback, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", loopback.address)  # it refuses to connect
    problem = r"the server cannot be reached \(Tunnel connection failed: 501 [^\"]*\); check the"
    with pytest.raises(DownloadError, match=f"https://x.invalid/x: {problem}"):
        transfer(WebServer(1), "https://x.invalid/x", FILE, tmp_path / "x")


def test_a_transfer_that_is_stopped_keeps_what_has_arrived(fetch, loopback, monkeypatch):
    monkeypatch.setattr("yt8m.download.web_server.CHUNK", 1000)
    loopback.fail(NAME, slowly(100, 0.01))
    arrived = []
    with pytest.raises(StoppedError):
        fetch(stopped=lambda: sum(arrived) > 0, advance=arrived.append)
    fetch()
    assert begins(loopback) == [0, sum(arrived)] and 0 < sum(arrived) < len(DATA)


def test_a_disk_that_fills_up_is_named_with_a_remedy_and_the_part_is_kept(
    fetch, loopback, tmp_path
):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"train0000.tfrecord: cannot be written \(File too"):
            fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    fetch()
    assert begins(loopback) == [0, 50_000]
