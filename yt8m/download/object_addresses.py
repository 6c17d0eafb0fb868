"""Addresses of objects, such as s3://bucket/folder/train0000.tfrecord, and patterns of them."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from yt8m.errors import ConfigError
from yt8m.paths import filled_in

SCHEMES = ("s3", "gs")
"""Amazon S3 and what speaks its protocol; Google Cloud Storage."""

_ADDRESS = re.compile(r"(s3|gs)://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])/(.+)", re.DOTALL)
_WILDCARDS = re.compile(r"[*?[]")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=+,@-]{0,239}")
"""Names that are no path, no option, no pattern and not hidden, in any program on the way, and so
short (disks take 255 bytes) that hidden files beside them can have names with more."""


@dataclass(frozen=True)
class Address:
    """An object, or a pattern of objects. scheme: one of `SCHEMES`. key: with / between names."""

    scheme: str
    bucket: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Raises ValueError for other texts."""
        found = _ADDRESS.fullmatch(text)
        if not found:
            raise ValueError(
                f"{text!r} is no address of an object, such as s3://bucket/folder/train*.tfrecord"
            )
        return cls(*found.groups())

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}/{self.key}"

    @property
    def place(self) -> str:
        """Bucket and key, as Arrow's file systems name an object."""
        return f"{self.bucket}/{self.key}"

    @property
    def local_name(self) -> str:
        """Its path below the folder of downloads."""
        return f"{self.scheme}/{self.place}"

    @property
    def bucket_address(self) -> str:
        """The address of the bucket."""
        return f"{self.scheme}://{self.bucket}"

    @property
    def is_pattern(self) -> bool:
        """Whether its key has wildcards (* ? [ ])."""
        return bool(_WILDCARDS.search(self.key))

    @property
    def has_safe_names(self) -> bool:
        """Whether its key can be a path on any disk."""
        return all(map(_NAME.fullmatch, self.key.split("/")))

    @property
    def fixed_names(self) -> list[str]:
        """The names in a pattern's key before the first that has wildcards."""
        names = self.key.split("/")
        return names[: next(n for n, name in enumerate(names) if _WILDCARDS.search(name))]

    def matches(self, key: str) -> bool:
        """Whether a key fits this pattern. As in a shell, wildcards match no /, and no hidden
        names.
        """
        patterns, names = self.key.split("/"), key.split("/")
        return len(patterns) == len(names) and all(map(_fits, patterns, names))


def _fits(pattern: str, name: str) -> bool:
    hidden = name.startswith(".") and not pattern.startswith(".")
    return not hidden and fnmatchcase(name, pattern)


def read_pattern(text: str, where: str) -> str:
    """An address or a pattern in a setting, with $VARIABLES expanded. Raises ConfigError for one
    that cannot work.
    """
    found = filled_in(text, where)
    try:
        address = Address.parse(found)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    if not address.is_pattern and not address.has_safe_names:
        raise ConfigError(f"{where}: {found!r}: {UNSAFE}")
    return found


UNSAFE = (
    "has a name that not every disk can hold; rename the object to at most 240 letters, digits "
    "and _ . = + , @ -, or read it from a mounted bucket, by kind 'records'"
)
"""What is wrong with an address without `has_safe_names`, and what would do."""
