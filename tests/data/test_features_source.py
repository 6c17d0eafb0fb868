"""Records of a user's own table of feature files."""

import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from tests.own_data.features import NAMES, SIZES, SOURCE, save, write_features, write_table
from tests.small import config
from yt8m.cli import main
from yt8m.config.experiment import read_experiment
from yt8m.data.examples import decode_video
from yt8m.data.tfrecord import read_records
from yt8m.data.value_ranges import ValueRange
from yt8m.errors import ConfigError, RecordError
from yt8m.own_data.rows import files_of
from yt8m.projections.files import load_projections, save_projections

PICKLE = np.array([{"a": 1}], object)


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """The rows of the table in the working directory."""
    monkeypatch.chdir(tmp_path)
    return write_features(tmp_path)


def dataset(classes=5, features=SIZES, **source):
    """The setting `dataset` of the table in the working directory."""
    settings = json.loads(json.dumps(config()))
    settings["dataset"] |= {"source": SOURCE | source, "classes": classes, "features": features}
    return read_experiment(settings).dataset


def refused(message, error=ConfigError, **words):
    with pytest.raises(error, match=message):
        dataset(**words)


def made(found, folder, split="train"):
    """The projections, and the videos of a split's first shard by id."""
    source, schema = found.source, found.schema
    fit_report = source.fit("train", schema, folder / "p.safetensors")
    report = source.project_shard(split, 0, schema, folder / "p.safetensors", folder / "x")
    videos = [decode_video(memoryview(one), schema, "x") for one in read_records(folder / "x")]
    return load_projections(folder / "p.safetensors"), {v.id: v for v in videos}, fit_report, report


def test_records_hold_the_arrays_projected_as_bytes_with_their_labels(rows, tmp_path):
    found = dataset()
    fitted, videos, *_ = made(found, tmp_path)
    by_id = {row["id"]: row for row in rows}
    assert 30 < len(videos) < 55 and videos.keys() < by_id.keys()
    for id, video in videos.items():
        assert [NAMES[label] for label in video.labels] == by_id[id]["labels"].split(";")
        for name in SIZES:
            values = np.load(f"{name}/{id}.npy")
            expected = (values - fitted[name].mean) / fitted[name].deviations
            found_values = fitted[name].from_bytes(video.features[name])
            np.testing.assert_allclose(found_values, expected.clip(-4, 4), atol=8 / 255)


def test_projections_are_fitted_on_the_training_split_alone(rows, tmp_path):
    found = dataset()
    fitted, videos, *_ = made(found, tmp_path)
    frames = np.concatenate([np.load(f"rgb/{id}.npy") for id in videos])
    np.testing.assert_allclose(fitted["rgb"].mean, frames.mean(axis=0), rtol=1e-5)
    assert (
        fitted["rgb"].frames
        == len(frames)
        < sum(len(np.load(path)) for path in (tmp_path / "rgb").iterdir())
    )


def test_ranges_and_sizes_follow_from_the_projections(rows, tmp_path):
    projections = {"rgb": {"kind": "pca_whiten"}, "audio": {"low": -3}}
    found = dataset(features={"rgb": 5, "audio": 8}, projections=projections)
    assert found.schema.ranges == {"rgb": ValueRange(-2, 2), "audio": ValueRange(-3, 4)}
    fitted, videos, fit_report, report = made(found, tmp_path)
    assert {len(v.features["rgb"][0]) for v in videos.values()} == {5}
    frames = f"{fitted['rgb'].frames}"
    assert fit_report.splitlines()[1].split() == ["rgb", "pca_whiten", "24", "5", frames, "-2", "2"]
    assert report.startswith(f"{len(videos)} videos\nfeature  measured  rms error")
    lengths = [len(video.features["rgb"]) for video in videos.values()]
    measured = sum(lengths[:16]) + sum(lengths[16::16])
    assert report.splitlines()[2].split()[:2] == ["rgb", f"{5 * measured:,}"]


