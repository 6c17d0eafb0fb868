"""What a server of files offers to a transfer, and the errors of all kinds of servers."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from yt8m.download.planned import PlannedFile
from yt8m.errors import DownloadError

BACKOFF = 1.0
"""Seconds of the second pause between attempts, which double; there is none before the first."""

PLAN_AGAIN = "plan again, with this config: yt8m records plan CONFIG"
"""What to do about a server that no longer has what was planned."""


class GoneError(DownloadError):
    """The server has no such file."""


class ChangedError(DownloadError):
    """The server has a file of this name with other content than planned."""


class UnreachableError(DownloadError):
    """There is no connection to the server."""


class Server(Protocol):
    """A server, with connections that several threads use.

    Methods raise DownloadError, naming the address, for a server that answers with an error, and
    UnreachableError for one that cannot be reached.
    """

    def content(
        self, url: str, file: PlannedFile, begin: int
    ) -> AbstractContextManager[tuple[int, Iterator[bytes]]]:
        """The content of a file from a byte on: the byte where it begins, and its chunks.

        It begins at 0 if the server ignores where it should, or has nothing from there on.
        Raises GoneError if the server has no such file, and ChangedError if it tells that it has
        another one by now. A connection that breaks off while the chunks are read raises
        DownloadError.
        """

    def confirm(self, url: str, file: PlannedFile) -> None:
        """Raises GoneError or ChangedError if the server does not have this content any more, as
        far as the MD5 of what was sent does not say so.
        """

    def close(self) -> None:
        """Close all connections."""
