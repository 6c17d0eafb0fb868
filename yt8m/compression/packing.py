"""Codes of fewer than 8 bits side by side: 8 of them in as many bytes as a code has bits.

The bits of the codes follow each other from the lowest to the highest, and fill bytes from the
lowest bit on: two codes of 4 bits, a and b, are the byte a + 16 * b. The last 8 are filled up with
zeros.
"""

import numpy as np

CHUNK = 2**17
"""Codes handled in one go, a multiple of 8: each bit of a chunk is a byte for a while."""


def code_bits(levels: int) -> int:
    """Bits of a code that is one of `levels`."""
    return (levels - 1).bit_length()


def packed_size(count: int, bits: int) -> int:
    """Bytes of `count` codes."""
    return bits * -(-count // 8)


def pack(codes: np.ndarray, bits: int) -> np.ndarray:
    """codes: uint8 [N], below 2**bits. Returns uint8 [packed_size]."""
    packed = np.zeros(packed_size(len(codes), bits), np.uint8)
    for start in range(0, len(codes), CHUNK):
        chunk = codes[start : start + CHUNK, np.newaxis]
        ones = np.unpackbits(chunk, axis=1, count=bits, bitorder="little")  # [n, bits]
        taken = np.packbits(ones, bitorder="little")
        place = start // 8 * bits
        packed[place : place + len(taken)] = taken
    return packed


def unpack(packed: np.ndarray, bits: int, count: int) -> np.ndarray:
    """The first `count` codes of `pack`'s bytes, uint8 [count]."""
    codes = np.empty(count, np.uint8)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        place = start // 8 * bits
        ones = np.unpackbits(
            packed[place : place + packed_size(size, bits)], count=size * bits, bitorder="little"
        )
        ones = ones.reshape(size, bits)
        codes[start : start + size] = np.packbits(ones, axis=1, bitorder="little")[:, 0]
    return codes
