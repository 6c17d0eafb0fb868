"""Files as memory: nothing is read before it is looked at."""

import os
from pathlib import Path

from yt8m.errors import RecordError
from yt8m.files import open_regular


def map_file(path: str | Path) -> memoryview:
    """The file's bytes, mapped into memory, read only, until the last view of them is gone.

    They take no open file, of which a process may have few. Raises RecordError when there is no
    such file, or it is no regular one.
    """
    import pyarrow as pa  # not while a workflow is planned; unlike Python's, its maps need no file

    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size == 0:  # which cannot be mapped
                return memoryview(b"")
        with pa.memory_map(os.fsencode(path)) as mapped:
            return memoryview(mapped.read_buffer()).cast("B")
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror or error}).") from None
