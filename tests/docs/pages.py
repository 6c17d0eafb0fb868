"""All pages with commands, and where the commands of each are run."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ABOVE = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
ABOVE += ("config/README.md", "profiles/slurm/README.md")
PATHS = sorted(ROOT.glob("docs/**/*.md")) + [p for n in ABOVE if (p := ROOT / n).exists()]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in PATHS}
"""Page -> its content."""


@dataclass(frozen=True)
class Place:
    """Where the commands of a page are run.

    folder: one of `folders.py`. files: name that the page gives to a file of the reader -> what
        it is in that folder.
    """

    folder: str
    files: dict[str, str] = field(default_factory=dict)


PLACES = {
    "config/README.md": Place("demo"),
}
