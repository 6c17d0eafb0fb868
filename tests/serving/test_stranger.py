"""What a stranger does with an archive: TensorFlow is there, and nothing of ours."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.small import SCHEMA, write_dataset
from yt8m.serving.archive import write_archive
from yt8m.serving.card import SCRIPT
from yt8m.serving.graph import load_graph

README = (Path(__file__).parents[2] / "README.md").read_text()
BLOCKED = ("yt8m", "pyarrow", "pandas", "safetensors", "snakemake", "click", "yaml")

WITHOUT_US = f"""
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
sys.argv = sys.argv[1:]
exec(compile(open(sys.argv[0]).read(), sys.argv[0], "exec"))
"""


def the_readmes_script():
    return next(
        code
        for code in re.findall(r"```python\n(.*?)```", README, re.S)
        if "unpack_archive" in code
    )


def test_the_readme_and_the_card_show_the_same_ten_lines():
    assert the_readmes_script() == SCRIPT
    assert sum(bool(line.strip()) for line in SCRIPT.splitlines()) <= 11


@pytest.mark.parametrize("named", [True, False])
def test_the_readmes_script_labels_videos_from_the_archive(ensemble, tmp_path, named):
    records = write_dataset(tmp_path / "data")["validate"]
    names = tmp_path / "names.csv"
    names.write_text("Index,Name\n" + "".join(f"{n},Thing {n}\n" for n in range(SCHEMA.classes)))
    write_archive(ensemble, tmp_path / "it.tar.gz", label_names=names if named else None)
    (tmp_path / "label.py").write_text(the_readmes_script())
    shards = [str(shard.path) for shard in records.shards]
    done = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_US, "label.py", "it.tar.gz", *shards],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    from yt8m.data.records import Records

    batch = Records(records).batch(np.arange(len(lines)))
    assert len(lines) == records.records
    assert [line[0] for line in lines] == batch.ids
    predictions = load_graph(ensemble).predict(batch)
    thing = "Thing " if named else ""
    for line, row in zip(lines, predictions, strict=True):
        best = int(row.argmax())
        assert " ".join(line[1:]).startswith(f"{thing}{best} {row[best]:.2f}")
