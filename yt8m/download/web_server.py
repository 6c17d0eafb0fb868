"""Web servers: lists of files, sizes, and content from any byte on, with retries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Retry

from yt8m.download import server as servers
from yt8m.download.plan import MD5, NAME
from yt8m.download.planned import PlannedFile
from yt8m.download.server import PLAN_AGAIN, GoneError, UnreachableError
from yt8m.errors import DownloadError
from yt8m.json_files import expect, parse_json
from yt8m.printable import error_line
from yt8m.version import __version__

RETRIES = 4
"""Further attempts to reach the server for one request, and to get another answer than an error."""

TIMEOUT = (15.0, 60.0)
"""Seconds without a connection, and without a byte."""

BUSY = (429, 500, 502, 503, 504)
GONE = (404, 410)
NO_HEAD = (405, 501)
NETWORK = "check the network, a proxy if there is one (HTTPS_PROXY), and dataset.source.address"
"""What decides whether a server is reached."""

CHUNK = 1 << 20
"""Most bytes to read at a time."""


class WebServer:
    """A web server, with a pool of connections that several threads use.

    connections: how many at a time. Methods raise DownloadError, naming the address, for a server
    that answers with an error, and UnreachableError for one that cannot be reached.
    """

    def __init__(self, connections: int):
        retry = Retry(
            total=RETRIES,
            backoff_factor=servers.BACKOFF,
            status_forcelist=BUSY,
            allowed_methods=("GET", "HEAD"),
            raise_on_status=False,
        )
        self._session = requests.Session()
        # Encoded files would have other bytes, and other places to continue at.
        self._session.headers.update(
            {"Accept-Encoding": "identity", "User-Agent": f"yt8m/{__version__}"}
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=connections, max_retries=retry))

    def list_files(self, url: str) -> dict[str, str]:
        """Name -> MD5 of all files in a list of the server's, `{"files": {name: md5}}`."""
        with self._answer("GET", url) as answer:
            _check(answer, url)
            try:
                content = parse_json(answer.content)
            except ValueError as error:
                raise DownloadError(f"{url}: is not valid JSON ({error})") from None
        expect(content, {"files": {str: MD5}}, url)
        for name in content["files"]:
            expect(name, NAME, url, "files")
        return content["files"]

    def size_of(self, url: str) -> int | None:
        """Bytes of a file; None if the server does not tell. Raises GoneError if it has none."""
        with self._answer("HEAD", url) as answer:
            if answer.status_code in NO_HEAD:
                return None
            _check(answer, url)
            length = answer.headers.get("Content-Length", "")
            return int(length) if length.isdecimal() and int(length) else None

    @contextmanager
    def content(
        self, url: str, file: PlannedFile, begin: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """As `Server.content`; other content than planned is noticed by its MD5."""
        headers = {"Range": f"bytes={begin}-"} if begin else {}
        with self._answer("GET", url, headers) as answer:
            if answer.status_code == 416:
                yield 0, iter(())
                return
            _check(answer, url, f"; {PLAN_AGAIN}")
            yield _begin_of(answer, begin, url), _chunks(answer)

    @contextmanager
    def _answer(self, method: str, url: str, headers: dict | None = None):
        try:
            with self._session.request(
                method, url, headers=headers, stream=True, timeout=TIMEOUT, allow_redirects=True
            ) as answer:
                yield answer
        except (requests.RequestException, HTTPError) as error:
            cause = _cause(error)
            was_reached = isinstance(cause, ProtocolError | ReadTimeoutError)
            no_connection = isinstance(error, requests.ConnectionError) and not was_reached
            kind = UnreachableError if no_connection else DownloadError
            raise kind(f"{url}: {_reason(cause)}") from None

    def confirm(self, url: str, file: PlannedFile) -> None:
        """Nothing to ask: every file has its MD5."""

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


def _check(answer: requests.Response, url: str, advice: str = "") -> None:
    """Raises DownloadError for an error. advice: what to do about a file that is gone."""
    if answer.status_code in GONE:
        raise GoneError(f"{url}: the server has no such file ({answer.status_code}){advice}")
    if answer.status_code >= 400:
        raise DownloadError(f"{url}: the server answers {answer.status_code} {answer.reason}")


def _begin_of(answer: requests.Response, asked: int, url: str) -> int:
    if answer.status_code != 206:
        return 0
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if not found or int(found[1]) != asked:
        raise DownloadError(f"{url}: the server sends another part of the file than it was asked")
    return asked


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    """What has arrived, at once: nothing of it is lost if the connection breaks off afterwards."""
    while chunk := answer.raw.read1(CHUNK, decode_content=False):
        yield chunk


def _cause(error: Exception) -> Exception:
    """What ended the last attempt, where an error tells of all of them."""
    told = error.args[0] if error.args else None
    cause = getattr(told, "reason", told)
    return cause if isinstance(cause, HTTPError) else error


def _reason(cause: Exception) -> str:
    if isinstance(cause, ProtocolError):
        return "the connection broke off"
    if isinstance(cause, NewConnectionError | ProxyError | SSLError):
        below = getattr(cause, "original_error", None) or cause.__cause__ or cause.args[0]
        why = getattr(below, "strerror", None) or below
        return f"the server cannot be reached ({why}); {NETWORK}"
    if isinstance(cause, requests.Timeout | ConnectTimeoutError | ReadTimeoutError):
        return "the server does not answer, or stopped sending"
    return error_line(cause)
