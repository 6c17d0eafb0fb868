"""Folders for the Hugging Face hub: the hub's own library reads the card, strangers the model."""

import json
import re
import shutil
import subprocess
import sys
import tarfile

import numpy as np
import pytest
from click.testing import CliRunner

from tests.serving.exporting.conftest import NAMES, named  # noqa: F401
from tests.serving.test_archive import COUNTS, MEASURES
from tests.serving.test_stranger import WITHOUT_US
from tests.small import SCHEMA, write_dataset
from yt8m.artefacts import DIGESTS, read_ensemble
from yt8m.cli import main
from yt8m.config.card import Card
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json
from yt8m.serving.archive import write_archive
from yt8m.serving.contents import file_digests
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.graph import load_graph
from yt8m.serving.hub import HUB_SCRIPT, write_hub_folder

huggingface_hub = pytest.importorskip("huggingface_hub")


@pytest.fixture(scope="module")
def archive(named, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("archive")
    about = {"graph": fingerprint(read_ensemble(named))["digest"], "records": None}
    write_json(folder / "metrics.validate.json", MEASURES | COUNTS | about)
    text = folder / "licence.txt"
    text.write_text("Do no harm.")
    card = Card(licence="my-own-1.0", licence_file=str(text), author="A. Maker")
    write_archive(named, folder / "it.tar.gz", card, [folder / "metrics.validate.json"])
    return folder / "it.tar.gz"


@pytest.fixture(scope="module")
def hub(archive, tmp_path_factory):
    out = tmp_path_factory.mktemp("hub") / "folder"
    done = CliRunner().invoke(main, ["archive", str(archive), "--layout", "hub", "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_the_hubs_library_reads_the_card_and_its_numbers(hub):
    card = huggingface_hub.ModelCard.load(hub / "README.md")
    data = card.data
    assert (data.library_name, data.pipeline_tag) == ("tensorflow", "video-classification")
    assert (data.license, data.license_name, data.license_link) == (
        *("other", "my-own-1.0", "LICENSE"),
    )
    (found,) = [each for each in data.eval_results if each.metric_type == "gap"]
    assert (found.metric_value, found.dataset_split) == (MEASURES["gap"], "validate")
    assert {"netvlad", "quantized", "savedmodel"} <= set(data.tags)
    assert "ensemble" not in data.tags  # of one model
    assert len(data.tags) == len(set(data.tags))
    assert "A. Maker" in card.text and "Do no harm." in (hub / "LICENSE").read_text()


def test_names_have_numbers_and_back(hub):
    config = json.loads((hub / "config.json").read_text(encoding="utf-8"))
    assert config["id2label"] == {str(number): name for number, name in enumerate(NAMES)}
    assert all(config["id2label"][str(number)] == n for n, number in config["label2id"].items())
    assert config["num_labels"] == len(config["label2id"]) == SCHEMA.classes
    assert config["features"] == dict(SCHEMA.features)


def test_it_has_the_archives_files_and_digests_of_all(archive, hub):
    with tarfile.open(archive) as packed:
        expected = {name.partition("/")[2] for name in packed.getnames()}
    assert "preprocessing/projections.safetensors" in expected
    found = file_digests(hub)
    assert set(found) == expected | {"config.json", ".gitattributes"}
    subprocess.run(["sha256sum", "--check", "--quiet", DIGESTS], cwd=hub, check=True)
    assert len((hub / DIGESTS).read_text().splitlines()) == len(found) - 1


def test_the_same_archive_gives_the_same_folder(archive, hub, tmp_path):
    write_hub_folder(archive, tmp_path / "again")
    assert file_digests(tmp_path / "again") == file_digests(hub)


def foreign(folder, kind):
    """A folder that has something else than an archive's files, and its file."""
    path = folder / {"a clone": ".git/HEAD", "notes": "docs/notes.md", "edited": "README.md"}[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    return path


@pytest.mark.parametrize("kind", ["a clone", "notes", "edited"])
@pytest.mark.parametrize("earlier", [False, True])
def test_files_of_others_are_not_deleted(archive, hub, tmp_path, kind, earlier):
    out = tmp_path / "out"
    if earlier:
        shutil.copytree(hub, out)
    path, before = foreign(out, kind), file_digests(out)
    done = CliRunner().invoke(main, ["archive", str(archive), "--layout", "hub", "--out", str(out)])
    assert done.exit_code == 1
    assert re.search(f"{re.escape(str(path))}: is not from .* give a new folder", done.output)
    assert file_digests(out) == before


def test_an_earlier_folder_is_replaced_except_the_current_one(archive, hub, tmp_path, monkeypatch):
    shutil.copytree(hub, tmp_path / "out")
    (tmp_path / "out/graph/saved_model.pb").unlink()
    write_hub_folder(archive, tmp_path / "out")
    assert file_digests(tmp_path / "out") == file_digests(hub)
    monkeypatch.chdir(tmp_path / "out")
    for out in (".", "..", "../out"):
        done = CliRunner().invoke(main, ["archive", str(archive), "--layout", "hub", "--out", out])
        assert done.exit_code == 1 and "is the current folder" in done.output
    assert file_digests(tmp_path / "out") == file_digests(hub)


def test_the_cards_examples_label_videos_in_a_fresh_process(hub, named, tmp_path):  # noqa: F811
    blocks = re.findall(r"```python\n(.*?)```", (hub / "README.md").read_text(), re.S)
    assert blocks[0] == HUB_SCRIPT
    records = write_dataset(tmp_path / "data")["validate"]
    (tmp_path / "label.py").write_text(blocks[0])
    shards = [str(shard.path) for shard in records.shards]
    done = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_US, "label.py", str(hub), *shards],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    batch = Records(records).batch(np.arange(records.records))
    scores = load_graph(named).predict(batch)
    lines = done.stdout.splitlines()
    assert len(lines) == len(scores)
    for line, name, row in zip(lines, batch.ids, scores, strict=True):
        assert line.startswith(f"{name} {NAMES[row.argmax()]} {row.max():.2f}")
    np.testing.assert_array_equal(load_graph(hub).predict(batch), scores)


def test_other_archives_and_options_are_refused(archive, tmp_path):
    out = str(tmp_path / "out")
    done = CliRunner().invoke(main, ["archive", str(archive), "--out", f"{out}.tar.gz"])
    assert done.exit_code == 2 and "is packed already" in done.output
    names = ["--card", '{"author": "B"}', "--layout", "hub"]
    done = CliRunner().invoke(main, ["archive", str(archive), *names, "--out", out])
    assert done.exit_code == 2 and "has its card, metrics and names already" in done.output
    (tmp_path / "damaged.tar.gz").write_bytes(archive.read_bytes()[:500])
    with pytest.raises(ArtefactError, match="damaged"):
        write_hub_folder(tmp_path / "damaged.tar.gz", tmp_path / "out")
    assert not (tmp_path / "out").exists()
