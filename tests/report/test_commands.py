"""The commands on the page are ones that `yt8m` takes, for the kind of data of the run."""

import shlex
from dataclasses import replace

import pytest

from yt8m.cli.main import main
from yt8m.report.commands import commands
from yt8m.workflow.layout import Layout

FIRST = {"videos": "label", "features": "label", "records": "predict", "generated": "predict"}


@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize("decided", [True, False])
def test_every_command_is_one_that_the_program_takes(content, tmp_path, monkeypatch, kind, decided):
    run = {**content.run, "settings": {"dataset": {"source": {"kind": kind}}}}
    made = replace(content, run=run, calibration=content.calibration if decided else None)
    monkeypatch.chdir(tmp_path)
    archive = tmp_path / "my results" / "ensembles" / "final" / "final.tar.gz"
    archive.parent.mkdir(parents=True)
    archive.touch()
    (tmp_path / "clip.mp4").touch()
    (tmp_path / "new").mkdir()
    names = []
    for command in commands(made, Layout("my results")):
        program, name, *arguments = shlex.split(command.text)
        context = main.get_command(None, name).make_context(name, arguments)
        assert program == "yt8m" and archive.samefile(context.params["graph"])
        assert context.params.get("decide", False) == (decided and name == "label")
        names.append(name)
    assert names == [FIRST[kind], "export", "demo" if kind == "videos" else "archive"]
