"""A saved graph run by TensorFlow's C library, in a process that does not import TensorFlow."""

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from ctypes import c_char_p, c_int64, c_void_p, memmove
from pathlib import Path

import numpy as np

from yt8m.errors import TensorFlowError
from yt8m.printable import printable
from yt8m.runtime.c_library import Output, c_library
from yt8m.runtime.devices import chosen_devices
from yt8m.runtime.messages import Config
from yt8m.runtime.startup import without_startup_lines

TYPES = {1: "float32", 2: "float64", 3: "int32", 4: "uint8", 9: "int64", 10: "bool", 19: "float16"}
"""NumPy's names of TensorFlow's types."""

NUMBERS = {np.dtype(name): number for number, name in TYPES.items()}


class Session:
    """A loaded SavedModel on the CPU, whose operations are run by name.

    folder: of the SavedModel. It is only read while loading.
    Raises TensorFlowError if it cannot be loaded.
    """

    def __init__(self, folder: Path):
        library = c_library()
        self._graph = library.TF_NewGraph()
        tags = (c_char_p * 1)(b"serve")
        with without_startup_lines(), _status() as status, _options() as options:
            self._session = library.TF_LoadSessionFromSavedModel(
                options, None, bytes(folder), tags, 1, self._graph, None, status
            )
        self._has_run = False
        # Not at the end of the process, when other threads may still be running it.
        weakref.finalize(self, _close, self._session, self._graph).atexit = False

    def run(self, feeds: Mapping[str, np.ndarray], fetches: Sequence[str]) -> list[np.ndarray]:
        """The values of some tensors, given those of others, by their names ("operation:0").

        Raises TensorFlowError for a name that is not in the graph, and if TensorFlow fails.
        """
        library, given, made = c_library(), [], (c_void_p * len(fetches))()
        try:
            for values in feeds.values():
                given.append(_tensor(values))
            with self._quietly(), _status() as status:
                library.TF_SessionRun(
                    *(self._session, None),
                    *(self._outputs(feeds), (c_void_p * len(given))(*given), len(given)),
                    *(self._outputs(fetches), made, len(made)),
                    *(None, 0, None, status),
                )
            return [_array(tensor) for tensor in made]
        finally:
            for tensor in filter(None, (*given, *made)):
                library.TF_DeleteTensor(tensor)

    def _quietly(self) -> AbstractContextManager:
        """The first run is still a start: libraries choose their kernels."""
        first, self._has_run = not self._has_run, True
        return without_startup_lines() if first else nullcontext()

    def _outputs(self, names) -> Sequence[Output]:
        return (Output * len(names))(*map(self._output, names))

    def _output(self, name: str) -> Output:
        operation, _, index = name.partition(":")
        found = c_library().TF_GraphOperationByName(self._graph, operation.encode())
        if not found:
            raise TensorFlowError(f"has no operation {operation!r}")
        return Output(found, int(index or 0))


def _close(session, graph) -> None:
    library = c_library()
    try:
        with _status() as status:
            library.TF_CloseSession(session, status)
            library.TF_DeleteSession(session, status)
    finally:
        library.TF_DeleteGraph(graph)


@contextmanager
def _status() -> Iterator[int]:
    """A status to pass to calls of the block. Raises TensorFlowError if it then holds an error."""
    library = c_library()
    status = library.TF_NewStatus()
    try:
        yield status
        if library.TF_GetCode(status):
            message = library.TF_Message(status).decode(errors="replace")
            raise TensorFlowError(printable(" ".join(message.split()))[:200])
    finally:
        library.TF_DeleteStatus(status)


@contextmanager
def _options() -> Iterator[int]:
    """Options of a session on the CPU, with the threads of this process."""
    library, threads = c_library(), chosen_devices().threads
    config = Config(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=min(threads, 2)
    )
    config.device_count.add(key="GPU", value=0)
    content = config.SerializeToString()
    options = library.TF_NewSessionOptions()
    try:
        with _status() as status:
            library.TF_SetConfig(options, content, len(content), status)
        yield options
    finally:
        library.TF_DeleteSessionOptions(options)


def _tensor(values: np.ndarray) -> int:
    """A tensor with a copy of an array."""
    values, library = np.asarray(values, order="C"), c_library()
    shape = (c_int64 * values.ndim)(*values.shape)
    tensor = library.TF_AllocateTensor(NUMBERS[values.dtype], shape, values.ndim, values.nbytes)
    memmove(library.TF_TensorData(tensor), values.ctypes.data, values.nbytes)
    return tensor


def _array(tensor: int) -> np.ndarray:
    """A copy of a tensor as an array."""
    library = c_library()
    shape = [library.TF_Dim(tensor, axis) for axis in range(library.TF_NumDims(tensor))]
    values = np.empty(shape, TYPES[library.TF_TensorType(tensor)])
    memmove(values.ctypes.data, library.TF_TensorData(tensor), values.nbytes)
    return values
