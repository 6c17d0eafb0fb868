"""Records of a user's own table of videos."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.small import config
from tests.video.clips import make_clip, tone
from tests.video.table import COLOURS, NAMES, SIZES, SOURCE, write_clip, write_rows, write_videos
from yt8m.config.experiment import read_experiment
from yt8m.data.examples import decode_video
from yt8m.data.layouts import Layouts
from yt8m.data.tfrecord import read_records
from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.own_data.left_out import LeftOut
from yt8m.projections.files import load_projections
from yt8m.video.description import read_extraction
from yt8m.video.findings import Findings


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos")
    return folder, write_videos(folder)


@pytest.fixture
def rows(original, tmp_path, monkeypatch):
    """The rows of the table in the working directory."""
    folder, rows = original
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return [dict(row) for row in rows]


def dataset(features=SIZES, classes=3, **source):
    """The setting `dataset` of the table in the working directory."""
    settings = json.loads(json.dumps(config(batch_size=4)))
    settings["dataset"] |= {"source": SOURCE | source, "classes": classes, "features": features}
    return read_experiment(settings).dataset


def extracted(found, folder, split="train"):
    """What is found in a split's first shard, and the report."""
    described, out = folder / "extraction.json", folder / f"{split}.json"
    found.source.extraction(found.max_frames).write(described)
    report = found.source.extract(split, 0, described, out, threads=1)
    return Findings.read(out), report


def made(found, folder, split="train"):
    """The projections, the videos of a split's first shard by id, and the report of the shard."""
    source, schema = found.source, found.schema
    paths = [folder / f"{split}.json"]
    source.fit(split, schema, folder / "p", paths)
    report = source.project_shard(split, 0, schema, folder / "p", folder / "x", paths)
    read = Layouts().read_record
    videos = [decode_video(memoryview(r), schema, "x", read) for r in read_records(folder / "x")]
    return load_projections(folder / "p"), {v.id: v for v in videos}, report


def of_train(rows):
    return [row for row in rows if row["split"] == "train"]


def test_records_hold_the_features_of_each_second_with_the_labels(rows, tmp_path):
    found = dataset()
    findings, report = extracted(found, tmp_path)
    fitted, videos, _ = made(found, tmp_path)
    assert report == f"{len(videos)} videos extracted, 0 known already"
    assert videos.keys() == {row["id"] for row in of_train(rows)}
    for row in of_train(rows):
        number, video = int(row["id"][1:]), videos[row["id"]]
        assert [list(COLOURS)[label] for label in video.labels] == [row["labels"]]
        arrays = findings.store.find(findings.videos[video.id]["content"])
        assert {len(a) for a in arrays.values()} == {2 + number % 3} == {len(video.features["rgb"])}
        assert arrays["rgb"].dtype == np.float16
        for name in arrays:
            expected = fitted[name].to_bytes(arrays[name].astype(np.float32))
            np.testing.assert_array_equal(video.features[name], expected)


def test_a_video_without_sound_gets_the_mean_and_its_record_says_so(rows, tmp_path):
    found = dataset()
    extracted(found, tmp_path)
    fitted, videos, _ = made(found, tmp_path)
    silent = {id for id in videos if int(id[1:]) % 4 == 0}
    assert {id for id, video in videos.items() if video.absent} == silent and len(silent) > 1
    for id in silent:
        assert videos[id].absent == ("audio",)
        values = fitted["audio"].from_bytes(videos[id].features["audio"])
        assert np.abs(values).max() <= 8 / 255 / 2 + 1e-6  # zero, but for half a step
    heard = [len(video.features["audio"]) for id, video in videos.items() if id not in silent]
    assert fitted["audio"].frames == sum(heard) < fitted["rgb"].frames


def test_pictures_alone_are_extracted_if_the_dataset_has_no_sound(rows, tmp_path):
    found = dataset({"rgb": SIZES["rgb"]})
    findings, _ = extracted(found, tmp_path)
    assert all(video["absent"] == [] for video in findings.videos.values())
    _, videos, _ = made(found, tmp_path)
    assert {len(video.features) for video in videos.values()} == {1}
    assert read_extraction(tmp_path / "extraction.json").sound is None


