"""The quantised stage of a model: its large variables encoded."""

from dataclasses import asdict
from pathlib import Path

from yt8m.artefacts import SIZES, WEIGHTS
from yt8m.compression.plan import quantise_weights
from yt8m.compression.sizes import format_size_table, size_table
from yt8m.config.steps import Quantisation
from yt8m.json_files import write_json
from yt8m.origins import check_place, derived_from
from yt8m.recipes import as_entry
from yt8m.weights import load_weights, read_header, save_weights


def quantise_stage(source: Path, settings: Quantisation, out: Path) -> str:
    """Write `out/weights.safetensors` and `out/sizes.json` from a file of float weights.

    Returns the table of sizes as text. Raises ArtefactError for weights that are not finite, or are
    in a folder where they do not belong.
    """
    weights, header = load_weights(source, kind="weights")
    check_place(source, header)
    stored = quantise_weights(weights, settings.quantiser, settings.min_elements)
    rows = size_table(weights, stored)
    write_json(out / SIZES, [asdict(row) for row in rows])
    words = {"stage": "quantised", "settings": {"quantise": as_entry(settings)}}
    save_weights(out / WEIGHTS, stored, derived_from(header, read_header(source)[1], **words))
    return format_size_table(rows)
