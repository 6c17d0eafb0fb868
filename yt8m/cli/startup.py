"""TensorFlow and LiteRT without the lines that they write whenever they start."""

import faulthandler
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTUP = [
    rb"All log messages before absl::InitializeLog\(\) is called",
    rb"oneDNN custom operations are on",
    rb"This TensorFlow binary is optimized to use available CPU instructions",
    rb"^To enable the following instructions: ",
    rb"Could not find cuda drivers on your machine",
    rb"Could not find TensorRT",
    rb"Unable to register cu\w+ (factory|plugin)",
    rb"computation placer already registered",
    rb"^INFO: Created TensorFlow Lite XNNPACK delegate",
]
"""Lines that tell how they were built; no setting of this program changes them."""

WITHOUT_GPU = [rb"failed call to cuInit"]
"""Lines that are no news where there is no GPU; where there is one, its driver does not work."""

DRIVER = Path("/proc/driver/nvidia")


@contextmanager
def without_startup_lines() -> Iterator[None]:
    """Keep what is written to stderr meanwhile, also by C++, and let pass what is no such line.

    No level of TensorFlow's own log leaves them out: most come before it reads the level. Should
    the process crash meanwhile, Python still says where.
    """
    unwanted = re.compile(b"|".join(STARTUP + ([] if DRIVER.exists() else WITHOUT_GPU)))
    sys.stderr.flush()
    watched = faulthandler.is_enabled()
    real = os.dup(2)
    try:
        with tempfile.TemporaryFile() as kept:
            if watched:
                faulthandler.enable(real)
            os.dup2(kept.fileno(), 2)
            try:
                yield
            finally:
                sys.stderr.flush()
                os.dup2(real, 2)
                if watched:
                    faulthandler.enable(2)
                kept.seek(0)
                for line in kept:
                    if not unwanted.search(line):
                        os.write(2, line)
    finally:
        os.close(real)