def test_only_new_and_changed_videos_are_extracted_whatever_their_names_and_labels(rows, tmp_path):
    found = dataset()
    before, _ = extracted(found, tmp_path)
    again, report = extracted(found, tmp_path)
    total = len(of_train(rows))
    assert again.videos == before.videos and report.startswith("0 videos extracted")
    row, other = of_train(rows)[:2]
    write_clip(tmp_path / row["path"], int(row["id"][1:]), brighter=9)
    (tmp_path / other["path"]).rename(tmp_path / "clips/moved.mp4")
    other.update(path="clips/moved.mp4", labels="red")
    write_rows(tmp_path, rows)
    changed, report = extracted(dataset(), tmp_path)
    assert report == f"1 videos extracted, {total - 1} known already"
    assert {id for id in before.videos if changed.videos[id] != before.videos[id]} == {row["id"]}


def test_other_extractors_or_rules_have_a_place_of_their_own(rows, tmp_path):
    found = dataset()
    key = found.source.extraction(10).key
    assert replace(found.source, frame_rule="google").extraction(10).key != key
    assert found.source.extraction(11).key != key
    assert dataset({"rgb": SIZES["rgb"]}).source.extraction(10).key != key
    before = found.source.extractors_state
    (tmp_path / "network.onnx").rename(tmp_path / "moved.onnx")
    moved = dataset(images=SOURCE["images"] | {"model": "moved.onnx"}).source
    assert moved.extraction(10).key == key
    assert moved.extractors_state != before


@pytest.mark.parametrize("damage", ["cut off", "a wrong byte", "missing"])
def test_damaged_features_are_an_error_until_they_are_extracted_again(rows, tmp_path, damage):
    found = dataset()
    findings, _ = extracted(found, tmp_path)
    id = of_train(rows)[1]["id"]
    path = findings.store.path(findings.videos[id]["content"])
    content = path.read_bytes()
    middle = len(content) // 2
    wrong = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.write_bytes({"cut off": content[:-30], "a wrong byte": wrong, "missing": b""}[damage])
    if damage == "missing":
        path.unlink()
    with pytest.raises(ArtefactError, match=r"\.npz.*; remove .*train\.json and run again"):
        made(found, tmp_path)
    _, report = extracted(found, tmp_path)
    assert report.startswith("1 videos extracted") and path.read_bytes() == content
    made(found, tmp_path)


# Bad videos


def cut(path):
    path.write_bytes(path.read_bytes()[:-2000])


def of_sound_alone(path):
    import av

    from tests.video.clips import write_sound

    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        write_sound(container, stream, tone(2), "mono", 0)
        container.mux(stream.encode(None))


BAD = {
    "missing": (lambda p: p.unlink(), "cannot be read"),
    "zero bytes": (lambda p: p.write_bytes(b""), "is empty, 0 bytes"),
    "a web page": (lambda p: p.write_text("<!DOCTYPE html><html>"), "is a web page"),
    "truncated": (cut, "truncated"),
    "sound alone": (of_sound_alone, "has no pictures|no stream of pictures"),
    "a folder": (lambda p: (p.unlink(), p.mkdir()), "is a folder"),
}


@pytest.mark.parametrize("problem", BAD)
def test_a_bad_video_is_left_out_with_its_reason_and_the_rest_goes_on(rows, tmp_path, problem):
    bad, (change, message) = of_train(rows)[2], BAD[problem]
    change(tmp_path / bad["path"])
    findings, report = extracted(dataset(), tmp_path)
    assert f"1 of {len(of_train(rows))} videos are left out" in report
    assert "problem" in findings.videos[bad["id"]]
    _, videos, report = made(dataset(), tmp_path)
    assert videos.keys() == {row["id"] for row in of_train(rows)} - {bad["id"]}
    listed = LeftOut.read([tmp_path / "x.left-out.csv"]).found[bad["id"]]
    assert listed[0].startswith("videos.csv, line ")
    with pytest.raises(RecordError, match=f"{message}.*leave the row out"):
        extracted(replace(dataset(), source=replace(dataset().source, strict=True)), tmp_path)


def test_one_frame_an_uneven_rate_and_odd_names_are_fine(rows, tmp_path):
    one, uneven, *_ = of_train(rows)
    make_clip(tmp_path / one["path"], 1)
    make_clip(tmp_path / uneven["path"], [0, 0.1, 0.9, 1.0, 1.7, 2.9])
    findings, _ = extracted(dataset(), tmp_path)
    assert [findings.videos[row["id"]]["frames"] for row in (one, uneven)] == [1, 3]
    (odd,) = [row["id"] for row in rows if row["path"] in NAMES.values()]
    assert findings.videos[odd]["frames"] == 2