def test_a_record_of_the_video_layout_is_the_mean_of_the_bytes(rows, tmp_path):
    found = dataset()
    fitted, videos, *_ = made(found, tmp_path)
    schema = replace(found.schema, layout="video")
    found.source.project_shard("train", 0, schema, tmp_path / "p.safetensors", tmp_path / "means")
    for payload in read_records(tmp_path / "means"):
        mean = decode_video(memoryview(payload), schema, "x")
        values = fitted["rgb"].from_bytes(videos[mean.id].features["rgb"])
        np.testing.assert_allclose(mean.features["rgb"], values.mean(axis=0), atol=1e-5)


def test_the_order_of_the_table_and_of_settings_does_not_count(rows, tmp_path):
    found = dataset().source
    before = found.rows_state("train", 0), found.fit_state("train", 10)
    reverse = {word: dict(reversed(SOURCE[word].items())) for word in ("columns", "splits")}
    assert states(found) == states(dataset(**reverse).source)
    write_table(tmp_path, rows[::-1])
    again = dataset().source
    assert before == (again.rows_state("train", 0), again.fit_state("train", 10))
    assert found.inputs("train", 0) == again.inputs("train", 0)


def states(source):
    """What the shards and the fit depend on, besides the content of files."""
    shards = {split: source.rows_state(split, 0) for split in ("train", "validate")}
    return {**shards, "fit": source.fit_state("train", 10)}


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def test_a_change_of_a_row_changes_what_depends_on_it_and_nothing_else(rows, tmp_path):
    source = dataset().source
    before = states(source)
    split = {r.id: name for name in ("train", "validate") for r in source.rows.of_split(name)}
    for name in ("train", "validate"):
        row = next(row for row in rows if split[row["id"]] == name)
        labels, row["labels"] = row["labels"], "cat;dog;song"
        write_table(tmp_path, rows)
        assert changed(before, states(dataset().source)) == {name}
        row["labels"] = labels
    new = [{"id": f"new{n}", "labels": "cat"} for n in range(30)]
    for row in new:
        write_table(tmp_path, [*rows, row])
        source = dataset().source
        in_training = row["id"] in {other.id for other in source.rows.of_split("train")}
        expected = {"train", "fit"} if in_training else {"validate"}
        assert changed(before, states(source)) == expected


def test_numbers_of_labels_can_be_given(rows, tmp_path):
    reverse = "".join(f"{number},{name}\n" for number, name in enumerate(reversed(NAMES)))
    (tmp_path / "numbers.csv").write_text(f"Index,Name\n{reverse}")
    found = dataset(labels="numbers.csv")
    assert found.source.label_names() == tuple(reversed(NAMES))
    _, videos, *_ = made(found, tmp_path)
    by_id = {row["id"]: row["labels"].split(";") for row in rows}
    names = {id: [NAMES[::-1][n] for n in video.labels] for id, video in videos.items()}
    assert all(sorted(by_id[id]) == sorted(found) for id, found in names.items())


def test_labels_that_are_numbers_fit_into_more_classes(rows, tmp_path):
    write_table(tmp_path, [row | {"labels": str(n % 3)} for n, row in enumerate(rows)])
    assert dataset(classes=7).schema.classes == 7
    refused("has labels of 3 classes, but dataset.classes is 2; set it to 3", classes=2)


def test_a_video_without_labels_gets_none(rows, tmp_path):
    rows[0]["labels"] = ""
    write_table(tmp_path, rows)
    found = dataset()
    split = "train" if "v000" in {r.id for r in found.source.rows.of_split("train")} else "validate"
    made(found, tmp_path, split)
    (payload,) = [p for p in read_records(tmp_path / "x") if b"v000" in p]
    assert b"labels" not in payload


