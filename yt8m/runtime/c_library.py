"""TensorFlow's C library, which its Python package contains, with the types of its functions.

The interface is that of tensorflow/c/c_api.h, which TensorFlow keeps stable.
"""

import ctypes
import functools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from importlib.util import find_spec
from pathlib import Path

from yt8m.runtime.devices import chosen_devices, set_allocator
from yt8m.runtime.startup import without_startup_lines

FILES = ("libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib")


class Output(ctypes.Structure):
    """`TF_Output`: a result of an operation."""

    _fields_ = (("operation", c_void_p), ("index", c_int))


FUNCTIONS = {
    "TF_NewStatus": (c_void_p, []),
    "TF_GetCode": (c_int, [c_void_p]),
    "TF_Message": (c_char_p, [c_void_p]),
    "TF_DeleteStatus": (None, [c_void_p]),
    "TF_NewGraph": (c_void_p, []),
    "TF_DeleteGraph": (None, [c_void_p]),
    "TF_GraphOperationByName": (c_void_p, [c_void_p, c_char_p]),
    "TF_NewSessionOptions": (c_void_p, []),
    "TF_SetConfig": (None, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "TF_DeleteSessionOptions": (None, [c_void_p]),
    "TF_LoadSessionFromSavedModel": (
        c_void_p,
        [c_void_p, c_void_p, c_char_p, POINTER(c_char_p), c_int, c_void_p, c_void_p, c_void_p],
    ),
    "TF_SessionRun": (
        None,
        [
            *(c_void_p, c_void_p),
            *(POINTER(Output), POINTER(c_void_p), c_int),
            *(POINTER(Output), POINTER(c_void_p), c_int),
            *(POINTER(c_void_p), c_int, c_void_p, c_void_p),
        ],
    ),
    "TF_CloseSession": (None, [c_void_p, c_void_p]),
    "TF_DeleteSession": (None, [c_void_p, c_void_p]),
    "TF_AllocateTensor": (c_void_p, [c_int, POINTER(c_int64), c_int, c_size_t]),
    "TF_DeleteTensor": (None, [c_void_p]),
    "TF_TensorData": (c_void_p, [c_void_p]),
    "TF_TensorType": (c_int, [c_void_p]),
    "TF_NumDims": (c_int, [c_void_p]),
    "TF_Dim": (c_int64, [c_void_p, c_int]),
}
"""Result and arguments of each function that is used."""


@functools.cache
def library_file() -> Path | None:
    """The library of the installed TensorFlow; None if there is none, or it has another name."""
    package = find_spec("tensorflow")
    folders = package.submodule_search_locations if package else None
    found = (Path(folder, name) for folder in folders or () for name in FILES)
    return next((path for path in found if path.is_file()), None)


@functools.cache
def c_library() -> ctypes.CDLL:
    """The library, loaded on first use. Raises OSError if it cannot be."""
    set_allocator()
    with without_startup_lines():
        loaded = ctypes.CDLL(str(library_file()))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


@contextmanager
def loading_ahead() -> Iterator[None]:
    """Load the library, which takes half a second, while the block does something else."""
    if chosen_devices().may_have_gpu or library_file() is None:
        yield
        return
    set_allocator()
    thread = threading.Thread(target=_map_into_memory, args=(library_file(),))
    with without_startup_lines():
        thread.start()
        try:
            yield
        finally:
            thread.join()


def _map_into_memory(path: Path) -> None:
    """What takes long in `CDLL`, by a call during which other threads run, as they do not there."""
    ctypes.CDLL(None).dlopen(bytes(path), os.RTLD_NOW)
