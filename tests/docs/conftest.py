"""The folders in which commands of pages are run, each made when it is asked for."""

import subprocess
from pathlib import Path

import pytest

from tests.docs import folders
from tests.docs.blocks import find_blocks
from tests.docs.pages import PLACES, TEXTS
from tests.docs.programs import program_of

START = {"checkout": folders.make_checkout, "demo": folders.make_demo}
MAKERS = {place.makes: page for page, place in PLACES.items() if place.makes}


class Pages:
    """Runs pages, each once, and keeps the folders that others start from."""

    def __init__(self, factory: pytest.TempPathFactory):
        self.factory = factory
        self.folders: dict[str, Path] = {}
        self.printed: dict[str, str] = {}

    def run(self, page: str) -> str:
        """What the commands of a page print."""
        if page not in self.printed:
            place = PLACES[page]
            folder = self.factory.mktemp("page")
            subprocess.run(["cp", "-a", f"{self._folder(place.folder)}/.", str(folder)], check=True)
            for name, what in place.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).symlink_to(folder / what)
            self.printed[page] = folders.run(program_of(find_blocks(TEXTS[page])), folder)
            if place.makes:
                self.folders[place.makes] = folder
        return self.printed[page]

    def _folder(self, name: str) -> Path:
        if name not in self.folders and name in START:
            self.folders[name] = self.factory.mktemp(name)
            START[name](self.folders[name])
        elif name not in self.folders:
            self.run(MAKERS[name])
        return self.folders[name]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """All pages that have a place."""
    return Pages(tmp_path_factory)