# Mistakes in settings


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            {"classes": 9},
            "has labels of 5 classes, but dataset.classes is 9; set it to 5",
        ),
        ({"table": "none.csv"}, "source.table: none.csv: cannot be read"),
        ({"labels": "none.csv"}, "source.table: none.csv: cannot be read"),
        ({"columns": {"rgd": "x"}}, "columns.rgd: no such feature, did you mean 'rgb'"),
        ({"columns": {"rgb": "x"}}, "has no column `x` with the rgb files"),
        ({"projections": {"rgb": {"kind": "pac"}}}, "projections.rgb.kind: unknown kind 'pac'"),
        ({"projections": {"x": {}}}, "projections.x: no such feature"),
        ({"splits": {"train": 0.5}}, "splits: its shares add up to 0.5; expected 1"),
        (
            {"features": {"rgb": 20, "audio": 8}},
            "makes 24 values per frame of rgb, whose",
        ),
        (
            {"features": {"rgb": 25, "audio": 8}, "projections": {"rgb": {"kind": "pca_whiten"}}},
            "size: is 25; frames have only 24",
        ),
        (
            {"columns": {**SOURCE["columns"], "rgb": "no/{id}.npy"}},
            r"60 of 60 videos .* first: .*no/v000\.npy \(mine",
        ),
    ],
)
def test_settings_that_do_not_suit_the_table_are_refused(rows, words, message):
    refused(message, **words)


@pytest.mark.parametrize("suffix", ["h5", "parquet"])
def test_arrays_of_any_format_tell_their_width_before_anything_runs(rows, tmp_path, suffix):
    array = np.zeros((5, 24), np.float32)
    with h5py.File(tmp_path / "all.h5", "w") as file:
        for row in rows:
            file[row["id"]] = array
    pq.write_table(pa.table({row["id"]: list(array) for row in rows}), tmp_path / "all.parquet")
    columns = SOURCE["columns"] | {"rgb": f"all.{suffix}:{{id}}"}
    dataset(columns=columns)
    message = "makes 24 values per frame of rgb, whose arrays have 24 .such as .*; dataset"
    message += ".features.rgb is 20"
    refused(message, columns=columns, features={"rgb": 20, "audio": 8})


def test_projections_of_an_earlier_run_stay_when_a_training_video_is_added(rows, tmp_path):
    found = dataset()
    fitted, before, *_ = made(found, tmp_path)
    save_projections(tmp_path / "kept", fitted)
    kept = {name: {"kind": "fitted", "file": "kept", "feature": name} for name in SIZES}
    save(tmp_path, "rgb", "added", np.full((5, 24), 30))
    save(tmp_path, "audio", "added", np.full((5, 8), 30))
    states = [dataset(projections=p).source.fit_state("train", 30) for p in ({}, kept)]
    write_table(tmp_path, [*rows, {"id": "added", "labels": "cat"}])
    again = [dataset(projections=p).source.fit_state("train", 30) for p in ({}, kept)]
    assert again[0] != states[0] and again[1] == states[1]
    found = dataset(projections=kept)
    assert found.schema.ranges == dataset().schema.ranges
    _, after, *_ = made(found, tmp_path)
    assert after.keys() == {*before, "added"}
    for id, video in before.items():
        for name in SIZES:
            np.testing.assert_array_equal(after[id].features[name], video.features[name])


def test_all_unknown_names_are_reported_at_once(rows):
    names = {"columns": {"rgd": "x", "audioo": "y"}, "projections": {"a": {}, "b": {}}}
    with pytest.raises(ConfigError) as caught:
        dataset(**names)
    lines = str(caught.value).splitlines()
    assert lines[0] == "4 mistakes:"
    assert [line.split(":")[0] for line in lines[1:]] == [
        f"  dataset.source.{word}.{name}" for word in names for name in names[word]
    ]


def test_several_kinds_of_mistakes_are_reported_at_once(rows):
    whiten = {"rgb": {"kind": "pca_whiten"}}
    with pytest.raises(ConfigError) as caught:
        dataset(classes=9, features={"rgb": 25, "audio": 7}, projections={**whiten, "x": {}})
    text = str(caught.value)
    for part in (
        "x: no such",
        "classes is 9; set",
        "rgb.size: is 25",
        "8 values per frame of audi",
    ):
        assert part in text


