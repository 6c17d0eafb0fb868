"""Models whose jobs wait for a free place train in the process of another one."""

from tests.workflow.project import Project


def sharing(c):
    c["resources"]["train"]["together"] = 3


def states(project):
    """The folders of saved state of models."""
    return [
        folder for step in ("train", "ema") for folder in project.path("state").glob(f"{step}/*")
    ]


def test_only_models_that_this_run_makes_share_a_process_and_no_bit_differs(built, tmp_path):
    project = Project(tmp_path)
    project.write_config(sharing)
    alone = "models/bag/trained/weights.safetensors"
    project.snakemake(f"results/{alone}", "--resources", "gpu=1")
    assert not states(project)
    assert not project.path("models/vlad").exists()

    ran = project.run("teachers", "--resources", "gpu=1")
    assert (ran["train"], ran["ema"]) == (2, 3)
    logs = {path.stem: path.read_text() for path in project.path("logs/train").glob("*.log")}
    (name,) = [name for name, text in logs.items() if "done ahead by the command of" in text]
    other = {"vlad": "memory", "memory": "vlad"}[name]
    assert f"train {name}, ahead of its own command:\nstep 1/" in logs[other]
    assert f"train {name}: done ahead by the command of {other}" in logs[name]
    assert "step 1/" not in logs[name]
    for model in ("vlad", "bag", "memory"):
        for stage in ("trained", "ema"):
            weights = f"models/{model}/{stage}/weights.safetensors"
            assert project.path(weights).read_bytes() == built.path(weights).read_bytes()
    assert not states(project)
    assert project.plan("teachers") == {}
    project.write_config()
    assert project.plan("teachers") == {}


EVALUATED = [(model, stage) for model in ("bag", "vlad") for stage in ("trained", "ema")]
METRICS = ("metrics.validate.json", "classes.validate.parquet", "videos.validate.parquet")


def evaluating_together(c):
    c["resources"]["infer"] = {"together": 3}


def test_evaluations_that_wait_share_a_process_and_no_bit_differs(done, built):
    done.write_config(evaluating_together)
    assert done.plan() == {}
    for model, stage in EVALUATED:
        for name in METRICS:
            done.remove(f"models/{model}/{stage}/{name}")
    ran = done.run("--resources", "gpu=1")
    assert (ran["evaluate"], ran["report"]) == (len(EVALUATED), 1)
    for model, stage in EVALUATED:
        for name in METRICS:
            file = f"models/{model}/{stage}/{name}"
            assert done.path(file).read_bytes() == built.path(file).read_bytes()
    texts = [
        done.path(f"logs/evaluate/{model}-{stage}-validate.log").read_text()
        for model, stage in EVALUATED
    ]
    assert sum("done ahead by the command of" in text for text in texts) == 2
    assert sum(text.count("ahead of its own command:") for text in texts) == 2
    assert not list(done.path("state").glob("evaluate/*"))
