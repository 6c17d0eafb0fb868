"""A model that is validated while it trains: its files, and what reruns it."""

import csv
from collections.abc import Callable

from tests.workflow.project import copy_checkout
from yt8m.data.manifest import read_manifest
from yt8m.data.records import Records
from yt8m.outputs.evaluation import evaluate
from yt8m.serving.graph import load_graph

WEIGHTS = "results/models/bag/ema/weights.safetensors"
VALIDATE = {"every": 5, "keep": "best", "patience": 3}


def validating(**words) -> Callable:
    """A change of the config: one model is validated while it trains."""

    def change(c):
        c["models"] = {**c["models"]}
        c["models"]["bag"] = {**c["models"]["bag"], "training": {"validate": {**VALIDATE, **words}}}

    return change


def test_a_model_is_validated_by_the_rules_and_made_again_if_what_measures_it_changes(
    done, tmp_path
):
    done.checkout = copy_checkout(tmp_path / "checkout")
    file = done.checkout / "yt8m/metrics/perr.py"
    file.write_text(f"{file.read_text()}\nADDED = 1\n")
    assert done.plan(WEIGHTS) == {}, "no model depends on the code of metrics without validation"
    done.write_config(validating())
    assert done.run(WEIGHTS) == {"model_config": 2, "train": 1, "ema": 1}
    for stage in ("trained", "ema"):
        folder = done.path(f"models/bag/{stage}")
        with (folder / "history.csv").open() as history:
            gaps = [r["validation_gap"] for r in csv.DictReader(history) if r["validation_gap"]]
        records = Records(read_manifest(done.path("data/validate.json")))
        found = evaluate(load_graph(folder), records, 10).result()
        assert abs(found.gap - max(map(float, gaps))) < 1e-6
    assert done.plan(WEIGHTS) == {}
    file.write_text(f"{file.read_text()}\nADDED_TOO = 1\n")
    assert done.plan(WEIGHTS) == {"train": 1, "ema": 1}


def test_a_split_that_cannot_validate_is_refused_before_anything_runs(done):
    for split, problem in (("train", "which models are trained on"), ("ghost", "has no shards")):
        done.write_config(validating(split=split))
        output = done.snakemake("--dry-run", succeeds=False)
        assert "models.bag.training.validate.split: " in output and problem in output
        assert "Traceback" not in output