def test_labels_that_are_written_otherwise_than_expected_are_shown(rows, tmp_path):
    pairs = [f"{a}|{b}" for a in NAMES for b in NAMES]
    write_table(tmp_path, [row | {"labels": pairs[n % 25]} for n, row in enumerate(rows)])
    with pytest.raises(ConfigError, match=r"did you mean that instead of `\|`\?") as caught:
        dataset()
    assert "dataset.classes is 5; videos by label: 'cat|cat' (3), " in str(caught.value)


def test_more_values_than_the_training_split_can_have_frames_are_refused(rows):
    splits, whiten = {"train": 0.2, "validate": 0.8}, {"rgb": {"kind": "pca_whiten"}}
    settings = config(batch_size=1)
    source = SOURCE | {"splits": splits, "projections": whiten}
    settings["dataset"] = {"source": source, "classes": 5, "features": SIZES, "max_frames": 1}
    with pytest.raises(ConfigError) as caught:
        read_experiment(settings)
    videos = 8
    assert str(caught.value).startswith(
        f"dataset.features.rgb: is 24, but there are at most {videos} frames to fit `pca_whiten` "
        f"on; set it to {videos - 1} or less, or add videos. Much less is better on little data"
    )


def test_a_batch_larger_than_the_training_split_is_refused_for_models_that_are_made(rows):
    settings = config(batch_size=50)
    settings["models"] = settings["models"] | {
        "other": settings["models"]["bag"] | {"training": {"batch_size": 45}},
        "unused": settings["models"]["bag"] | {"training": {"batch_size": 10_000}},
    }
    settings["run"] = {"predict": ["validate"], "models": ["other"]}
    settings["dataset"] |= {"source": SOURCE, "classes": 5}
    videos = dataset().source.videos_in("train")
    with pytest.raises(ConfigError) as caught:
        read_experiment(settings)
    assert str(caught.value).splitlines() == [
        "2 mistakes:",
        *(
            f"  models.{name}.training.batch_size: is {size}, {also}but split 'train' has only "
            f"{videos} videos; set it, or `training.batch_size` for all models, to {videos} or less"
            for name, size, also in [
                ("other", 45, ""),
                ("bag", 50, "as of memory, student, vlad, "),
            ]
        ),
    ]


def test_settings_that_follow_from_the_source_must_not_contradict_it(rows, tmp_path):
    settings = config()
    settings["dataset"] = {"source": SOURCE, "classes": 5, "features": SIZES}
    for word, value, message in [
        ("ranges", {"rgb": [-1, 1]}, r"ranges.rgb: is \[-1.0, 1.0\], but .* to \[-4, 4\]; leave"),
        ("label_names", "names.csv", "label_names: .* give this file as dataset.source.labels"),
    ]:
        with pytest.raises(ConfigError, match=message):
            read_experiment(settings | {"dataset": settings["dataset"] | {word: value}})
    read_experiment(settings | {"dataset": settings["dataset"] | {"ranges": {"rgb": [-4, 4]}}})


# Mistakes in the table


def with_splits(rows):
    return [row | {"split": "validate" if n % 4 == 0 else "train"} for n, row in enumerate(rows)]


def test_a_label_once_and_a_label_that_is_not_in_the_training_split_are_warnings(rows, tmp_path):
    rows = with_splits(rows)
    rows[0]["labels"] += ";whale"
    write_table(tmp_path, rows)
    warnings = dataset(classes=6).source.warnings("train")
    assert "1 of 6 labels appear only once" in warnings[0] and "whale" in warnings[0]
    assert "split validate: 1 of its labels are not in split train" in warnings[1]
    assert warnings[2].startswith("split validate: has only 15 labelled videos")
    assert len(warnings) == 3
    (tmp_path / "rgb" / f"{rows[5]['id']}.npy").unlink()
    assert dataset(classes=6).source.warnings("train")[3].startswith("1 of 60 videos have files")


