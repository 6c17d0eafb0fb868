"""TensorFlow and LiteRT without the log lines that they write at every start."""

import faulthandler
import os
import re
import sys
import tempfile
import threading
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
    rb"oneDNN supports DT_BOOL only on platforms with AVX-512",
    rb"^INFO: Created TensorFlow Lite XNNPACK delegate",
]
"""Lines about how the libraries were built, which the user cannot change."""

WITHOUT_GPU = [rb"failed call to cuInit"]
"""Lines that are expected on a machine without a GPU; with one, they report a broken driver."""

DRIVER = Path("/proc/driver/nvidia")


_one_at_a_time = threading.RLock()
"""There is one stderr in a process."""


@contextmanager
def without_startup_lines() -> Iterator[None]:
    """Buffer stderr during the block, including output of C++, and drop these lines from it.

    TensorFlow's log level cannot suppress them: most are written before it is read. If the process
    crashes in the block, faulthandler still prints where. Other threads wait for the block's end
    before they enter one.
    """
    with _one_at_a_time, _filtered():
        yield


@contextmanager
def _filtered() -> Iterator[None]:
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
