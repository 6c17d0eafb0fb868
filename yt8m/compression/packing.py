"""Bit packing of codes with fewer than 8 bits: 8 codes of b bits take b bytes.

Codes are written lowest bit first, and fill bytes from the lowest bit on: two 4-bit codes a and b
become the byte a + 16 * b. The last group of 8 codes is padded with zeros.
"""

import numpy as np

CHUNK = 2**17
"""Codes processed at a time, a multiple of 8: each bit of a chunk temporarily takes a byte."""


def code_bits(levels: int) -> int:
    """Bits per code for a number of levels."""
    return (levels - 1).bit_length()


def packed_size(count: int, bits: int) -> int:
    """Bytes of `count` packed codes."""
    return bits * -(-count // 8)


def pack(codes: np.ndarray, bits: int) -> np.ndarray:
    """Pack codes, uint8 [N], each below 2**bits. Returns uint8 [packed_size]."""
    packed = np.zeros(packed_size(len(codes), bits), np.uint8)
    for start in range(0, len(codes), CHUNK):
        chunk = codes[start : start + CHUNK, np.newaxis]
        ones = np.unpackbits(chunk, axis=1, count=bits, bitorder="little")  # [n, bits]
        taken = np.packbits(ones, bitorder="little")
        place = start // 8 * bits
        packed[place : place + len(taken)] = taken
    return packed


def unpack(packed: np.ndarray, bits: int, count: int) -> np.ndarray:
    """The first `count` codes from bytes written by `pack`, uint8 [count]."""
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
