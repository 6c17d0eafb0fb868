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


STAGE_FILES = {"trained/": "history.csv", "ema/": "history.csv", "quantised/": "sizes.json"}


def pretend(project: Project, model: str) -> None:
    """Empty files of the records and of a model, and Snakemake's records of how they were made."""
    names = [f"data/{s}.{e}" for s in ("train", "validate") for e in ("json", "digest", "ids.npy")]
    names += ["data/duplicate-videos.txt", "data/duplicate-videos.digest"]
    names += [f"data/train/train-{n:05d}-of-00003.tfrecord" for n in range(3)]
    names += ["data/validate/validate-00000-of-00001.tfrecord"]
    names += [f"models/{model}/{part}config.json" for part in ("trained/", "ema/", "")]
    for stage, beside in STAGE_FILES.items():
        names += [f"models/{model}/{stage}{name}" for name in ("weights.safetensors", beside)]
    for name in names:
        path = project.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    project.snakemake("--touch", "--forceall", weights(model))


def weights(model: str) -> str:
    return f"results/models/{model}/quantised/weights.safetensors"


def test_a_value_added_to_a_grid_plans_the_jobs_of_the_new_model_alone(tmp_path):
    project = Project(tmp_path)

    def grid(*clusters):
        variants = {"of": "vlad", "grid": {"clusters": list(clusters)}}
        project.write_config(lambda c: c.update(variants=variants))

    grid(5)
    pretend(project, "vlad_clusters5")
    assert project.plan(weights("vlad_clusters5")) == {}
    grid(7, 5)
    both = [weights(f"vlad_clusters{number}") for number in (5, 7)]
    assert project.plan(*both) == {"model_config": 3, "train": 1, "ema": 1, "quantise": 1}


def test_a_mistake_in_variants_is_one_line_before_anything_is_planned(project):
    config = project.settings()
    config["variants"]["grid"]["clutsers"] = [5]
    (project.folder / "config.yaml").write_text(yaml.safe_dump(config))
    message = project.snakemake("--dry-run", succeeds=False)
    assert "config: variants.grid.clutsers: unknown setting, did you mean 'clusters'?" in message
    assert "Traceback" not in message
