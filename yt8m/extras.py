"""What optional packages bring: their modules, and the files inside them."""

import importlib
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from yt8m.errors import ConfigError


def optional_module(name: str, extra: str, purpose: str) -> ModuleType:
    """A module of a package that an extra installs.

    purpose: what needs it, the first words of a message. Raises ConfigError without the package.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConfigError(
            f"{purpose} needs {name.partition('.')[0]}, which cannot be imported ({error}); "
            f"pip install 'yt8m[{extra}]'"
        ) from None


def packaged_file(package: str, inside: str, extra: str, purpose: str) -> Path:
    """A file inside a package that an extra installs; the package itself is not imported.

    Raises ConfigError if there is no such package or no such file in it.
    """
    spec = find_spec(package)
    places = (spec and spec.submodule_search_locations) or ()
    for place in places:
        if (path := Path(place) / inside).is_file():
            return path
    missing = f"{inside} in the package {package}" if places else f"the package {package}"
    raise ConfigError(f"{purpose} needs {missing}; pip install 'yt8m[{extra}]'")
