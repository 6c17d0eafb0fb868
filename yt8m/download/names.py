"""Names of the shards of YouTube-8M, on disk and in subsets."""

import hashlib
import re
import string
from dataclasses import dataclass

LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits
"""Digits of the numbers in the server's names, to base 62."""

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Names that are no path, no option, and no pattern."""


def local_name(name: str, split: str) -> str:
    """The name of a shard on disk: `trainpj.tfrecord` becomes `train0939.tfrecord`.

    The server's names differ in upper and lower case alone (`trainpj`, `trainPJ`), which not every
    disk tells apart. Names that are not a split's with two digits to base 62 stay as they are.
    """
    number = re.fullmatch(rf"{re.escape(split)}([a-zA-Z0-9])([a-zA-Z0-9])(\..*)", name)
    if not number:
        return name
    first, second, ending = number.groups()
    return f"{split}{len(LETTERS) * LETTERS.index(first) + LETTERS.index(second):04d}{ending}"


@dataclass(frozen=True)
class Subset:
    """Part `part` (from 1) of `of` parts of a split's files, of about equal size."""

    part: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Subset":
        """Such as "1/100". Raises ValueError for other texts, and for a part beyond the last."""
        part, sign, of = text.partition("/")
        if not (sign and part.isdecimal() and of.isdecimal() and 1 <= int(part) <= int(of)):
            raise ValueError(f"{text!r} is not a part of all, such as 1/100")
        return cls(int(part), int(of))

    def __contains__(self, name: str) -> bool:
        """Whether a file belongs to it, by the server's name. The rule is Google's."""
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return int(digest, 16) % self.of == self.part - 1

    def __str__(self) -> str:
        return f"{self.part}/{self.of}"
