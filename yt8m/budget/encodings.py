"""Encodings of a variable (a quantiser with its settings), and their names in tables."""

from collections.abc import Sequence

from yt8m.protocols import Quantiser
from yt8m.recipes import as_entry, kinds, read_recipe

PACKAGE = "yt8m.compression.quantisers"
BITS = (8, 7, 6, 5, 4, 3, 2)


def encoding_name(quantiser: Quantiser) -> str:
    """Kind and settings as a short text, such as "kmeans bits=4"."""
    entry = as_entry(quantiser)
    defaults = as_entry(type(quantiser)())
    settings = [f"{k}={v}" for k, v in entry.items() if k == "bits" or v != defaults[k]]
    return " ".join([entry["kind"], *settings])


def all_encodings(
    only: Sequence[str] = (), bits: Sequence[int] = ()
) -> list[tuple[str, Quantiser | None]]:
    """float32, then every quantiser (or only these kinds) with each supported number of bits.

    Raises ConfigError for an unknown kind or an unsupported number of bits.
    """
    entries = []
    for kind in only or kinds(PACKAGE):
        plain = read_recipe(PACKAGE, {"kind": kind}, "quantiser")
        has_bits = "bits" in as_entry(plain)
        entries += (
            [{"kind": kind, "bits": b} for b in bits or BITS] if has_bits else [{"kind": kind}]
        )
    encodings = [read_recipe(PACKAGE, entry, "quantiser") for entry in entries]
    return [("float32", None), *((encoding_name(encoding), encoding) for encoding in encodings)]
