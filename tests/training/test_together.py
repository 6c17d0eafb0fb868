"""Models that train in one process, one after the other, as if each were alone."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.small import write_model_config
from tests.training.runs import digest, equal_mean, interrupt_after
from tests.training.test_students import write_soft_labels
from yt8m.artefacts import HISTORY, WEIGHTS
from yt8m.errors import TrainingError
from yt8m.training import loop
from yt8m.training.kept import BY, claimed, is_kept, kept
from yt8m.training.run import average, train
from yt8m.training.state import State
from yt8m.training.task import Files, averaging_task, fitting_task
from yt8m.training.together import Waiting, work_together
from yt8m.training.work import Training


def nothing_to_start():
    """TensorFlow is there already."""


def refuse_to_start():
    raise AssertionError("this command has something to train")


def fitting(data, folder, name, soft=None, **training):
    """The task of fitting a model of the small config in its own folder."""
    config = write_model_config(folder / "configs" / name, name, **training)
    return fitting_task(config, Files(data["train"], soft, folder / name, folder / "state" / name))


def averaging(data, folder, config, source):
    out, state = folder / f"{config.name}-ema", folder / "state" / f"{config.name}-ema"
    return averaging_task(config, Files(data["train"], None, out, state), source)


def work(task):
    return Training(task, state_seconds=600.0)


def waiting(*tasks):
    return [Waiting(partial(work, task), task.files.out / WEIGHTS) for task in tasks]


def together(own, *others):
    work_together(work(own), waiting(*others), nothing_to_start)


def take_over(task):
    work_together(work(task), [], refuse_to_start)


def test_models_that_train_together_have_the_bits_of_each_alone(data, trained, tmp_path, capsys):
    tasks = [fitting(data, tmp_path, name) for name in ("vlad", "bag", "memory")]
    together(*tasks)
    assert digest(tmp_path / "vlad") == digest(trained / "a")
    assert not (tmp_path / "state/vlad").exists() and not (tmp_path / "bag").exists()
    for task in tasks[1:]:
        name = task.config.name
        assert is_kept(work(task))
        take_over(task)
        train(task.config, data["train"], tmp_path / "alone" / name, tmp_path / "s")
        assert digest(tmp_path / name) == digest(tmp_path / "alone" / name)
        assert (tmp_path / name / HISTORY).is_file() and not (tmp_path / "state" / name).exists()
        assert f"train {name}: done ahead by the command of vlad" in capsys.readouterr().err


def test_students_that_train_together_have_the_bits_of_each_alone(data, tmp_path):
    soft = write_soft_labels(data["train"], tmp_path, np.linspace(0.1, 0.9, 6, dtype=np.float32))
    own = fitting(data, tmp_path, "student", soft, seed=3)
    other = fitting(data, tmp_path / "other", "student", soft, seed=4)
    together(own, other)
    take_over(other)
    for task in (own, other):
        train(task.config, data["train"], tmp_path / "alone", tmp_path / "s", soft)
        assert digest(task.files.out) == digest(tmp_path / "alone")


def test_averages_made_together_have_the_bits_of_each_alone(data, trained, tmp_path):
    start = trained / "a/weights.safetensors"
    config = write_model_config(tmp_path, "vlad")
    own = averaging(data, tmp_path, config, start)
    other = averaging(data, tmp_path / "other", equal_mean(config, 2), start)
    together(own, other)
    take_over(other)
    for task in (own, other):
        average(task.config, start, data["train"], tmp_path / "alone", tmp_path / "s")
        assert digest(task.files.out) == digest(tmp_path / "alone")


def test_a_process_killed_in_its_second_model_resumes_there(data, trained, tmp_path, monkeypatch):
    vlad, bag = (fitting(data, tmp_path, name) for name in ("vlad", "bag"))
    train(bag.config, data["train"], tmp_path / "alone", tmp_path / "s")
    firsts, original = [], loop._remaining_batches
    monkeypatch.setattr(loop, "_remaining_batches", lambda *a: firsts.append(a[3]) or original(*a))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(3, patch)
        patch.setattr(State, "is_due", lambda self: self.folder.name == "bag")
        together(vlad, bag)
    # Snakemake removes what the killed command has put in place.
    (tmp_path / "vlad/weights.safetensors").unlink()
    take_over(vlad)
    assert digest(tmp_path / "vlad") == digest(trained / "a")
    together(bag)
    assert firsts == [0, 0, 3]
    assert digest(tmp_path / "bag") == digest(tmp_path / "alone")
    assert not list((tmp_path / "state").iterdir())


def test_a_model_that_fails_does_so_in_its_own_command(data, trained, tmp_path, capsys):
    own = fitting(data, tmp_path, "vlad")
    wrong, right = fitting(data, tmp_path, "bag", batch_size=100), fitting(data, tmp_path, "memory")
    together(own, wrong, right)
    assert digest(tmp_path / "vlad") == digest(trained / "a") and is_kept(work(right))
    said = f"{tmp_path / 'bag'}: is left to its own command: train bag: 60 videos are less than"
    assert said in capsys.readouterr().err
    with pytest.raises(TrainingError, match="60 videos are less than one batch of 100"):
        together(wrong)


def test_a_model_whose_command_has_begun_or_ended_is_not_trained_ahead(data, tmp_path):
    own, begun = fitting(data, tmp_path, "vlad", epochs=1), fitting(data, tmp_path, "bag")
    ended = fitting(data, tmp_path, "memory", epochs=1)
    others = waiting(begun, ended)
    together(ended)
    with claimed(work(begun)):
        work_together(work(own), others, nothing_to_start)
    assert not is_kept(work(begun)) and not is_kept(work(ended))
    assert not list((tmp_path / "state").iterdir())


@pytest.mark.parametrize("spoil", ["damaged", "of another model"])
def test_a_kept_result_that_is_not_the_right_one_is_made_again(data, trained, tmp_path, spoil):
    vlad, bag = (fitting(data, tmp_path, name) for name in ("vlad", "bag"))
    together(fitting(data, tmp_path, "memory", epochs=1), vlad)
    weights = kept(work(vlad)) / "weights.safetensors"
    assert json.loads((kept(work(vlad)) / BY).read_text()) == {"by": "memory"}
    if spoil == "damaged":
        weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    else:
        together(bag)
        weights.write_bytes(digest(tmp_path / "bag"))
    together(vlad)
    assert digest(tmp_path / "vlad") == digest(trained / "a")


def test_a_kept_result_of_other_settings_is_not_used(data, tmp_path):
    vlad = fitting(data, tmp_path, "vlad")
    together(fitting(data, tmp_path, "memory", epochs=1), vlad)
    config = replace(vlad.config, training=replace(vlad.config.training, seed=9))
    other = fitting_task(config, vlad.files)
    together(other)
    train(config, data["train"], tmp_path / "alone", tmp_path / "s")
    assert digest(tmp_path / "vlad") == digest(tmp_path / "alone")
    assert not (tmp_path / "state/vlad").exists()
