"""Which processors this process computes with, and TensorFlow imported accordingly."""

import gc
import os
import sys
from dataclasses import dataclass

from yt8m.runtime.startup import DRIVER, without_startup_lines
from yt8m.runtime.unused import without_unused

ALLOCATOR = {"TF_CPU_ALLOCATOR_USE_BFC": "1", "TF_CPU_BFC_MEM_LIMIT_IN_MB": str(2**20)}
"""Use TensorFlow's caching allocator on the CPU too, without a limit of its own (1 TiB). By default
each large array is allocated by the system, which fills it with zeros, and then freed."""


@dataclass
class Devices:
    """threads: of TensorFlow, 0 for one per core. gpus: how many to use; None for all."""

    threads: int = 0
    gpus: int | None = None

    @property
    def may_have_gpu(self) -> bool:
        """Whether a GPU may be used, as far as is known without TensorFlow."""
        return self.gpus != 0 and DRIVER.exists()


_chosen: Devices | None = None


def chosen_devices() -> Devices:
    """What was chosen for this process, or else the defaults."""
    return _chosen or Devices()


def choose_devices(threads: int, gpus: int | None) -> None:
    """Limit TensorFlow to this many threads and GPUs, now or when it is imported."""
    global _chosen
    _chosen = Devices(threads, gpus)
    if "tensorflow" in sys.modules:
        _limit(sys.modules["tensorflow"], _chosen)


def use_devices(threads: int, gpus: int | None) -> None:
    """Import TensorFlow with these limits; call it before any computation."""
    choose_devices(threads, gpus)
    import_tensorflow()


def set_allocator() -> None:
    """Choose TensorFlow's allocator; call it before its library is loaded."""
    for name, value in ALLOCATOR.items():
        os.environ.setdefault(name, value)


def import_tensorflow():
    """The TensorFlow module, set up as for all commands.

    Garbage collection is off during the import: it finds nothing and takes a fifth of the time.
    """
    first = "tensorflow" not in sys.modules
    if first:
        set_allocator()
        gc.disable()
        with without_startup_lines(), without_unused():
            import tensorflow

            tensorflow.config.list_physical_devices("GPU")
        gc.freeze()  # these objects live until the end
        gc.enable()
        if _chosen:
            _limit(tensorflow, _chosen)
    return sys.modules["tensorflow"]


def _limit(tensorflow, devices: Devices) -> None:
    config = tensorflow.config
    if devices.threads:
        config.threading.set_intra_op_parallelism_threads(devices.threads)
        config.threading.set_inter_op_parallelism_threads(min(devices.threads, 2))
    found = config.list_physical_devices("GPU")[: devices.gpus]
    config.set_visible_devices(found, "GPU")
    for device in found:
        config.experimental.set_memory_growth(device, True)