def test_an_id_twice_is_refused_with_both_lines(rows, tmp_path):
    write_table(tmp_path, [*rows, rows[3]])
    refused(r"source.table: mine.csv, line 62, column id: 'v003' is already on line 5")


def test_a_file_in_training_and_in_evaluation_is_refused(rows, tmp_path):
    rows = [row | {"rgb": f"rgb/{row['id']}.npy"} for row in with_splits(rows)]
    rows[4]["rgb"] = rows[5]["rgb"]
    write_table(tmp_path, rows)
    message = "split 'validate': 1 of its files also belong to 'train'.*v005.npy"
    refused(message, columns={"rgb": "rgb", "audio": "audio/{id}.npy"})


# Mistakes in arrays


@pytest.mark.parametrize("shape", [(5, 25), (24, 5), (5, 20)])
@pytest.mark.parametrize("kind", ["scale", "pca_whiten"])
def test_a_few_first_arrays_of_another_width_are_left_out(rows, tmp_path, shape, kind):
    projections = {"rgb": {"kind": kind}}
    train = [row.id for row in dataset(projections=projections).source.rows.of_split("train")]
    spoilt = {*train[:2], rows[0]["id"], rows[1]["id"]}
    for id in spoilt:
        spoil(tmp_path / f"rgb/{id}.npy", np.zeros(shape, np.float32))
    _, videos, *_ = made(dataset(projections=projections), tmp_path)
    assert videos.keys() == set(train) - spoilt


def test_a_width_of_most_arrays_is_refused_with_the_name_of_one(rows, tmp_path):
    for row in rows[1:]:
        spoil(tmp_path / f"rgb/{row['id']}.npy", np.zeros((5, 25)))
    refused(r"whose arrays have 25 .such as rgb/v001\.npy.; dataset\.features\.rgb is 24\. Set")


def spoil(path, values):
    np.save(path, values, allow_pickle=True)


BAD = {
    "NaN": (lambda p: spoil(p, np.full((5, 24), np.nan)), "value 0 is nan; all must be finite"),
    "infinity": (lambda p: spoil(p, np.full((5, 24), np.inf)), "is inf; all must be finite"),
    "transposed": (lambda p: spoil(p, np.zeros((24, 5))), "so it is transposed"),
    "wide": (lambda p: spoil(p, np.zeros((5, 25))), r"has shape \[5, 25\]; expected"),
    "pickle": (lambda p: spoil(p, PICKLE), "holds pickled Python objects, which are never loaded"),
    "missing": (lambda p: p.unlink(), "no such file"),
    "empty": (lambda p: p.write_bytes(b""), r"is empty \(0 bytes\)"),
    "short": (lambda p: spoil(p, np.zeros((1, 24))), "audio has . frames, rgb 1; features need"),
}


@pytest.mark.parametrize("problem", BAD)
def test_a_video_with_a_bad_array_is_left_out_and_listed_or_refused(rows, tmp_path, problem):
    bad = dataset().source.rows.of_split("train")[3]
    change, message = BAD[problem]
    _, before, *_ = made(dataset(), tmp_path)
    if problem == "short":
        save(tmp_path, "audio", bad.id, np.zeros((6, 8)))
    change(tmp_path / f"rgb/{bad.id}.npy")
    _, after, fit_report, report = made(dataset(), tmp_path)
    assert before.keys() - after.keys() == {bad.id}
    for text in (report, *([] if problem == "short" else [fit_report])):
        assert f"1 of {len(before)} videos are left out" in text and bad.where in text
    found = dataset()
    with pytest.raises(RecordError, match=f"{bad.where}.*{message}.*leave the row out"):
        made(replace(found, source=replace(found.source, strict=True)), tmp_path)


@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<f2"])
def test_floats_of_other_types_give_the_same_bytes(rows, tmp_path, dtype):
    for path in (tmp_path / "rgb").iterdir():
        spoil(path, np.load(path).astype("f2").astype("f4"))
    _, before, *_ = made(dataset(), tmp_path)
    for path in (tmp_path / "rgb").iterdir():
        spoil(path, np.load(path).astype(dtype))
    _, after, *_ = made(dataset(), tmp_path)
    for id, video in before.items():
        np.testing.assert_array_equal(video.features["rgb"], after[id].features["rgb"])


