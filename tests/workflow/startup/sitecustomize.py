"""On PYTHONPATH: observes every `yt8m` command that the workflow starts, or replaces it.

Scripts of the workflow are observed, too, under the name `script`, but not replaced.
"""

import atexit
import json
import os
import re
import sys
import traceback
from pathlib import Path


def _note_modules(arguments: list[str], folder: Path) -> None:
    """Record which modules of the library the command has imported."""
    modules = sorted(name for name in sys.modules if name.split(".")[0] == "yt8m")
    folder.mkdir(exist_ok=True)
    note = {"arguments": arguments, "modules": modules}
    (folder / f"{os.getpid()}-{os.urandom(4).hex()}.json").write_text(json.dumps(note))


script = re.search(r"/scripts/tmp\w+\.[0-9a-f]+-(\w+)\.py$", sys.orig_argv[-1])
if script and "MODULES_FOLDER" in os.environ:
    atexit.register(_note_modules, ["script", script[1]], Path(os.environ["MODULES_FOLDER"]))
if sys.orig_argv[1:3] == ["-m", "yt8m"]:
    if "STAND_IN" in os.environ:
        from stand_in import run

        try:
            run(sys.orig_argv[3:])
        except BaseException:  # after which Python would go on with the command itself
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if "SLOWLY" in os.environ:
        from slowly import slow_down

        slow_down(float(os.environ["SLOWLY"]))
    if "MODULES_FOLDER" in os.environ:
        atexit.register(_note_modules, sys.orig_argv[3:], Path(os.environ["MODULES_FOLDER"]))
