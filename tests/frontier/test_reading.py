"""The points of a run on disk: read, checked, and as a table."""

import csv
import json

import pytest
from click.testing import CliRunner

from tests.frontier.made import model, settings, three_seeds
from yt8m.cli.main import main
from yt8m.errors import ArtefactError
from yt8m.frontier.points import write_points
from yt8m.frontier.reading import read_frontier
from yt8m.frontier.table_files import COLUMNS, write_table
from yt8m.weights import save_weights

IDENTITY = {"name": "vlad", "recipe": {}, "schema": {}}


@pytest.fixture
def results(tmp_path):
    """The points of three seeds, and of a model that is one of its kind."""
    for found in (*three_seeds(), model("moe", (650,), settings(1, kind="moe"))):
        write_points(tmp_path / "frontier" / f"{found.model}.json", found)
    return tmp_path


def test_points_survive_the_round_trip(results):
    found = {each.model: each for each in read_frontier(results)}
    assert sorted(found) == ["moe", "vlad", "vlad_seed2", "vlad_seed3"]
    assert found["vlad"] == three_seeds()[0]


def test_a_run_without_points_says_how_to_make_them(tmp_path):
    with pytest.raises(ArtefactError, match=r"frontier: holds no model's points; name models"):
        read_frontier(tmp_path)


def test_only_the_points_of_some_models_are_read(results):
    assert [found.model for found in read_frontier(results, ["vlad_seed2", "moe"])] == [
        *("moe", "vlad_seed2")
    ]
    with pytest.raises(ArtefactError, match=r"frontier/gone\.json: "):
        read_frontier(results, ["gone"])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 2}'])
def test_a_damaged_file_is_named(results, text):
    (results / "frontier" / "vlad.json").write_text(text)
    with pytest.raises(ArtefactError, match=r"frontier/vlad\.json: "):
        read_frontier(results)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": []}, "it has no points"),
        ({"settings": {}}, "settings.recipe: is missing"),
        ({"settings": {"training": 3}}, "settings.recipe: is missing"),
        ({"settings": {"recipe": {"kind": "moe"}, "training": 3}}, "settings.training: is 3"),
        ({"compress": {}}, "compress.quantisers: is missing"),
        ({"stage": "../.."}, "stage: is '../..'; expected 'trained' or 'ema' or 'quantised'"),
    ],
)
def test_valid_json_with_the_wrong_content_is_named(results, change, message):
    path = results / "frontier" / "vlad.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    for words in ([], ["--budget", "1MB"]):
        done = CliRunner().invoke(main, ["frontier", str(results), *words])
        assert done.exit_code == 1 and f"{path}: " in done.output and message in done.output


def test_an_encoding_that_occurs_twice_is_named(results):
    path = results / "frontier" / "vlad.json"
    content = json.loads(path.read_text())
    content["points"][1]["encoding"] = "float32"
    path.write_text(json.dumps(content))
    with pytest.raises(ArtefactError, match="it has 'float32' more than once"):
        read_frontier(results)


def test_points_of_another_model_or_of_other_weights_are_refused(results):
    other = results / "frontier" / "other.json"
    (results / "frontier" / "moe.json").rename(other)
    with pytest.raises(ArtefactError, match=r"other\.json: holds the points of 'moe'"):
        read_frontier(results)
    other.unlink()
    weights = results / "models/vlad/ema/weights.safetensors"
    save_weights(weights, {}, {"kind": "weights", "model": IDENTITY})
    with pytest.raises(ArtefactError, match=r"vlad\.json: was made for other weights"):
        read_frontier(results)


def test_the_table_has_every_point_with_what_its_seeds_have_together(results, tmp_path):
    write_table(tmp_path / "points.csv", read_frontier(results))
    with (tmp_path / "points.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 3 * 3 + 1
    row = next(r for r in rows if r["model"] == "vlad_seed2" and r["encoding"] == "kmeans bits=4")
    assert (row["of"], row["seed"], row["seeds"]) == ("vlad", "2", "3")
    assert (row["gap"], row["mean_gap"], row["budget_bytes"]) == ("0.633000", "0.632000", "")
    assert [r["on_frontier"] for r in rows if r["model"] == "vlad"] == ["1", "1", "0"]
    alone = next(r for r in rows if r["model"] == "moe")
    assert (alone["sd_gap"], alone["on_frontier"]) == ("", "1")


def test_the_command_lists_the_best_and_chooses(results):
    done = CliRunner().invoke(main, ["frontier", str(results), "--budget", "1.1MB"])
    assert done.exit_code == 0, done.output
    assert "1,100,000 bytes: vlad, kmeans bits=4: GAP 0.6320 ± 0.0017" in done.output
    assert "final!:" in done.output
    small = CliRunner().invoke(main, ["frontier", str(results), "--budget", "5"])
    assert small.exit_code == 1 and "nothing fits 5 bytes" in small.output
    wrong = CliRunner().invoke(main, ["frontier", str(results), "--budget", "5 XB"])
    assert wrong.exit_code == 2 and "expected bytes" in wrong.output
