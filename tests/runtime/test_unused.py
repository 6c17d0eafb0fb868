"""Commands do not import the packages that libraries load only because they are installed."""

import subprocess
import sys

import pytest

from yt8m.runtime.unused import UNUSED

STEPS = """
import yt8m.budget.members, yt8m.budget.sweep, yt8m.budget.table, yt8m.frontier.measuring
import yt8m.outputs.distillation, yt8m.outputs.evaluation, yt8m.outputs.split_predictions
import yt8m.serving.ensemble, yt8m.training.run, yt8m.weight_learning.run
"""
TABLE = "import pyarrow; table = pyarrow.table({'class': [1, 2]})"
CASES = {
    "steps that compute": f"devices.import_tensorflow()\n{STEPS}",
    "steps that write Parquet": f"unused.import_pyarrow()\n{TABLE}",
}


def imported_after(code: str) -> set[str]:
    """Top-level packages that a new process has imported after running some code."""
    head = "import sys\nfrom yt8m.cli import options\nfrom yt8m.runtime import devices, unused\n"
    tail = "\nprint(*{name.split('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", head + code + tail]
    return set(subprocess.check_output(command, text=True).split())


@pytest.mark.parametrize("what", CASES)
def test_these_import_no_package_that_is_unused(what):
    found = imported_after(CASES[what])
    assert {"tensorflow", "pyarrow"} & found
    assert not found & set(UNUSED)


def test_afterwards_such_a_package_works_as_ever():
    code = f"unused.import_pyarrow()\n{TABLE}\nassert table.to_pandas()['class'].tolist() == [1, 2]"
    assert "pandas" in imported_after(code)


def test_a_package_that_was_imported_before_stays():
    code = "import pandas\nwith unused.without_unused():\n    import pandas.core\n"
    assert "pandas" in imported_after(code)
