"""What all workers must have in common, and what a refusal says about them."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from yt8m.data.manifest import Manifest
from yt8m.state import state_key
from yt8m.training.state import State
from yt8m.training.task import Task
from yt8m.training.workers.addresses import CHIEF, Place
from yt8m.version import __version__
from yt8m.weights import read_header

Claims = Mapping[str, str]
"""What a worker has, by what it is: values for people to read, equal for all workers."""

NAMES = {
    "replicas": "number of devices",
    "records": "training split",
    "soft_labels": "split of soft labels",
    "start": "file to start from",
    "validation": "split to validate on",
}
"""Names, for people, of what a task depends on; others are their own."""

REMEDIES = {
    "version of yt8m": "install the same version everywhere",
    "version of TensorFlow": "install the same version everywhere",
    "code": "use the same checkout everywhere",
    "devices": "give every worker the same number of GPUs",
    "workers": "give every worker the same --workers",
    "content of its shards": "on every machine, the same files must be at the manifest's paths",
    "saved state": "--state must be the same folder, on a file system that all of them share",
}
"""What to do about a difference; for everything else, `SAME_FILES`."""

END_BYTES, READ_AT_A_TIME = 1024, 16
"""Bytes at the end of each shard that are compared, and shards that are read at the same time."""

SAME_FILES = "give every worker the same files"


def claims_of(task: Task, place: Place, devices: int) -> Claims:
    """What this worker would train on and from. devices: of this worker alone."""
    replicas = devices * len(place.addresses)
    of_task = task.depends_on(replicas).items()
    depends_on = {NAMES.get(word, word): state_key(value) for word, value in of_task}
    return {
        "version of yt8m": __version__,
        "version of TensorFlow": version("tensorflow"),
        "devices": str(devices),
        "workers": ",".join(map(str, place.addresses)),
        **depends_on,
        "content of its shards": _shards(task.files.manifests),
        "saved state": _saved_state(task, replicas),
    }


def difference(place: Place, claims: Mapping[int, Claims]) -> str | None:
    """The first difference between a worker and the chief, as a sentence; None if there is none.

    claims: of each worker by its number.
    """
    expected = claims[CHIEF]
    for number in sorted(claims):
        for what in [*expected, *sorted(claims[number].keys() - expected.keys())]:
            ours, theirs = expected.get(what, "none"), claims[number].get(what, "none")
            if ours != theirs:
                return (
                    f"{place.name_of(number)} has another {what} than {place.name_of(CHIEF)}: "
                    f"{theirs}, not {ours}; {REMEDIES.get(what, SAME_FILES)}"
                )
    return None


def _shards(manifests: Sequence[Manifest]) -> str:
    """A digest of the ends of all shards as this machine has them, or why one cannot be read.

    That the manifests are equal says nothing of the files of another machine, which may be older
    than its manifest. Their ends have other checksums unless they are the same, as a rule; to read
    all of 1.5 TB before training would take hours.
    """
    paths = [shard.path for manifest in manifests for shard in manifest.shards]
    try:
        with ThreadPoolExecutor(READ_AT_A_TIME) as pool:
            return state_key(list(pool.map(_end_of, paths)))
    except OSError as error:
        return f"{error.filename} ({error.strerror})"


def _end_of(path: Path) -> str:
    """Size of a file, and the digest of its last bytes."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - END_BYTES))
        return f"{size} {hashlib.sha256(file.read()).hexdigest()}"


def _saved_state(task: Task, replicas: int) -> str:
    """How far the state is that this worker would resume from, and the digest of its values."""
    path = State(task.files.state, task.key(replicas), 0.0).path
    if not path.exists():
        return "none"
    header, content = read_header(path)
    return f"step {header.get('position')} ({content[:16]})"
