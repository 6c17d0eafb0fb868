"""What a training job says about itself while it runs."""

import os

from tests.small import write_model_config
from yt8m import progress
from yt8m.cli.jobs import in_one_line
from yt8m.parent import VARIABLE, announce_run
from yt8m.running import read_jobs
from yt8m.training.run import train
from yt8m.training.step import TrainingStep


def test_training_is_seen_with_its_step_and_loss_while_it_runs(data, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    step, seen = TrainingStep.run, []

    def look_and_step(self, *arguments):
        seen.extend(read_jobs(tmp_path))
        return step(self, *arguments)

    monkeypatch.setattr(TrainingStep, "run", look_and_step)
    log = tmp_path / "logs/train/vlad.log"
    log.parent.mkdir(parents=True)
    before = os.dup(2)
    try:
        with log.open("w") as file:
            os.dup2(file.fileno(), 2)
        with in_one_line():
            train(
                write_model_config(tmp_path, "vlad"),
                data["train"],
                tmp_path / "out",
                tmp_path / "state",
            )
    finally:
        os.dup2(before, 2)
        os.close(before)
    assert {(job.name, job.state, job.activity.title) for job in seen} == {
        ("train/vlad", "running", "train vlad")
    }
    assert [job.activity.done for job in seen[:7]] == [0, 1, 1, 1, 1, 5, 5]
    assert all(job.activity.note.startswith("loss ") for job in seen[1:])
    assert read_jobs(tmp_path) == []
