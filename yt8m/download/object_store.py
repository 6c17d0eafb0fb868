"""Object stores, S3 and Google Cloud Storage, through Arrow: listings, versions, and content from
any byte on.

Credentials and addresses come from the environment and its usual files, as for the programs of
Amazon and Google; none is kept here.
"""

import os
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pyarrow import ArrowException
from pyarrow.fs import (
    AwsStandardS3RetryStrategy,
    FileSelector,
    FileSystem,
    FileType,
    GcsFileSystem,
    S3FileSystem,
    resolve_s3_region,
)

from yt8m.download.object_addresses import Address
from yt8m.download.server import PLAN_AGAIN, ChangedError, GoneError
from yt8m.download.store_errors import error_of
from yt8m.download.store_plan import StoredFile
from yt8m.errors import DownloadError

ATTEMPTS = 5
"""Attempts of one request, with pauses that double."""

CONNECT_SECONDS, SILENT_SECONDS = 15, 60
"""Seconds without a connection, and without a byte."""

CHUNK = 1 << 23
"""Most bytes of one request for content: what is lost if the connection breaks off."""

ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_WHERE = f"check the name, and {ENDPOINTS[1]} if it is in a store like S3 that is not Amazon's"


class ObjectStore:
    """The stores of all buckets that are asked for; a `Server`. anonymous: without credentials."""

    def __init__(self, anonymous: bool):
        self._anonymous = anonymous
        self._systems: dict[str, FileSystem] = {}
        self._lock = threading.Lock()

    def matching(self, pattern: Address) -> list[Address]:
        """The objects that an address or pattern matches, sorted. Raises GoneError without any."""
        with _naming(str(pattern)):
            system = self._system(pattern)
            keys = sorted(_keys(system, pattern))
            if not keys and not _exists(system, pattern.bucket):
                raise GoneError(f"{pattern.bucket_address}: there is no such bucket; {_WHERE}")
        if not keys:
            raise GoneError(f"{pattern}: no object matches; check the address")
        return [Address(pattern.scheme, pattern.bucket, key) for key in keys]

    def file_at(self, address: Address) -> StoredFile:
        """What the store has there now. Raises GoneError if it has nothing."""
        return self._file(str(address))

    @contextmanager
    def content(
        self, url: str, file: StoredFile, begin: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """As `Server.content`."""
        address = Address.parse(url)
        with _naming(url):
            opened = self._system(address).open_input_file(address.place)
        try:
            with _naming(url):
                _refuse_another(url, file, _described(url, opened))
            begin = begin if begin <= file.size_bytes else 0
            yield begin, _chunks(url, opened, begin, file.size_bytes)
        finally:
            opened.close()

    def confirm(self, url: str, file: StoredFile) -> None:
        """As `Server.confirm`, since requests for parts of an object do not name its version."""
        _refuse_another(url, file, self._file(url))

    def close(self) -> None:
        """Nothing to close: Arrow does so when the program ends."""

    def _file(self, url: str) -> StoredFile:
        address = Address.parse(url)
        with _naming(url), self._system(address).open_input_file(address.place) as opened:
            return _described(url, opened)

    def _system(self, address: Address) -> FileSystem:
        """The file system of a bucket, made once."""
        bucket = address.bucket_address
        with self._lock:
            if bucket not in self._systems:
                make = _s3 if address.scheme == "s3" else _gcs
                self._systems[bucket] = make(address.bucket, self._anonymous)
            return self._systems[bucket]


def _s3(bucket: str, anonymous: bool) -> S3FileSystem:
    """Amazon's S3, or what speaks its protocol at the address in the environment."""
    endpoint = _endpoint()
    region = next(filter(None, map(os.environ.get, REGIONS)), None)
    if region is None and not endpoint:
        region = resolve_s3_region(bucket)
    return S3FileSystem(
        **endpoint,
        region=region,
        anonymous=anonymous,
        connect_timeout=CONNECT_SECONDS,
        request_timeout=SILENT_SECONDS,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
    )


def _endpoint() -> dict[str, str]:
    """Arrow's words for the address of a store that is not Amazon's; none by default."""
    name = next(filter(os.environ.get, ENDPOINTS), None)
    if name is None:
        return {}
    parts = urlsplit(os.environ[name])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise DownloadError(
            f"{name}: is no address of a server, such as https://storage.example; export another"
        )
    place = parts.netloc + parts.path.rstrip("/")
    return {"scheme": parts.scheme, "endpoint_override": place}


def _gcs(bucket: str, anonymous: bool) -> GcsFileSystem:
    return GcsFileSystem(anonymous=anonymous, retry_time_limit=timedelta(seconds=SILENT_SECONDS))


def _keys(system: FileSystem, pattern: Address) -> Iterator[str]:
    """The keys of the objects that an address or pattern matches."""
    if not pattern.is_pattern:
        found = [system.get_file_info(pattern.place)]
    else:
        above = pattern.fixed_names
        deep = len(above) + 1 < len(pattern.key.split("/"))
        folder = "/".join([pattern.bucket, *above])
        selector = FileSelector(folder, recursive=deep, allow_not_found=True)
        found = system.get_file_info(selector)
    for info in found:
        key = info.path.partition("/")[2]
        is_meant = key == pattern.key or (pattern.is_pattern and pattern.matches(key))
        if info.type == FileType.File and is_meant:
            yield key


def _exists(system: FileSystem, bucket: str) -> bool:
    return system.get_file_info(bucket).type != FileType.NotFound


def _described(url: str, opened: Any) -> StoredFile:
    """What an open object is. opened: Arrow's file."""
    words = {key.casefold(): value.decode() for key, value in opened.metadata().items()}
    for word in ("generation", "etag", "last-modified", "updated"):
        if words.get(word):
            kind = word if word in ("generation", "etag") else "modified"
            version = f"{kind}:{words[word].strip(chr(34))}"
            return StoredFile(url, version, opened.size(), _md5_in(words))
    raise DownloadError(f"{url}: the store tells no version of it: no ETag, and no date")


def _md5_in(words: dict[str, str]) -> str | None:
    """The MD5 that Google's store vouches for: not of objects that were composed of others."""
    found = b64decode(words.get("md5hash", "")).hex()
    return found if len(found) == 32 else None


def _refuse_another(url: str, planned: StoredFile, found: StoredFile) -> None:
    if (found.version, found.size_bytes) != (planned.version, planned.size_bytes):
        raise ChangedError(
            f"{url}: has changed since it was planned ({planned.version}, now {found.version}); "
            f"{PLAN_AGAIN}"
        )


def _chunks(url: str, opened: Any, begin: int, size_bytes: int) -> Iterator[bytes]:
    """The content from a byte on, one request each."""
    while begin < size_bytes:
        with _naming(url):
            chunk = opened.read_at(min(CHUNK, size_bytes - begin), begin)
        if not chunk:
            return
        begin += len(chunk)
        yield chunk


@contextmanager
def _naming(url: str) -> Iterator[None]:
    """Errors of Arrow's as those of a `Server`, which name the address."""
    try:
        yield
    except (OSError, ArrowException) as error:
        raise error_of(url, error) from None
