"""The available checkpoints of the original, and how their graphs are run."""

import numpy as np
from click.testing import CliRunner

from yt8m.cli import main
from yt8m.data.schema import Batch

STAGES = {
    "netvlad": "trained",
    "netvlad_ema": "trained",
    "netvlad_ema_quant_uniform": "quantised",
    "netvlad_ema_float16": "quantised",
    "lstmbidirect": "trained",
    "lstmbidirect_ema": "trained",
    "gateddbof": "trained",
    "ensemble": "",
}
"""Where the graph is in the imported folder, by folder."""

MEMBERS = {"netvlad_ema_quant_uniform": 0.5, "lstmbidirect": 0.3, "gateddbof": 0.2}
"""The models of the ensemble, in its order."""


def invoke(*arguments):
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def predicted(graph, frames, num_frames):
    ids = [str(i) for i in range(len(frames))]
    return graph.predict(Batch(ids, frames, num_frames, np.zeros((len(ids), 1), bool)))
