import numpy as np
import pytest

from tests.reference import quantise as reference
from yt8m.compression import packing
from yt8m.compression.packing import pack, packed_size, unpack

BITS = range(2, 9)


def test_codes_of_an_example_by_hand():
    assert pack(np.uint8([1, 2, 15]), 4).tolist() == [0x21, 0x0F, 0, 0]
    assert pack(np.uint8([3, 0, 1, 2]), 2).tolist() == [0b10_01_00_11, 0]
    assert pack(np.uint8([7, 0, 5]), 3).tolist() == [0b01_000_111, 0b1, 0]


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 40, 83])
def test_packing_equals_a_sum_of_shifted_codes(bits, count, monkeypatch):
    monkeypatch.setattr(packing, "CHUNK", 16)
    codes = np.random.default_rng(bits).integers(0, 2**bits, count).astype(np.uint8)
    packed = pack(codes, bits)
    assert packed.tolist() == reference.pack(codes, bits)
    assert len(packed) == packed_size(count, bits)
    np.testing.assert_array_equal(unpack(packed, bits, count), codes)


def test_eight_codes_take_as_many_bytes_as_a_code_has_bits():
    assert [packed_size(8, bits) for bits in BITS] == list(BITS)
    assert packed_size(9, 3) == 6