def test_features_that_end_a_frame_apart_are_cut_to_the_shorter(rows, tmp_path):
    id = dataset().source.rows.of_split("train")[0].id
    save(tmp_path, "audio", id, np.load(f"audio/{id}.npy")[:-1])
    _, videos, *_ = made(dataset(), tmp_path)
    assert {len(f) for f in videos[id].features.values()} == {len(np.load(f"audio/{id}.npy"))}


def test_a_fit_on_mostly_bad_files_is_refused(rows, tmp_path):
    for path in sorted((tmp_path / "rgb").iterdir())[5:]:
        path.write_bytes(b"")
    with pytest.raises(RecordError, match=r"feature rgb: \d+ of \d+ videos cannot be used; first"):
        made(dataset(), tmp_path)


def test_if_no_array_can_be_read_all_are_counted_with_their_lines(rows, tmp_path):
    found = dataset()
    count = len(found.source.rows.of_split("train"))
    for path in (tmp_path / "rgb").iterdir():
        path.unlink()
    message = f"feature rgb: {count} of {count} videos cannot be used; first:\n.*\n.*mine.csv, line"
    with pytest.raises(RecordError, match=message):
        made(found, tmp_path)


def test_files_that_are_missing_are_no_inputs(rows, tmp_path):
    source = dataset().source
    found = source.inputs("train", 0)
    assert found == files_of(source.rows.of_shard("train", 0), sorted(SIZES))
    Path(found[0]).unlink()
    assert source.inputs("train", 0) == found[1:]


# The command


def run(*words):
    return CliRunner().invoke(main, ["records", "import", *map(str, words)])


COLUMNS = ["--column", "rgb=rgb/{id}.npy", "--column", "audio=audio/{id}.npy"]


def test_one_command_makes_records_and_a_config_for_them(rows, tmp_path):
    (tmp_path / "rgb/v001.npy").write_bytes(b"")
    words = ["mine.csv", "--features", "rgb=6", "--features", "audio", *COLUMNS, "--out", "made"]
    words += ["--projection", "rgb=pca_whiten", "--split", "train", 0.7, "--split", "validate", 0.3]
    result = run(*words, "--config-out", "made.yaml")
    assert result.exit_code == 0, result.output
    assert "1 of 60 videos are left out:" in result.output and "mine.csv, line 3" in result.output
    experiment = read_experiment(yaml.safe_load((tmp_path / "made.yaml").read_text()))
    schema = experiment.dataset.schema
    assert dict(schema.features) == {"rgb": 6, "audio": 8} and schema.classes == 5
    assert schema.range_of("audio") == ValueRange(-4, 4)
    count = 0
    for split in ("train", "validate"):
        for path in experiment.dataset.source.shard_paths(split):
            count += len([decode_video(memoryview(p), schema, path) for p in read_records(path)])
    assert count == 59
    assert "v001" in (tmp_path / "made/left-out.csv").read_text()
    assert {*load_projections(tmp_path / "made/projections.safetensors")} == {"rgb", "audio"}
    assert (tmp_path / "made/labels.csv").read_text().splitlines()[1:] == [
        f"{number},{name}" for number, name in enumerate(NAMES)
    ]
    result = run(*words, "--strict")
    assert result.exit_code == 1 and "mine.csv, line 3" in result.output


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_import_beside_other_shards_or_files_is_refused(rows, tmp_path):
    write_table(tmp_path, rows[:20])
    words = ["mine.csv", "--features", "rgb", *COLUMNS[:2], "--out", "made"]
    splits = ["--split", "train", 0.6, "--split", "validate", 0.4]
    assert run(*words, *splits).exit_code == 0
    before = contents(tmp_path)
    assert run(*words, *splits).exit_code == 0  # the same shards again
    assert contents(tmp_path) == before
    stale = run(*words, "--split", "train", 0.6, "--split", "test", 0.4)
    assert stale.exit_code == 1 and contents(tmp_path) == before
    assert "made/validate/validate-00000-of-00001.tfrecord: is from an earlier" in stale.output
    (tmp_path / "made/train/train-00000-of-00002.tfrecord").touch()
    more = run(*words, *splits)
    assert more.exit_code == 1 and "of-00002.tfrecord: is from an earlier" in more.output