SPLITS = ("train", "validate")


def test_mostly_bad_videos_stop_the_run(rows, tmp_path):
    for row in of_train(rows)[1:]:
        (tmp_path / row["path"]).write_bytes(b"")
    with pytest.raises(RecordError, match=r"train\.json: \d of \d videos cannot be used; first"):
        extracted(dataset(), tmp_path)
    assert not (tmp_path / "train.json").exists()


# Mistakes in settings and in the table


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"features": {"audio": 128}}, "source: dataset.features has audio; videos have rgb and"),
        ({"features": {"rgb": 6, "flow": 3}}, "dataset.features has rgb, flow; videos have rgb"),
        ({"features": {"rgb": 7, "audio": 128}}, "makes 6 values per frame of rgb, whose arrays"),
        (
            {"features": {"rgb": 7}, "projections": {"rgb": {"kind": "pca_whiten"}}},
            "projections.rgb.size: is 7; frames have only 6",
        ),
        ({"column": "films"}, "has no column `films`"),
        ({"column": "clips/{name}.mp4"}, "has no column `name`, which the pattern"),
        ({"column": "no/{id}.mp4"}, r"12 of 12 videos .* first: .*no/v00\.mp4 \(videos\.csv, l"),
        ({"images": {"kind": "onnx", "size": 6, "resolution": [8, 8]}}, "images.model"),
        (
            {"images": SOURCE["images"] | {"model": "none.onnx"}},
            r"source.images: .*none\.onnx: cannot be read",
        ),
        ({"sound": {"kind": "vggsh"}}, "sound.kind: unknown kind 'vggsh', did you mean 'vggish'"),
        ({"frame_rule": "all"}, "frame_rule"),
    ],
)
def test_settings_that_do_not_suit_the_table_are_refused_at_once(rows, words, message):
    with pytest.raises(ConfigError, match=message):
        dataset(**words)


def test_one_missing_video_is_refused_at_once_only_if_all_must_be_there(rows, tmp_path):
    (tmp_path / rows[5]["path"]).unlink()
    dataset()
    with pytest.raises(ConfigError, match=r"1 of 12 videos .* first: .*line 7"):
        dataset(strict=True)


def test_an_id_twice_and_a_video_in_two_splits_are_refused(rows, tmp_path):
    write_rows(tmp_path, [*rows, rows[3]])
    with pytest.raises(ConfigError, match="line 14, column id: 'v03' is already on line 5"):
        dataset()
    validate = next(row for row in rows if row["split"] == "validate")
    write_rows(tmp_path, [*rows, {**validate, "id": "again", "split": "train"}])
    with pytest.raises(ConfigError, match="split 'validate': 1 of its files also belong to 'tr"):
        dataset()


def test_a_pattern_of_columns_names_the_videos(rows, tmp_path):
    write_rows(tmp_path, [{k: row[k] for k in ("id", "labels", "split")} for row in rows])
    source = dataset(column="clips/{id}.mp4").source
    assert "clips/v05.mp4" in source.shard_paths("train") + source.shard_paths("validate")


def test_the_place_of_the_whole_folder_does_not_count(rows, tmp_path, monkeypatch):
    before = dataset().source.videos_state("train", 0), dataset().source.rows_state("train", 0)
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    monkeypatch.chdir(moved)
    found = dataset().source
    assert (found.videos_state("train", 0), found.rows_state("train", 0)) == before


def test_what_is_planned_depends_on_files_but_not_on_labels(rows, tmp_path):
    before = dataset().source
    rows[0]["labels"], rows[1]["labels"] = rows[1]["labels"], rows[0]["labels"]
    write_rows(tmp_path, rows)
    after = dataset().source
    for split in SPLITS:
        assert after.videos_state(split, 0) == before.videos_state(split, 0)
        assert len(after.videos(split, 0)) == sum(row["split"] == split for row in rows)
    assert after.fit_state("train", 10) == before.fit_state("train", 10)
    assert after.inputs("train", 0) == []
    rows[0]["path"] = "clips/v99.mp4"
    write_rows(tmp_path, rows)
    other, split = dataset().source, rows[0]["split"]
    assert other.videos_state(split, 0) != before.videos_state(split, 0)


def test_the_number_of_shards_can_be_chosen(rows):
    assert dataset().source.shards() == {"train": 1, "validate": 1}
    assert dataset(videos_per_shard=3).source.shards() == {"train": 4, "validate": 1}
