"""Manifests as files: round trips, also if the checkout has moved."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from yt8m.data.manifest import (
    FORMAT,
    Manifest,
    Shard,
    check_same_split,
    digest_file,
    read_manifest,
    write_manifest,
)
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError

SCHEMA = Schema({"rgb": 6, "audio": 3}, classes=10)


def manifest_of(*paths, **more) -> Manifest:
    shards = tuple(Shard(Path(path), 3, 100, "ab" * 32) for path in paths)
    return Manifest(SCHEMA, "train", shards, **more)


def test_a_manifest_survives_the_round_trip(tmp_path):
    manifest = manifest_of(tmp_path / "a", tmp_path / "b")
    write_manifest(manifest, tmp_path / "results/train.json")
    assert read_manifest(tmp_path / "results/train.json") == manifest
    assert manifest.records == 6
    names = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert names == ["train.digest", "train.json"]


def test_the_digest_beside_a_manifest_does_not_depend_on_where_the_shards_are(tmp_path):
    def digest(manifest):
        write_manifest(manifest, tmp_path / "results/train.json")
        return digest_file(tmp_path / "results/train.json").read_text()

    before = digest(manifest_of("a", "b"))
    assert re.fullmatch(r"[0-9a-f]{64}\n", before)
    assert digest(manifest_of("elsewhere/a", "elsewhere/b")) == before
    other = manifest_of("a", "b")
    for changed in (replace(other, split="x"), replace(other, shards=other.shards[:1])):
        assert digest(changed) != before


def test_the_order_of_the_features_is_kept(tmp_path):
    write_manifest(manifest_of("a"), tmp_path / "m.json")
    assert list(read_manifest(tmp_path / "m.json").schema.features) == ["rgb", "audio"]


def test_relative_paths_move_with_the_checkout(tmp_path, monkeypatch):
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    manifest = manifest_of("data/a", kind="soft_labels", source=Path("results/train.json"))
    write_manifest(manifest, "results/soft.json")
    assert read_manifest("results/soft.json") == manifest
    content = Path("results/soft.json").read_text()
    assert '"../data/a"' in content and '"train.json"' in content
    (tmp_path / "here").rename(tmp_path / "there" / "deeper")
    found = read_manifest(tmp_path / "there/deeper/results/soft.json")
    assert found.shards[0].path == tmp_path / "there/deeper/data/a"
    assert found.source == tmp_path / "there/deeper/results/train.json"


def test_equal_content_makes_equal_bytes(tmp_path):
    write_manifest(manifest_of("/a"), tmp_path / "one.json")
    write_manifest(manifest_of("/a"), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(ArtefactError, match=r"train\.json: no such file"):
        read_manifest(tmp_path / "train.json")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", f'{{"format": {FORMAT}}}', f'{{"format": {FORMAT}, "kind": "frames"}}']
)
def test_a_file_of_other_content_is_refused(tmp_path, text):
    (tmp_path / "train.json").write_text(text)
    with pytest.raises(ArtefactError, match=r"json: .*(damaged|no manifest|expected|missing)"):
        read_manifest(tmp_path / "train.json")


@pytest.mark.parametrize("change", [{"format": FORMAT + 1}, {"kind": "poems"}])
def test_a_manifest_of_another_format_is_refused(tmp_path, change):
    write_manifest(manifest_of("a"), tmp_path / "m.json")
    content = json.loads((tmp_path / "m.json").read_text())
    (tmp_path / "m.json").write_text(json.dumps(content | change))
    with pytest.raises(
        ArtefactError, match=r"m\.json: is not a valid manifest: expected format 2 and kind"
    ):
        read_manifest(tmp_path / "m.json")


def test_soft_labels_must_match_the_videos_shard_by_shard():
    videos = manifest_of("a", "b")
    check_same_split(videos, manifest_of("soft_a", "soft_b"))
    with pytest.raises(ArtefactError, match="1 shards of soft labels for 2 shards of videos"):
        check_same_split(videos, manifest_of("soft_a"))
    short = replace(videos, shards=(videos.shards[0], replace(videos.shards[1], records=2)))
    with pytest.raises(ArtefactError, match="b: holds 2 soft labels, b 3 videos"):
        check_same_split(videos, short)
