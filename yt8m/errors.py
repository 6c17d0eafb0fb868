"""Errors a user can act on. Each message says where, what was found, and how to fix it."""


class Yt8mError(Exception):
    """Base of all errors that the command line prints without a traceback."""


class ConfigError(Yt8mError):
    """A setting is unknown, missing, of the wrong type or out of range."""


class RecordError(Yt8mError):
    """A shard or one of its records is damaged or does not fit the dataset's schema."""


class ArtefactError(Yt8mError):
    """A file of a model, an ensemble or a manifest is damaged, incomplete or of the wrong kind."""


class ArrayError(Yt8mError, ValueError):
    """An array in memory has another shape or type, or other values, than expected."""


class TrainingError(Yt8mError):
    """Training cannot continue, for example because the loss is not finite."""


class OutputError(Yt8mError):
    """A file cannot be written: no space, no permission, or no such folder."""


class LockError(Yt8mError):
    """Another process is writing the same file or using the same state."""


class DownloadError(Yt8mError):
    """A server cannot be reached, has not got a file, or sends another one than it promised."""


class TensorFlowError(Exception):
    """TensorFlow cannot load or run a graph; one line of its own says why."""
