"""The code in docs/how-to/deploy-onnx.md and deploy-litert.md, as it is there, labels a video."""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from tests.serving.exporting.conftest import NAMES
from tests.serving.exporting.test_inputs import one_video
from yt8m.serving.graph import load_graph

FOLDER = Path(__file__).parents[3] / "docs/how-to"
PAGES = ("deploy-onnx.md", "deploy-litert.md")
TEXT = "".join((FOLDER / page).read_text(encoding="utf-8") for page in PAGES)
FILE = re.compile(r'"((?:final|raw)\.(?:onnx|tflite))"')
BLOCKS = [b for b in re.findall(r"```python\n(.*?)```", TEXT, re.S) if FILE.search(b)]
FILES = [FILE.search(block)[1] for block in BLOCKS]
EXPORTED = {
    "final.onnx": ("onnx", "bytes"),
    "final.tflite": ("litert", "bytes"),
    "raw.onnx": ("onnx", "raw"),
    "raw.tflite": ("litert", "raw"),
}


def test_the_pages_have_code_for_every_kind_of_file():
    assert sorted(FILES) == sorted(EXPORTED)


@pytest.mark.parametrize("file", EXPORTED)
def test_the_pages_code_labels_a_video(exported, named, batch, file, tmp_path, monkeypatch, capsys):
    (tmp_path / file).symlink_to(exported(*EXPORTED[file]))
    length = int(batch.num_frames[0])
    for kind, names in (("bytes", {"frames": "clip"}), ("raw", {"rgb": "rgb", "audio": "audio"})):
        video = one_video(batch, kind)
        for name, stem in names.items():
            np.save(tmp_path / f"{stem}.npy", video[name][0, :length])
    (tmp_path / "code.py").write_text(BLOCKS[FILES.index(file)])
    monkeypatch.chdir(tmp_path)
    runpy.run_path("code.py")
    scores = load_graph(named).predict(batch)[0]
    best = [(NAMES[number], scores[number]) for number in scores.argsort()[::-1][:3]]
    lines = [line.rsplit(": ", 1) for line in capsys.readouterr().out.splitlines()]
    assert [name for name, _ in lines] == [name for name, _ in best]
    for (_, printed), (_, score) in zip(lines, best, strict=True):
        assert abs(float(printed) - score) < 1e-4
