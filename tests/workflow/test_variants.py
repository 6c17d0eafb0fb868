"""Variants are planned like any other models."""

import pytest
import yaml

from tests.workflow.project import ROOT, Project

DEMO = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
GRID = {"clusters": [4, 8, 16], "training.learning_rate": [1e-3, 2e-3]}
UNTIL_THE_TEACHER = 5
"""Models of the demo that are no students, which are planned once their teacher is known."""


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    config = {**DEMO, "variants": {"of": "alone", "grid": GRID, "seeds": 3}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    return project


def test_a_grid_of_the_demo_plans_each_model_once(project):
    """18 combinations, of which one is the model itself."""
    plan, models = project.plan(), UNTIL_THE_TEACHER + 18 - 1
    assert plan["train"] == plan["ema"] == plan["quantise"] == models
    assert plan["model_config"] == plan["evaluate"] == 3 * models


def test_one_variant_is_a_target_like_any_model(project):
    name = "alone_clusters4_learning_rate0p001_seed3"
    plan = project.plan(f"results/models/{name}/ema/weights.safetensors")
    assert (plan["train"], plan["ema"], plan["model_config"]) == (1, 1, 2)


def test_a_mistake_in_variants_is_one_line_before_anything_is_planned(project):
    config = project.settings()
    config["variants"]["grid"]["clutsers"] = [5]
    (project.folder / "config.yaml").write_text(yaml.safe_dump(config))
    message = project.snakemake("--dry-run", succeeds=False)
    assert "config: variants.grid.clutsers: unknown setting, did you mean 'clusters'?" in message
    assert "Traceback" not in message
