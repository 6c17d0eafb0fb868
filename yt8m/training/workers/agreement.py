"""What all workers must have in common, and what a refusal says about them."""

from collections.abc import Mapping
from importlib.metadata import version

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
    "saved state": "--state must be the same folder, on a file system that all of them share",
}
"""What to do about a difference; for everything else, `SAME_FILES`."""

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


def _saved_state(task: Task, replicas: int) -> str:
    """How far the state is that this worker would resume from, and the digest of its values."""
    path = State(task.files.state, task.key(replicas), 0.0).path
    if not path.exists():
        return "none"
    header, content = read_header(path)
    return f"step {header.get('position')} ({content[:16]})"
