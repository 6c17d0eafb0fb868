"""Train video classifiers on frame-level features, and combine them within a byte budget.

The names in `__all__` are the library for notebooks and scripts. They are imported at their first
use, so that `import yt8m` itself imports neither TensorFlow nor NumPy. `__init__.pyi` tells editors
and type checkers where they are.
"""

from yt8m.version import __version__

_HOMES = {
    "Classifier": "yt8m.library.classifier",
    "Label": "yt8m.library.classifier",
    "load": "yt8m.library.loading",
    "RecordFiles": "yt8m.library.records",
    "read_records": "yt8m.library.records",
    "write_records": "yt8m.library.records",
    "Batch": "yt8m.data.schema",
    "Schema": "yt8m.data.schema",
    "Video": "yt8m.data.schema",
    "evaluate": "yt8m.library.scores",
    "gap": "yt8m.library.scores",
    "hit_at_one": "yt8m.library.scores",
    "mean_average_precision": "yt8m.library.scores",
    "perr": "yt8m.library.scores",
    "ArrayError": "yt8m.errors",
    "ArtefactError": "yt8m.errors",
    "ConfigError": "yt8m.errors",
    "OutputError": "yt8m.errors",
    "RecordError": "yt8m.errors",
    "Yt8mError": "yt8m.errors",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
