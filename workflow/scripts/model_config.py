"""Write the settings that a model's weights of one stage depend on."""

import json
from pathlib import Path

from yt8m.cli.jobs import logged
from yt8m.config.model import write_model_config

with logged(snakemake.log[0], snakemake.output[0]):
    write_model_config(Path(snakemake.output[0]), json.loads(snakemake.params.entry))
