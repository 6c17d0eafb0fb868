"""Splits that are read in parts: the same manifest and messages, and parts that do not fit."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from tests.data.samples import SMALL, make_video, write_split
from yt8m.cli import main
from yt8m.data import survey
from yt8m.data.distilled import origin
from yt8m.data.examples import encode_video
from yt8m.data.manifest import read_manifest
from yt8m.data.shard_list import list_shards
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.tfrecord import write_records

SIZES = (3, 2, 4, 1, 2)
SCHEMA = json.dumps(SMALL.as_json())


def yt8m(*arguments):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 1), done.output
    return done


def surveyed(number, numbers, *more, parts=3, split="train", schema=SCHEMA):
    """Survey a part of the shards in the working directory."""
    words = ("records", "survey", "train-*.tfrecord", "--numbers", numbers, "--schema", schema)
    words += ("--split", split, "--part", f"{number}/{parts}", "--state", f"state/{number}")
    return yt8m(*words, "--threads", 1, *more, "--out", f"parts/{number}.json")


def manifest(*what, out="m.json", checks=None):
    words = ("records", "manifest", *what, "--schema", SCHEMA, "--split", "train")
    words += ("--checks", json.dumps(checks or {}))
    return yt8m(*words, "--threads", 1, "--out", out)


ABOUT = ("--schema", SCHEMA, "--split", "train")
PARTS = ("0-1", "2-3", "4")


def read_in_parts(**options):
    for number, numbers in enumerate(PARTS):
        assert surveyed(number, numbers).exit_code == 0
    return manifest("--parts", "parts/*.json", **options)


FILES = ("m.json", "m.digest", "m.ids.npy")


def contents(folder):
    return [(folder / name).read_bytes() for name in FILES]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with five shards, which is the working directory."""
    write_split(tmp_path, SIZES)
    for path in tmp_path.glob("*.tfrecord"):
        path.rename(path.with_name(f"train-000{path.stem[-2:]}.tfrecord"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_files_are_those_of_one_job_to_the_byte(folder):
    assert manifest("train-*.tfrecord").exit_code == 0
    whole = contents(folder)
    for name in FILES:
        (folder / name).unlink()
    done = read_in_parts()
    assert done.output == "m.json: 12 videos in 5 shards\n"
    assert contents(folder) == whole


def test_given_shards_keep_their_order_in_lists(folder):
    paths = sorted(folder.glob("*.tfrecord"))[::-1]
    for number, some in enumerate((paths[:2], paths[2:])):
        list_shards(some, "train").write(f"list{number}")
        words = ("records", "survey", "--shards", f"list{number}", "--schema", SCHEMA)
        yt8m(*words, "--split", "train", "--part", f"{number}/2", "--out", f"parts/{number}.json")
    assert manifest("--parts", "parts/*.json").exit_code == 0
    assert [shard.path for shard in read_manifest("m.json").shards] == paths
    assert manifest(*paths, out="whole.json").exit_code == 0
    assert (folder / "m.json").read_bytes() == (folder / "whole.json").read_bytes()


REPEATED = [encode_video(make_video(1), SMALL)]
ODD_ID = encode_video(make_video(1), SMALL).replace(b"v1", b",1")
PREDICTED = encode_video(make_video(9, predictions=np.full(10, 0.5, np.float32)), SMALL)


@pytest.mark.parametrize(
    ("records", "checks"),
    [
        (REPEATED, {}),
        (REPEATED, {"duplicates": "warn"}),
        ([ODD_ID], {}),
        ([ODD_ID], {"ids": "warn"}),
        ([PREDICTED], {}),
    ],
)
def test_what_concerns_the_whole_split_is_said_as_by_one_job(folder, records, checks):
    write_records(folder / "train-00004.tfrecord", records)
    whole = manifest("train-*.tfrecord", checks=checks)
    parts = read_in_parts(checks=checks)
    assert (parts.exit_code, parts.output) == (whole.exit_code, whole.output)
    assert "train" in whole.output and (whole.exit_code == 1) == (not checks)


def damage(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def test_a_damaged_shard_fails_its_part_alone(folder):
    damage(folder / "train-00003.tfrecord")
    assert surveyed(0, "0-1").exit_code == 0
    done = surveyed(1, "2-3")
    assert done.exit_code == 1
    assert "train-00003.tfrecord, record 0: the CRC of the data is wrong" in done.output
    assert sorted(path.name for path in (folder / "parts").glob("*.json")) == ["0.json"]


def test_only_the_changed_shard_of_a_part_is_read_again(folder, monkeypatch):
    read_in_parts()
    names, read = [], survey.survey_shard

    def noted(path, *arguments):
        names.append(path.name)
        return read(path, *arguments)

    monkeypatch.setattr(survey, "survey_shard", noted)
    write_records(folder / "train-00002.tfrecord", [encode_video(make_video(77), SMALL)])
    assert surveyed(1, "2-3").exit_code == 0
    assert names == ["train-00002.tfrecord"]
    assert manifest("--parts", "parts/*.json").output == "m.json: 9 videos in 5 shards\n"


def test_a_shard_that_changed_after_it_was_read_is_refused_but_a_copy_of_it_is_not(folder):
    read_in_parts()
    shard = folder / "train-00002.tfrecord"
    shutil.copyfile(shard, folder / "copy")
    (folder / "copy").replace(shard)
    assert manifest("--parts", "parts/*.json").exit_code == 0
    shutil.copyfile(folder / "train-00000.tfrecord", shard)
    done = manifest("--parts", "parts/*.json")
    assert done.exit_code == 1
    assert "train-00002.tfrecord: has changed since it was read; read its part" in done.output


def test_an_interrupted_part_is_named_with_the_remedy(folder):
    surveyed(0, "0-1")
    surveyed(2, "4")
    done = manifest("--parts", "parts/*.json")
    assert "part 1 of 3 is missing beside it; make all parts: yt8m records survey" in done.output
    assert done.exit_code == 1 and not (folder / "m.json").exists()


OTHERS = {
    "split": ({"split": "validate"}, "its split is 'validate', but the split has 'train'"),
    "schema": (
        {"schema": json.dumps(SMALL.as_json() | {"classes": 11})},
        "its schema is ",
    ),
    "division": ({"parts": 4}, "part 0 of 3, but parts/1.json is part 1 of 4; leave"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_part_of_something_else_is_refused(folder, other):
    options, text = OTHERS[other]
    read_in_parts()
    (folder / "m.json").unlink()
    assert surveyed(1, "2-3", **options).exit_code == 0
    done = manifest("--parts", "parts/*.json")
    assert done.exit_code == 1 and text in " ".join(done.output.split())
    assert not (folder / "m.json").exists()


def test_a_part_of_another_kind_is_refused(folder):
    read_in_parts()
    content = json.loads((folder / "parts/1.json").read_text())
    (folder / "parts/1.json").write_text(json.dumps(content | {"kind": "soft_labels"}))
    done = manifest("--parts", "parts/*.json")
    assert "parts/1.json: its kind is 'soft_labels', but the split has 'frames'" in done.output


def test_a_shard_in_two_parts_is_refused(folder):
    read_in_parts()
    surveyed(1, "1-3")
    assert "train-00001.tfrecord is listed twice" in manifest("--parts", "parts/*.json").output


DAMAGES = {
    "cut off": lambda text: text[: len(text) // 2],
    "ids": lambda text: text.replace('"ids": "', '"ids": "AAAAAAAAAAA=', 1),
    "no ids": lambda text: text.replace('"ids"', '"other"', 1),
    "part": lambda text: text.replace('"part": 1', '"part": 7'),
    "identity": lambda text: text.replace('"identity": [', '"identity": [1,', 1),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_part_is_named_without_a_traceback(folder, name):
    read_in_parts()
    file = folder / "parts/1.json"
    changed = DAMAGES[name](file.read_text())
    assert changed != file.read_text()
    file.write_text(changed)
    done = manifest("--parts", "parts/*.json")
    assert done.exit_code == 1 and "parts/1.json: " in done.output
    assert "Traceback" not in done.output


def test_parts_stand_alone(folder):
    done = CliRunner().invoke(
        main,
        ["records", "manifest", "x", "--parts", "y", *ABOUT, "--out", "m.json"],
    )
    assert done.exit_code == 2 and "give one of PATTERNS, --shards and --parts" in done.output


def distilled(source, teacher="c0ffee00"):
    """Soft labels for each shard of a manifest, as soft-0000N."""
    for number, shard in enumerate(source.shards):
        came_from = origin(teacher, shard.digest)
        labels = np.linspace(0, 1, 10, dtype=np.float32)
        records = [
            encode_soft_label(f"s{n}", (1,), labels, 4, came_from) for n in range(shard.records)
        ]
        write_records(f"soft-{number:05d}.tfrecord", records)


def test_soft_labels_in_parts_have_the_manifest_of_one_job_and_its_refusals(folder):
    assert manifest("train-*.tfrecord", out="videos.json").exit_code == 0
    distilled(read_manifest("videos.json"))
    of = ("--soft-labels-of", "videos.json")
    assert manifest("soft-*.tfrecord", *of, out="whole.json").exit_code == 0

    def in_parts():
        for number, numbers in enumerate(PARTS):
            words = ("records", "survey", "soft-*.tfrecord", "--numbers", numbers, *ABOUT)
            words += ("--soft-labels", "--part", f"{number}/3", "--out", f"parts/{number}.json")
            assert yt8m(*words).exit_code == 0
        return manifest("--parts", "parts/*.json", *of)

    assert in_parts().exit_code == 0
    assert (folder / "m.json").read_bytes() == (folder / "whole.json").read_bytes()
    (folder / "soft-00001.tfrecord").rename(folder / "aside")
    (folder / "soft-00002.tfrecord").rename(folder / "soft-00001.tfrecord")
    (folder / "aside").rename(folder / "soft-00002.tfrecord")
    whole, parts = manifest("soft-*.tfrecord", *of), in_parts()
    assert parts.output == whole.output and parts.exit_code == whole.exit_code == 1
    assert "soft-00001.tfrecord: holds soft labels for other videos" in parts.output
