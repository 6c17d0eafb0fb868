"""Codebooks of float32 levels, and for each element the code of its level.

decoded[i] = codebook[codes[i]]

codebook: [L] for the whole variable; or one for each group of rows, [G, 1, L], or of columns,
[1, G, L], see `grouping`. An empty variable has an empty codebook.
codes: uint8, one byte per element, of the variable's shape; or packed (see `packing`) if that takes
fewer bytes, with L = 2**bits.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import Field

from yt8m.compression.grouping import Codebooks, blocks, group_counts, matrix_shape
from yt8m.compression.nearest import nearest
from yt8m.compression.packing import code_bits, pack, packed_size, unpack
from yt8m.compression.storage import Encoded, expect_array
from yt8m.strict import settings

PARTS = ("codes", "codebook")


@settings
class CodebookQuantiser:
    """Base of the quantisers that choose centres: each value becomes its nearest centre."""

    bits: int = Field(8, ge=2, le=8, description="of a code: there are 2**bits centres")
    codebooks: Codebooks = Field(
        "variable",
        description='"variable": one codebook for each; "rows" or "columns": one for each group of '
        "rows, or of columns (the last axis), of every variable with two axes or more",
    )
    group: int = Field(1, ge=1, description="adjacent rows or columns that share a codebook")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Only rows and columns come in groups."""
        if self.group > 1 and self.codebooks == "variable":
            yield "group", f"is {self.group}; needs `codebooks: rows` or `codebooks: columns`"

    @property
    def levels(self) -> int:
        """Number of levels in a codebook."""
        return 2**self.bits

    def centres(self, values: np.ndarray) -> np.ndarray:
        """Levels for these values. values: float32 [N], N > 0. Returns ascending [<= levels]."""
        raise NotImplementedError

    def encode(self, values: np.ndarray) -> Encoded:
        """See `yt8m.protocols.Quantiser`."""
        if not values.size:
            empty = {"codes": np.zeros(values.shape, np.uint8), "codebook": np.zeros(0, np.float32)}
            return Encoded("codebook", values.shape, empty)
        matrix = values.reshape(matrix_shape(values.shape))  # [R, C]
        groups = group_counts(values.shape, self.codebooks, self.group)
        codes = np.empty(matrix.shape, np.uint8)
        books = np.empty((math.prod(groups), self.levels), np.float32)
        for book, block in zip(books, blocks(matrix.shape, groups), strict=True):
            part = matrix[block]
            centres = self.centres(part.ravel())
            book[:] = np.pad(centres, (0, self.levels - len(centres)), mode="edge")
            codes[block] = nearest(part.ravel(), book).reshape(part.shape)
        if packed_size(codes.size, self.bits) < codes.size:
            codes = pack(codes.ravel(), self.bits)
        else:
            codes = codes.reshape(values.shape)
        shape = (self.levels,) if groups == (1, 1) else (*groups, self.levels)
        return Encoded("codebook", values.shape, {"codes": codes, "codebook": books.reshape(shape)})

    def encoded_bytes(self, shape: Sequence[int]) -> int:
        """See `yt8m.protocols.Quantiser`."""
        if not (count := math.prod(shape)):
            return 0
        groups = math.prod(group_counts(shape, self.codebooks, self.group))
        return min(count, packed_size(count, self.bits)) + 4 * self.levels * groups


def decode(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> np.ndarray:
    """float32, of the variable's shape."""
    codes, codebook = arrays["codes"], arrays["codebook"]
    if codes.size < math.prod(shape):
        codes = unpack(codes, code_bits(codebook.shape[-1]), math.prod(shape))
    if codebook.ndim == 1:
        return codebook[codes].reshape(shape)
    codes = codes.reshape(matrix_shape(shape))
    values = np.empty(codes.shape, np.float32)
    books = codebook.reshape(-1, codebook.shape[-1])
    for book, block in zip(books, blocks(codes.shape, codebook.shape[:2]), strict=True):
        values[block] = book[codes[block]]
    return values.reshape(shape)


def check(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> None:
    """Raises ValueError unless the arrays can be decoded to that shape."""
    codes, codebook, count = arrays["codes"], arrays["codebook"], math.prod(shape)
    groups, levels = codebook.shape[:-1], codebook.shape[-1] if codebook.ndim else 0
    if codebook.dtype != np.float32 or levels > 256 or codebook.ndim not in (1, 3):
        raise ValueError(f"has a codebook of {codebook.dtype} {list(codebook.shape)}")
    packed = bool(count) and levels > 1 and codes.size == packed_size(count, code_bits(levels))
    if not packed or codes.size >= count or codes.dtype != np.uint8 or codes.ndim != 1:
        expect_array(codes, np.uint8, shape)
    if groups and (not count or any(n < 1 for n in groups) or min(groups) > 1):
        raise ValueError(f"has codebooks of shape {list(codebook.shape)}")
    if groups and any(n > most for n, most in zip(groups, matrix_shape(shape), strict=True)):
        raise ValueError(f"has {math.prod(groups)} codebooks for shape {list(shape)}")
    highest = int(codes.max(initial=0)) if codes.size >= count else 2 ** code_bits(levels) - 1
    if count and highest >= levels:
        raise ValueError(f"has codes up to {highest} for {levels} levels")


def about(arrays: Mapping[str, np.ndarray]) -> str:
    """Description such as "codebook, 4 bits, 96 by columns"."""
    shape = arrays["codebook"].shape
    if not shape[-1]:
        return "codebook"
    text = f"codebook, {code_bits(shape[-1])} bits"
    if len(shape) == 1:
        return text
    rows, columns = shape[:2]
    return f"{text}, {rows} by rows" if rows > 1 else f"{text}, {columns} by columns"
