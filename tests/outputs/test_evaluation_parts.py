"""Evaluation in parts: the files of one evaluation to the byte, and parts that do not fit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.outputs.graphs import mean_byte_graph
from tests.small import write_dataset
from yt8m.cli import evaluation, main, parts
from yt8m.cli import graphs as cli_graphs

FILES = ("classes", "scores", "mistakes", "confusions", "videos")
OUTPUTS = [word for name in FILES for word in (f"--{name}-out", f"{name}.parquet")]


def yt8m(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder)
    (folder / "graph").mkdir()
    return folder


@pytest.fixture
def folder(data, tmp_path, monkeypatch):
    """An empty working directory; the graph of the commands predicts without TensorFlow."""
    monkeypatch.chdir(tmp_path)
    graphs(monkeypatch, mean_byte_graph("final"))
    return tmp_path


def graphs(monkeypatch, graph):
    for module in (parts, evaluation, cli_graphs):
        monkeypatch.setattr(module, "open_any", lambda path: graph)


SETTINGS = ("--batch-size", 7, "--top-k", 3)


def part(data, number, of, *more, settings=SETTINGS, split="train"):
    """Evaluate a part of a split."""
    words = ("evaluate-part", data / "graph", "--records", data / f"{split}.json", *settings)
    words += ("--part", f"{number}/{of}", "--errors", *more)
    return yt8m(*words, "--out", f"parts/{number}.npz")


def merged(*more, outputs=OUTPUTS):
    return yt8m("merge-evaluation", "parts/*.npz", *more, *outputs, "--out", "metrics.json")


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("of", [1, 2, 5, 30])
@pytest.mark.parametrize("more", [(), ("--skip-dummies",)])
def test_all_files_are_those_of_one_evaluation_to_the_byte(folder, data, of, more):
    for number in range(of):
        done = part(data, number, of, *more)
        assert done.exit_code == 0 and f"part {number} of {of}" in done.output, done.output
    assert merged().exit_code == 0
    found = written(folder)
    for name in found:
        (folder / name).unlink()
    words = ("evaluate", data / "graph", "--records", data / "train.json", *SETTINGS, *more)
    assert yt8m(*words, *OUTPUTS, "--out", "metrics.json").exit_code == 0
    assert len(found) == 6 and found == written(folder)


def test_a_part_says_how_many_videos_it_has_and_why_if_it_has_none(folder, data):
    assert "0.npz: " in (said := part(data, 0, 2).output) and ", part 0 of 2: 28 videos\n" in said
    empty = ", part 0 of 30: 0 videos, since the split has fewer batches than parts\n"
    assert empty in part(data, 0, 30).output
    words = ("predict", data / "graph", "--records", data / "train.json", *SETTINGS, "--state", "s")
    assert empty in yt8m(*words, "--part", "0/30", "--out", "0.parquet").output


def test_parts_are_the_same_bytes_again(folder, data):
    files = []
    for _ in range(2):
        part(data, 1, 3)
        files.append((folder / "parts/1.npz").read_bytes())
    assert files[0] == files[1]


def refused(done, text):
    assert done.exit_code == 1, done.output
    assert text in " ".join(done.output.split()) and "Traceback" not in done.output
    assert not Path("metrics.json").exists()


def test_an_interrupted_part_is_named_with_the_remedy(folder, data):
    for number in (0, 2):
        part(data, number, 3)
    refused(merged(), "part 1 of 3 is missing beside it; evaluate all parts with `yt8m evaluate-")


OTHERS = {
    "settings": "batch_size is 8, but 7 in parts/0.npz; delete what is older and evaluate that",
    "graph": "graph is 'another', but 'digest' in parts/0.npz",
    "records": "but 'train' in parts/0.npz",
    "division": "parts/0.npz: is part 0 of 2, but parts/1.npz is part 1 of 3; leave the older",
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_part_of_something_else_is_refused(folder, data, monkeypatch, other):
    part(data, 0, 2)
    if other == "graph":
        graphs(monkeypatch, replace(mean_byte_graph("final"), fingerprint="another"))
    of = 3 if other == "division" else 2
    settings = ("--batch-size", 8, "--top-k", 3) if other == "settings" else SETTINGS
    split = "validate" if other == "records" else "train"
    assert part(data, 1, of, settings=settings, split=split).exit_code == 0
    refused(merged(), OTHERS[other])


def test_parts_of_other_records_than_the_split_has_are_refused(folder, data):
    for number in range(2):
        part(data, number, 2)
    more = ("--records", data / "validate.json")
    refused(merged(*more), "parts/0.npz: is about other records; delete it and evaluate all parts")


def test_what_parts_did_not_collect_is_named(folder, data):
    words = ("evaluate-part", data / "graph", "--records", data / "train.json", "--part", "0/1")
    assert yt8m(*words, "--out", "parts/0.npz").exit_code == 0
    refused(merged(), "parts/0.npz: has no scores; evaluate this part again, with --errors")
    alone = ["--classes-out", "classes.parquet"]
    assert merged(outputs=alone).exit_code == 0


@pytest.mark.parametrize("name", ["cut off", "one byte", "another file", "an array less"])
def test_a_damaged_part_is_named_without_a_traceback(folder, data, name):
    for number in range(2):
        part(data, number, 2)
    file = folder / "parts/1.npz"
    content = bytearray(file.read_bytes())
    if name == "cut off":
        file.write_bytes(content[: len(content) // 2])
    if name == "one byte":
        content[len(content) // 3] ^= 1
        file.write_bytes(content)
    if name == "another file":
        file.write_text("{}")
    if name == "an array less":
        with np.load(file) as arrays:
            kept = {n: a for n, a in arrays.items() if n != "metrics.entries"}
        np.savez_compressed(file, **kept)
    refused(merged(), "parts/1.npz: ")


def test_a_split_without_labels_is_refused_as_by_one_evaluation(folder, data, monkeypatch):
    from yt8m.data.records import Records

    batch = Records.batch

    def unlabelled(self, *arguments):
        found = batch(self, *arguments)
        return replace(found, labels=np.zeros_like(found.labels))

    monkeypatch.setattr(Records, "batch", unlabelled)
    part(data, 0, 1)
    refused(merged(), "none of the 60 evaluated videos has a label")
    assert not list(folder.glob("*.parquet"))
