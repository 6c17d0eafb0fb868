"""Each command that makes something ends with a line about the outcome."""

import json
import re

import pytest
from click.testing import CliRunner

from tests.serving.stages import write_stage
from tests.small import SCHEMA, config, write_dataset, write_model_config
from yt8m.cli import main

SCHEMA_JSON = json.dumps(SCHEMA.as_json())
SOURCE = json.dumps(config()["dataset"]["source"])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outcomes")
    write_dataset(folder / "data")
    write_model_config(folder / "vlad", "vlad", epochs=1)
    for name in ("vlad", "bag"):
        write_stage(folder / "stages", name)
    return folder


def run(place, line):
    arguments = [place / word[1:] if word.startswith("/") else word for word in line]
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout.replace(str(place), "")


V, B = "/stages/vlad/trained", "/stages/bag/trained"
TRAIN = ["--records", "/data/train.json"]
SCORED = ["--records", "/data/validate.json"]
FITTED = (
    r"weights.safetensors: [\d,]+ bytes\n  6 steps, 1.00 epochs; last on training batches: loss"
)
STEPS = {
    "configure": (["configure", "--entry", "ENTRY", "--out", "/c.json"], r"^/c.json: [\d,]+ bytes"),
    "make": (
        ["records", "make", "--schema", SCHEMA_JSON, "--source", SOURCE,
         "--split", "train", "--shard", "0", "--out", "/g.tfrecord"],
        r"^/g.tfrecord: [\d,]+ bytes",
    ),
    "survey": (
        ["records", "survey", "/g.tfrecord", "--schema", SCHEMA_JSON, "--split", "train",
         "--part", "0/1", "--out", "/g.part"],
        r"^/g.part: part 0 of 1, 30 videos in 1 shards",
    ),
    "manifest of parts": (
        ["records", "manifest", "--parts", "/g.part", "--schema", SCHEMA_JSON, "--split", "train",
         "--out", "/g.json"],
        r"^/g.json: 30 videos in 1 shards",
    ),
    "train": (["train", "/vlad/config.json", *TRAIN, "--state", "/s", "--out", "/t"], FITTED),
    "ema": (
        ["ema", "/vlad/config.json", "--source", f"{V}/weights.safetensors", *TRAIN,
         "--state", "/s", "--out", "/e"],
        FITTED,
    ),
    "average": (
        ["average", f"{V}/weights.safetensors", f"{V}/weights.safetensors", "--out", "/m"],
        r"^/m/weights.safetensors: [\d,]+ bytes, the mean of 2",
    ),
    "learn-weights": (
        ["learn-weights", "--member", "0.5", V, "--member", "0.5", B, *SCORED, "--out", "/w.json"],
        r"^/w.json: (learned|configured) weights 0.\d{4} vlad, 0.\d{4} bag \(30 videos\)",
    ),
    "ensemble": (
        ["ensemble", "it", "--member", "0.5", V, "--member", "0.5", B, "--out", "/it"],
        r"^/it/graph: [\d,]+ bytes, the mean of 0.5 bag, 0.5 vlad",
    ),
    "import-ensemble": (
        ["import-ensemble", "mine", "/it", "--out", "/mine"],
        r"^/mine/graph: [\d,]+ bytes",
    ),
    "fingerprint": (["fingerprint", "/it", "--out", "/f.json"], r"^/f.json: [0-9a-f]{64}"),
    "size": (
        ["size", "/it", "--budget", "1000000", "--out", "/size.json"],
        r"^/size.json: it takes [\d,]+ bytes, \d+\.\d% of 1,000,000",
    ),
    "archive": (["archive", "/it", "--out", "/it.tar.gz"], r"^/it.tar.gz: [\d,]+ bytes, SHA-256"),
    "distil": (
        ["distil", "/it", *TRAIN, "--shards", "0-1", "--state", "/s", "--out", "/d"],
        r"^/d: 2 shards, 60 videos",
    ),
    "evaluate": (
        ["evaluate", "/it", *SCORED, "--out", "/m.json", "--classes-out", "/c.parquet",
         "--scores-out", "/s.parquet", "--mistakes-out", "/x.parquet",
         "--confusions-out", "/y.parquet", "--videos-out", "/v.parquet"],
        r"^it: GAP .*\n  30 videos, \d+ of them without labels; \d of 6 classes have positives",
    ),
    "evaluate-part": (
        ["evaluate-part", "/it", *SCORED, "--part", "0/1", "--errors", "--out", "/part.npz"],
        r"^it: /part.npz: [\d,]+ bytes, part 0 of 1: 30 videos",
    ),
    "merge-evaluation": (
        ["merge-evaluation", "/part.npz", "--fingerprint", "/f.json", *SCORED, "--out", "/n.json",
         "--classes-out", "/d.parquet"],
        r"^it: GAP .*\n  30 videos, \d+ of them without labels; \d of 6 classes have positives",
    ),
    "calibrate": (
        ["calibrate", "/s.parquet", "--fingerprint", "/f.json", *SCORED,
         "--out", "/t.csv", "--calibration-out", "/cal.json"],
        r"^/t.csv: chosen by the best F1 on 30 videos of validate, for \d of 6 classes each",
    ),
    "archive with thresholds": (
        ["archive", "/it", "--thresholds", "/t.csv", "--calibration", "/cal.json",
         "--out", "/it.tar.gz"],
        r"^/it.tar.gz: [\d,]+ bytes, SHA-256",
    ),
    "predict": (
        ["predict", "/it", *SCORED, "--state", "/s", "--out", "/p.parquet"],
        r"^/p.parquet: [\d,]+ bytes",
    ),
    "predict a part": (
        ["predict", "/it", *SCORED, "--state", "/s", "--part", "0/2", "--out", "/q0.parquet"],
        r"^/q0.parquet: [\d,]+ bytes, part 0 of 2: 0 videos, since the split has fewer",
    ),
    "predict another part": (
        ["predict", "/it", *SCORED, "--state", "/s", "--part", "1/2", "--out", "/q1.parquet"],
        r"^/q1.parquet: [\d,]+ bytes, part 1 of 2: 30 videos\n",
    ),
    "merge-predictions": (
        ["merge-predictions", "/q*.parquet", "--fingerprint", "/f.json", *SCORED,
         "--out", "/r.parquet"],
        r"^/r.parquet: [\d,]+ bytes, 30 videos of 2 parts",
    ),
    "submit": (["submit", "/p.parquet", "--out", "/p.csv"], r"^/p.csv: 30 videos"),
}  # fmt: skip


def test_every_step_reports_what_it_made(place):
    """In the order of the workflow: later steps read what earlier ones made."""
    entry = (place / "vlad/config.json").read_text()
    for name, (line, said) in STEPS.items():
        filled = [{"ENTRY": entry}.get(word, word) for word in line]
        found = run(place, filled)
        assert re.search(said, found), f"{name}: {found}"
        assert len(found.splitlines()) <= 2
