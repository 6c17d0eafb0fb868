"""On PYTHONPATH: notes which modules of the library a `yt8m` command has imported at its end."""

import atexit
import json
import os
import sys
from pathlib import Path


def _note() -> None:
    modules = sorted(name for name in sys.modules if name.split(".")[0] == "yt8m")
    if not modules or not sys.argv[0].endswith("__main__.py") or "snakemake" in sys.argv[0]:
        return
    folder = Path(os.environ["MODULES_FOLDER"])
    folder.mkdir(exist_ok=True)
    note = {"arguments": sys.argv[1:], "modules": modules}
    (folder / f"{os.getpid()}-{os.urandom(4).hex()}.json").write_text(json.dumps(note))


if "MODULES_FOLDER" in os.environ:
    atexit.register(_note)