@pytest.mark.parametrize("name", ["labels.csv", "left-out.csv"])
def test_tables_that_no_import_wrote_are_not_replaced(rows, tmp_path, name):
    (tmp_path / "made").mkdir()
    (tmp_path / "mine.csv").rename(tmp_path / "made" / name)
    before = contents(tmp_path)
    found = run(
        f"made/{name}", "--features", "rgb", "--column", "rgb=../rgb/{id}.npy", "--out", "made"
    )
    assert found.exit_code == 1 and f"made/{name}: is not from an earlier import" in found.output
    assert contents(tmp_path) == before


def test_a_config_that_no_import_wrote_is_not_replaced(rows, tmp_path):
    write_table(tmp_path, rows[:20])
    words = ["mine.csv", "--features", "rgb", *COLUMNS[:2], "--out", "made", "--config-out"]
    (tmp_path / "config.yaml").write_text("results: mine\n")
    found = run(*words, "config.yaml")
    assert found.exit_code == 1 and "config.yaml: is not from an earlier import" in found.output
    assert (tmp_path / "config.yaml").read_text() == "results: mine\n"
    assert not (tmp_path / "made").exists()
    assert [run(*words, "made.yaml").exit_code for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--features", "rgb=0"], "expected a name and a size"),
        (["--features", "rgb=20", *COLUMNS[:2]], "dataset.features.rgb is 20. Set it to 24, or"),
        (["--features", "rgb", "--train", "x", *COLUMNS[:2]], "there is no split 'x'"),
        (["--features", "rgb", *COLUMNS], "columns.audio: no such feature"),
        (["--features", "rgb", "--projection", "rgb"], "expected NAME=VALUE"),
        (["--features", "rgb", "--projection", "rgb={"], "is not valid JSON"),
    ],
)
def test_options_that_do_not_fit_are_refused_in_one_line(rows, words, message):
    result = run("mine.csv", "--out", "made", *words)
    assert result.exit_code and message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_an_empty_cell_is_a_feature_that_the_video_lacks(rows, tmp_path):
    rows = [row | {n: f"{n}/{row['id']}.npy" for n in SIZES} for row in rows]
    columns = {name: name for name in SIZES}
    write_table(tmp_path, rows)
    _, before, *_ = made(dataset(columns=columns), tmp_path)
    silent = next(row for row in rows if row["id"] in before)
    silent["audio"] = ""
    write_table(tmp_path, rows)
    found = dataset(columns=columns)
    assert all(found.source.inputs(split, 0) for split in ("train", "validate"))
    fitted, after, _, report = made(found, tmp_path)
    id = silent["id"]
    assert after.keys() == before.keys() and "left out" not in report
    assert {v.id: v.absent for v in after.values() if v.absent} == {id: ("audio",)}
    frames = after[id].features["rgb"]
    np.testing.assert_array_equal(frames, before[id].features["rgb"])
    np.testing.assert_array_equal(after[id].features["audio"], fitted["audio"].absent(len(frames)))
    assert fitted["audio"].frames == fitted["rgb"].frames - len(frames)


def test_a_feature_that_no_video_has_cannot_be_fitted(rows, tmp_path):
    write_table(tmp_path, [row | {"rgb": f"rgb/{row['id']}.npy", "audio": ""} for row in rows])
    found = dataset(columns={name: name for name in SIZES})
    with pytest.raises(RecordError, match="audio: there is no video with it to fit"):
        made(found, tmp_path)
