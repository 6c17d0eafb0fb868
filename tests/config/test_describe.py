"""The list of all settings."""

import re
from pathlib import Path

from yt8m.config.describe import SECTIONS, describe

README = Path(__file__).parents[2] / "config" / "README.md"


def test_the_readme_lists_the_settings_as_they_are():
    assert README.read_text().endswith(describe() + "\n"), "run `yt8m settings` and put it in"


def test_every_setting_has_a_meaning():
    without = re.findall(r"^\| `(\w+)` \| [^|]* \|  \|$", describe(), re.M)
    assert not without


def test_every_word_of_a_section_is_listed():
    text = describe()
    for word, cls in SECTIONS:
        for name in cls.__dataclass_fields__:
            assert f"| `{name}` |" in text, (word, name)
