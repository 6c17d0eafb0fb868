"""A model that is trained on two nodes of a real Slurm cluster."""

import pytest

from tests.slurm.cluster import Cluster, obstacle
from tests.slurm.test_cluster import OPTIONS, RECORD
from tests.training.runs import content
from tests.training.workers.processes import finished, start_workers
from tests.workflow.project import Project

pytestmark = [
    pytest.mark.xdist_group("slurm"),
    pytest.mark.skipif(obstacle() is not None, reason=f"no Slurm: {obstacle()}"),
]

TARGET = "results/models/vlad/trained/weights.safetensors"


def on_two_nodes(config: dict) -> None:
    """One model, trained for 9 steps of 20 videos."""
    config["models"] = {"vlad": config["models"]["vlad"]}
    config["training"] |= {"epochs": 3, "frames": {"kind": "random", "count": 6}}
    config["ensembles"] = {"final": {"members": {"vlad": 1.0}}}
    config["resources"] = {
        "train": {"gpu": 1, "nodes": 2, "threads": 1, "mem_mb": 1500, "runtime": 5},
        "records": {"threads": 1, "mem_mb": 1000, "runtime": 5},
        "light": {"threads": 1, "mem_mb": 1000, "runtime": 5},
    }


def test_a_training_on_two_nodes_ends_with_the_bits_of_two_workers_by_hand(tmp_path):
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.write_config(on_two_nodes)
    project.real = True
    with Cluster(nodes=2) as cluster:
        project.snakemake(TARGET, *OPTIONS)
        RECORD.with_name("slurm-jobs-two-nodes.log").write_text(cluster.record())
        (job,) = cluster.jobs("train")
    assert (job["JobState"], job["NumNodes"], job["CPUs/Task"]) == ("COMPLETED", "2", "1")
    assert job["TresPerJob"] == "gres:gpu:a100:2" and job["MinMemoryNode"] == "1500M"
    log = project.path("logs/train/vlad.log").read_text()
    assert "step 9/9" in log and log.count("step 1/9") == 1  # the chief alone shows progress
    by_hand = tmp_path / "by-hand"
    words = ["train", str(project.path("models/vlad/trained/config.json"))]
    words += ["--records", str(project.path("data/train.json")), "--threads", "1", "--gpus", "0"]
    for worker in start_workers([*words, "--state", f"{by_hand}-state", "--out", str(by_hand)]):
        finished(worker)
    assert content(project.path("models/vlad/trained")) == content(by_hand)
