"""Refuses budgets that no compression can meet, before the first job starts.

A separate program, `python -m yt8m.describing.budget_check`, because planning must not import
TensorFlow. It reads a config as JSON from standard input and prints what is wrong with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yt8m.config.experiment import Experiment, read_experiment
from yt8m.describing.reading import without_files
from yt8m.errors import ConfigError
from yt8m.recipes import as_entry
from yt8m.state import state_key
from yt8m.workflow.layout import Layout

LIBRARY = Path(__file__).parents[2]
"""Folder of this package, from which the program must be imported too."""

IMPOSSIBLE = 3
"""Exit code of the program if a budget cannot be met."""


def refuse_impossible_budgets(config: Mapping[str, Any], experiment: Experiment) -> None:
    """Raises ConfigError for a `budget_bytes` that an ensemble of this run cannot meet.

    config: what the experiment was read from. Takes seconds, but only once for the same models: a
        note in `results/state` records success. Nothing is checked without TensorFlow, which may be
        installed only in the environments of the jobs.
    """
    made = experiment.made_ensembles()
    budgeted = {n: e for n, e in made.items() if not e.is_imported and e.budget_bytes is not None}
    members = {m: experiment.models[m] for e in budgeted.values() for m in e.candidates}
    layout, key = Layout(experiment.results), _key(experiment, budgeted, members)
    note = Path(layout.state("budgets", key))
    if not budgeted or note.exists():
        return
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(config),
        env={**os.environ, "PYTHONPATH": f"{LIBRARY}:{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
    )
    if done.returncode == IMPOSSIBLE:
        raise ConfigError(done.stdout.strip())
    if done.returncode == 0:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()


def _key(experiment: Experiment, budgeted: Mapping, members: Mapping) -> str:
    return state_key(
        experiment.dataset.schema.as_json(),
        {name: as_entry(ensemble) for name, ensemble in budgeted.items()},
        {name: [as_entry(m.recipe), as_entry(m.quantise)] for name, m in members.items()},
        experiment.dataset.raw_bytes,
    )


def main() -> None:
    """Check the config on standard input."""
    from yt8m.describing.budgets import check_budgets
    from yt8m.describing.costs import variables_of

    experiment = read_experiment(without_files(json.load(sys.stdin)))
    budgeted = (e for e in experiment.ensembles.values() if e.budget_bytes is not None)
    members = {member for ensemble in budgeted for member in ensemble.candidates}
    made, schema = experiment.made_models(), experiment.dataset.schema
    variables = {m: variables_of(made[m].recipe, schema) for m in sorted(members & made.keys())}
    try:
        check_budgets(experiment, variables)
    except ConfigError as error:
        print(error)
        sys.exit(IMPOSSIBLE)


if __name__ == "__main__":
    main()
