"""An archive of a stranger cannot have a module imported that it names as its extractor."""

import json

import pytest

from yt8m.errors import ConfigError
from yt8m.labelling.labeller import open_labeller
from yt8m.serving.preprocessing import read_preprocessing

MODULE = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
"""


@pytest.mark.parametrize("which", ["images", "sound"])
def test_a_module_outside_is_imported_only_if_it_may_be(tmp_path, monkeypatch, which):
    from tests.labelling.made import write_ensemble

    (tmp_path / "strange").mkdir()
    (tmp_path / f"strange/stranger_{which}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path / "strange")
    graph = write_ensemble(tmp_path)
    described = read_preprocessing(graph).extraction_file
    about = json.loads(described.read_text())
    about[which] = {"kind": f"stranger_{which}.inside", "model": "x"}
    monkeypatch.setattr("yt8m.labelling.labeller.read_preprocessing", lambda _: Found(described))
    described.write_text(json.dumps(about))
    with pytest.raises(ConfigError, match="--allow-code"):
        open_labeller(graph)
    assert not (tmp_path / "strange/ran").exists()
    with pytest.raises(ConfigError):
        open_labeller(graph, outside=True)
    assert (tmp_path / "strange/ran").exists()


class Found:
    """Preprocessing whose digests were made to fit again, as a stranger could."""

    projections = None

    def __init__(self, extraction_file):
        self.extraction_file = extraction_file
