import numpy as np
import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.prediction_files import PredictedVideo, PredictionWriter
from yt8m.outputs.submission import line, write_submission


def write(path, ids, predictions, top_k):
    with PredictionWriter(path, top_k, predictions.shape[1]) as writer:
        writer.write(ids, predictions)


@pytest.mark.parametrize("top_k", [5, 20])
def test_the_file_equals_that_of_the_original(tmp_path, golden, top_k):
    with np.load(golden("inference_csv.npz")) as file:
        original = dict(file)
    write(tmp_path / "p.parquet", original["video_ids"].tolist(), original["predictions"], 20)
    write_submission(tmp_path / "p.parquet", tmp_path / "out" / "submission.csv", top_k)
    lines = [str(original["header"]), *original[f"lines_top{top_k}"].tolist()]
    assert (tmp_path / "out" / "submission.csv").read_bytes() == "".join(lines).encode()


def test_confidences_have_six_significant_digits():
    video = PredictedVideo("abc", None, [7, 3, 0], [1.0, 0.12345678, 1.2345678e-7])
    assert line(video, 20) == "abc,7 1 3 0.123457 0 1.23457e-07\n"
    assert line(video, 1) == "abc,7 1\n"


def test_a_submission_has_all_classes_if_there_are_fewer_than_top_k(tmp_path):
    write(tmp_path / "p.parquet", ["a"], np.array([[0.5, 0.75]], np.float32), 20)
    write_submission(tmp_path / "p.parquet", tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text() == "VideoId,LabelConfidencePairs\na,1 0.75 0 0.5\n"


@pytest.mark.parametrize("top_k", [0, 6])
def test_more_classes_than_were_kept_are_refused(tmp_path, top_k):
    write(tmp_path / "p.parquet", ["a"], np.zeros((1, 30), np.float32), 5)
    with pytest.raises(ArtefactError, match=f"has 5 classes per video; a submission of {top_k}"):
        write_submission(tmp_path / "p.parquet", tmp_path / "s.csv", top_k)
    assert not (tmp_path / "s.csv").exists()


@pytest.mark.parametrize("bad", ["a,b", 'a"b', "a\nb", "", "=1+1", "a\0b"])
def test_an_id_with_a_line_break_is_refused(tmp_path, bad):
    write(tmp_path / "p.parquet", ["fine", bad], np.zeros((2, 3), np.float32), 3)
    with pytest.raises(ArtefactError, match="unsafe in a CSV"):
        write_submission(tmp_path / "p.parquet", tmp_path / "s.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


@pytest.mark.parametrize(
    ("unsafe_ids", "lines", "words"),
    [
        (
            "escape",
            ["fine,0 0.5", '"a,b",0 0.5', "'=1,0 0.5"],
            "3 videos, 2 of them with an escape",
        ),
        ("leave-out", ["fine,0 0.5"], "1 videos; 2 were left out because of unsafe ids"),
    ],
)
def test_unsafe_ids_are_escaped_or_left_out_and_counted(tmp_path, unsafe_ids, lines, words):
    predictions = np.full((3, 1), 0.5, np.float32)
    write(tmp_path / "p.parquet", ["fine", "a,b", "=1"], predictions, 1)
    written = write_submission(tmp_path / "p.parquet", tmp_path / "s.csv", unsafe_ids=unsafe_ids)
    assert (tmp_path / "s.csv").read_text().splitlines()[1:] == lines
    assert written.summary().startswith(words)


def test_ids_are_checked_in_every_part_of_a_file_before_a_line_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("yt8m.row_groups.ROW_GROUP", 2)
    ids = ["a", "b", "c", "d", "e,"]
    write(tmp_path / "p.parquet", ids, np.zeros((5, 1), np.float32), 1)
    with pytest.raises(ArtefactError, match=r"1 of 5 ids are unsafe in a CSV: 'e,'"):
        write_submission(tmp_path / "p.parquet", tmp_path / "s.csv")
    assert not (tmp_path / "s.csv").exists()


def test_an_unknown_choice_for_unsafe_ids_is_refused(tmp_path):
    write(tmp_path / "p.parquet", ["a"], np.zeros((1, 1), np.float32), 1)
    with pytest.raises(
        ConfigError, match="unsafe_ids: is 'quote'; expected one of refuse, leave-out"
    ):
        write_submission(tmp_path / "p.parquet", tmp_path / "s.csv", unsafe_ids="quote")
