"""Use of an archive by others, with TensorFlow and without this library."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from tests.small import SCHEMA, write_dataset
from yt8m.data.records import Records
from yt8m.serving.archive import write_archive
from yt8m.serving.card import SCRIPT
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph

PAGE = (Path(__file__).parents[2] / "docs/how-to/label-videos.md").read_text(encoding="utf-8")
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


def the_pages_script():
    (code,) = re.findall(r'```python title="label.py"\n(.*?)```', PAGE, re.S)
    return code


def test_the_page_and_the_card_show_the_same_few_lines():
    assert the_pages_script() == SCRIPT
    assert sum(bool(line.strip()) for line in SCRIPT.splitlines()) <= 15


def label(folder, archive, *shards, without=()):
    """Run the script. without: names that `tarfile` is to lack."""
    (folder / "label.py").write_text(the_pages_script())
    lacking = "".join(f"import tarfile; vars(tarfile).pop({n!r}, 0)\n" for n in without)
    return subprocess.run(
        [sys.executable, "-I", "-c", lacking + WITHOUT_US, "label.py", archive, *shards],
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("named", [True, False])
def test_the_pages_script_labels_videos_from_the_archive(ensemble, tmp_path, named):
    records = write_dataset(tmp_path / "data")["validate"]
    names = tmp_path / "names.csv"
    names.write_text("Index,Name\n" + "".join(f"{n},Thing {n}\n" for n in range(SCHEMA.classes)))
    write_archive(ensemble, tmp_path / "it.tar.gz", label_names=names if named else None)
    shards = [str(shard.path) for shard in records.shards]
    done = label(tmp_path, "it.tar.gz", *shards)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    batch = Records(records).batch(np.arange(len(lines)))
    assert len(lines) == records.records
    assert [line[0] for line in lines] == batch.ids
    predictions = load_graph(ensemble).predict(batch)
    thing = "Thing " if named else ""
    for line, row in zip(lines, predictions, strict=True):
        best = int(row.argmax())
        assert " ".join(line[1:]).startswith(f"{thing}{best} {row[best]:.2f}")


@pytest.mark.parametrize("without", [(), ("data_filter", "FilterError")], ids=["new", "3.11.0"])
def test_a_second_archive_is_predicted_by_its_own_model_and_nothing_is_left(
    both, quantised, tmp_path, without
):
    export_ensemble("other", {quantised["bag"]: 1.0}, tmp_path / "other")
    records = write_dataset(tmp_path / "data")["validate"]
    shards = [str(shard.path) for shard in records.shards]
    folder = tmp_path / "here"
    folder.mkdir()
    answers = []
    for name, ensemble in (("first", both["per_call"]), ("second", tmp_path / "other")):
        write_archive(ensemble, folder / f"{name}.tar.gz")
        done = label(folder, f"{name}.tar.gz", *shards, without=without)
        assert done.returncode == 0, done.stderr[-3000:]
        answers.append(done.stdout)
        batch = Records(records).batch(np.arange(records.records))
        best = load_graph(ensemble).predict(batch).argmax(axis=1)
        assert [int(line.split()[1]) for line in done.stdout.splitlines()] == best.tolist()
    assert answers[0] != answers[1]
    assert {p.name for p in folder.iterdir()} == {"first.tar.gz", "second.tar.gz", "label.py"}


OUTSIDE = {
    "a name with dots": {"name": "x/../../outside"},
    "a whole path": {"name": "{folder}/outside"},
    "a link out": {"name": "x/link", "type": tarfile.SYMTYPE, "linkname": "{folder}"},
    "a hard link": {"name": "x/graph/link", "type": tarfile.LNKTYPE, "linkname": "{folder}/mine"},
}


@pytest.mark.parametrize("without", [(), ("data_filter", "FilterError")], ids=["new", "3.11.0"])
@pytest.mark.parametrize("how", OUTSIDE)
def test_an_archive_cannot_write_outside_of_its_folder(tmp_path, how, without):
    """The script unpacks the archive with its own lines, until there is no graph to load."""
    (tmp_path / "mine").write_text("mine")
    with tarfile.open(tmp_path / "it.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("x/graph")
        entry.type = tarfile.DIRTYPE
        archive.addfile(entry)
        for word, value in OUTSIDE[how].items():
            given = value.format(folder=tmp_path) if isinstance(value, str) else value
            setattr(entry, word, given)
        entry.type = OUTSIDE[how].get("type", tarfile.REGTYPE)
        archive.addfile(entry)
        through = tarfile.TarInfo("x/link/outside")
        archive.addfile(through)
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    unpack = SCRIPT.split("    folder =")[0].replace("import tensorflow as tf\n", "")
    lacking = "".join(f"import tarfile; vars(tarfile).pop({n!r}, 0)\n" for n in without)
    subprocess.run(
        [sys.executable, "-I", "-c", lacking + unpack, "it.tar.gz"], cwd=tmp_path, timeout=60
    )
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before
