"""Record what a run was made with, and what it makes."""

import json
from pathlib import Path

from yt8m.cli.jobs import logged
from yt8m.json_files import write_json
from yt8m.provenance import provenance

with logged(snakemake.log[0], snakemake.output[0]):
    settings, made = json.loads(snakemake.params.settings), json.loads(snakemake.params.made)
    write_json(Path(snakemake.output[0]), provenance(settings, made))
