"""How TensorFlow is set up before commands use it."""

import json
import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from yt8m.cli import main
from yt8m.runtime.devices import ALLOCATOR

SHOW = """
import gc, json, os
from yt8m.cli import main
from yt8m.runtime.devices import import_tensorflow
import_tensorflow().zeros(3)
print(json.dumps([os.environ["TF_CPU_ALLOCATOR_USE_BFC"], gc.isenabled(), gc.get_freeze_count()]))
"""


@pytest.mark.parametrize("own", [None, "0"])
def test_tensorflow_keeps_its_memory_unless_the_environment_says_otherwise(own):
    environment = {n: v for n, v in os.environ.items() if n not in ALLOCATOR}
    if own is not None:
        environment["TF_CPU_ALLOCATOR_USE_BFC"] = own
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, stdout=subprocess.PIPE, check=True
    )
    allocator, collecting, frozen = json.loads(done.stdout)
    assert allocator == (own or ALLOCATOR["TF_CPU_ALLOCATOR_USE_BFC"])
    assert collecting and frozen > 100_000


BELOW = {
    "--batch-size": "0",
    "--top-k": "0",
    "--keep": "0",
    "--state-seconds": "-1",
    "--gpus": "-1",
}


def counted(group, above=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from counted(command, (*above, name))
            continue
        yield from ((*above, name, p.opts[0]) for p in command.params if p.opts[0] in BELOW)


@pytest.mark.parametrize("line", counted(main), ids=" ".join)
def test_a_number_out_of_range_is_refused_before_anything_is_read(line):
    done = CliRunner().invoke(main, [*line, BELOW[line[-1]]])
    assert done.exit_code == 2
    assert f"{BELOW[line[-1]]} is not in the range" in done.output


def with_fractions(group, above=()):
    """Each option that takes a number with a fraction, and how many values it takes."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from with_fractions(command, (*above, name))
            continue
        for option in command.params:
            kinds = getattr(option.type, "types", [option.type])
            if isinstance(kinds[0], click.types.FloatParamType):
                yield (*above, name, option.opts[0]), len(kinds)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("line", with_fractions(main), ids=str)
def test_a_number_that_is_not_finite_is_refused(line, value):
    (*command, option), values = line
    words = [f"{option}={value}"] if values == 1 else [option, value, *["."] * (values - 1)]
    done = CliRunner().invoke(main, [*command, *words])
    assert done.exit_code == 2
    assert f"{value} is not a finite number" in done.output or "is not in the range" in done.output


@pytest.mark.parametrize("shards", ["5-3", "x", "1-", "-1", "1-2-3", ""])
def test_shards_are_a_number_or_a_range_that_is_not_empty(tmp_path, shards):
    (tmp_path / "m.json").touch()
    done = CliRunner().invoke(
        main,
        ["distil", str(tmp_path), "--records", str(tmp_path / "m.json"), f"--shards={shards}",
         "--state", str(tmp_path / "s"), "--out", str(tmp_path / "o")],
    )  # fmt: skip
    assert done.exit_code != 0 and len(done.output.splitlines()) <= 4
