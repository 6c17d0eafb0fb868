"""How TensorFlow is set up before commands use it."""

import json
import os
import subprocess
import sys

import pytest

from yt8m.cli.options import ALLOCATOR

SHOW = """
import gc, json, os
from yt8m.cli.options import import_tensorflow
import_tensorflow().zeros(3)
print(json.dumps([os.environ["TF_CPU_ALLOCATOR_USE_BFC"], gc.isenabled(), gc.get_freeze_count()]))
"""


@pytest.mark.parametrize("own", [None, "0"])
def test_tensorflow_keeps_its_memory_unless_the_user_says_otherwise(own):
    environment = {n: v for n, v in os.environ.items() if n not in ALLOCATOR}
    if own is not None:
        environment["TF_CPU_ALLOCATOR_USE_BFC"] = own
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, stdout=subprocess.PIPE, check=True
    )
    allocator, collecting, frozen = json.loads(done.stdout)
    assert allocator == (own or ALLOCATOR["TF_CPU_ALLOCATOR_USE_BFC"])
    assert collecting and frozen > 100_000
