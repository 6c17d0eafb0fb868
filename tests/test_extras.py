"""Messages about optional packages that are not installed, and files inside those that are."""

import subprocess
import sys

import pytest

from yt8m.errors import ConfigError
from yt8m.extras import optional_module, packaged_file


def test_a_module_that_is_there_is_returned():
    assert optional_module("json.decoder", "videos", "x").JSONDecoder


def test_a_missing_module_is_named_with_the_extra_that_installs_it():
    with pytest.raises(ConfigError, match=r"reading y needs none, .*pip install 'yt8m\[videos\]'"):
        optional_module("none.part", "videos", "reading y")


def test_a_file_inside_a_package_is_found_without_importing_it():
    code = "import sys\nfrom yt8m.extras import packaged_file\n"
    code += "path = packaged_file('pyopen_wakeword', '__init__.py', 'videos', 'x')\n"
    code += "assert path.is_file() and 'pyopen_wakeword' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("package", "file", "missing"),
    [
        ("none", "a.pth", "the package none"),
        ("pyopen_wakeword", "a.pth", "a.pth in the package pyopen_wakeword"),
        ("json", "..", r"\.\. in the package json"),
    ],
)
def test_a_missing_package_or_file_is_named(package, file, missing):
    with pytest.raises(ConfigError, match=rf"needs {missing}; pip install 'yt8m\[videos\]'"):
        packaged_file(package, file, "videos", "x")
