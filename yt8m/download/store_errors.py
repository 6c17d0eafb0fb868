"""What Arrow says of a store that refuses or fails, in words that say what to do."""

import re

from yt8m.download.server import PLAN_AGAIN, GoneError, UnreachableError
from yt8m.errors import DownloadError
from yt8m.printable import error_line

_REFUSED = re.compile(
    r"ACCESS_DENIED|INVALID_ACCESS_KEY|SIGNATURE|TOKEN|CREDENTIAL|HTTP status 40[13]"
    r"|PERMISSION_DENIED|UNAUTHENTICATED"
)
_MOVED = re.compile(r"PERMANENT_REDIRECT|PermanentRedirect|HTTP status 301")
_UNREACHABLE = re.compile(
    r"NETWORK_CONNECTION|Couldn.t connect|Could not resolve|CURL error \[[67]\]"
)
_BUSY = re.compile(r"SLOW_DOWN|SERVICE_UNAVAILABLE|INTERNAL_FAILURE|HTTP status 5\d\d|UNAVAILABLE")

CREDENTIALS = {
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "gs": "set GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login",
}
"""Scheme -> where its credentials come from."""

ADDRESS = {
    "s3": "check the network, and AWS_ENDPOINT_URL if the store is not Amazon's",
    "gs": "check the network",
}
"""Scheme -> what decides where a store is looked for."""


def error_of(url: str, error: Exception) -> DownloadError:
    """The error of a `Server` for one of Arrow's, which has the store's own words."""
    text = re.sub(r"'[^']*'", "'...'", str(error))  # without names of buckets and objects
    if isinstance(error, FileNotFoundError):
        return GoneError(f"{url}: the store has no such object, or no such bucket; {PLAN_AGAIN}")
    if _MOVED.search(text):
        return DownloadError(f"{url}: the bucket is in another region; set AWS_REGION")
    if _REFUSED.search(text):
        remedy = CREDENTIALS[url.partition(":")[0]]
        return DownloadError(
            f"{url}: the store refuses access ({_words(text)}); {remedy}; for a public bucket set "
            "dataset.source.anonymous: true"
        )
    if _UNREACHABLE.search(text):
        remedy = ADDRESS[url.partition(":")[0]]
        return UnreachableError(f"{url}: the store cannot be reached ({_words(text)}); {remedy}")
    if _BUSY.search(text):
        return DownloadError(f"{url}: the store is busy or fails ({_words(text)}); try later")
    return DownloadError(f"{url}: {error_line(error)}")


def _words(text: str) -> str:
    """The store's own words for an error, such as ACCESS_DENIED."""
    found = re.search(r"AWS Error (\w+)", text)
    return found[1] if found else error_line(OSError(text)).partition(": ")[2]
