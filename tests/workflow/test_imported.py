"""Students of a teacher from another project."""

import shutil

import numpy as np
import pytest

from tests.small import SCHEMA
from tests.tf1.checkpoints import write_checkpoint
from tests.workflow.project import Project
from yt8m.json_files import read_json
from yt8m.serving.ensemble import export_ensemble
from yt8m.tf1.importing import Choices, import_checkpoint


@pytest.fixture
def folder(built, tmp_path):
    """A copy of the teacher of the finished run, as if from another project."""
    return shutil.copytree(built.path("ensembles/teacher"), tmp_path / "theirs")


def with_imported_teacher(folder):
    """A change of the config: students of the ensemble in `folder`."""
    return lambda c: c["ensembles"].update(teacher={"folder": str(folder)})


def test_an_imported_teacher_is_distilled_again_only_if_it_is_replaced(built, done, folder):
    done.write_config(with_imported_teacher(folder))
    # The same ensemble as the one made here: nothing trained on it is made again.
    ran = done.run()
    assert ran.pop("import_ensemble") == 1 and ran.pop("fingerprint") == 2
    assert ran == {"provenance": 1, "confidence": 1, "report": 1}  # of fewer models
    assert done.plan() == {}
    page = done.path("report.html").read_text()
    assert "imported" in page and "<b>student</b>" in page and "<b>vlad</b>" not in page

    (folder / "ensemble.json").touch()
    assert done.run() == {"import_ensemble": 1, "fingerprint": 2}
    assert done.plan() == {}

    stages = [built.path(f"models/{name}/quantised") for name in ("vlad", "bag", "memory")]
    export_ensemble("theirs", dict(zip(stages, (0.5, 0.3, 0.2), strict=True)), folder)
    assert done.run("distillation") == {
        "import_ensemble": 1,
        "fingerprint": 1,
        "distil": 3,
        "distilled_manifest": 1,
    }
    theirs = read_json(folder / "ensemble.json")
    ours = read_json(done.path("ensembles/teacher/ensemble.json"))
    assert ours == {**theirs, "name": "teacher"}
    plan = done.plan()
    assert plan["train"] == 1 and "import_ensemble" not in plan and "distil" not in plan


def test_the_same_imported_teacher_in_another_folder_is_copied_and_retrains_nothing(done, folder):
    done.write_config(with_imported_teacher(folder))
    done.run("teacher")
    folder = folder.rename(folder.with_name("moved"))
    done.write_config(with_imported_teacher(folder))
    assert done.run("distillation") == {"import_ensemble": 1, "fingerprint": 1}


def test_an_imported_teacher_that_does_not_fit_stops_the_run_at_once(done, folder):
    def change(c):
        with_imported_teacher(folder)(c)
        c["dataset"]["classes"] = 7

    done.write_config(change)
    output = done.snakemake(succeeds=False)
    assert "ensembles.teacher.folder" in output and "Traceback" not in output
    assert "6 classes" in output and "the dataset has 7 classes" in output
    shutil.rmtree(folder)
    done.write_config(with_imported_teacher(folder))
    assert "holds no ensemble.json" in done.snakemake(succeeds=False)


def test_an_ensemble_of_2018_can_be_a_teacher(tmp_path):
    """Two logistic models of TensorFlow 1, imported and named as the teacher."""
    rng, arrays = np.random.default_rng(0), {}
    for number in range(2):
        arrays[f"model_{number}/global_step"] = np.int32(70)
        layer = f"model_{number}/tower/fully_connected"
        arrays[f"{layer}/weights"] = rng.normal(size=(32, SCHEMA.classes)).astype("f4")
        arrays[f"{layer}/biases"] = rng.normal(size=SCHEMA.classes).astype("f4")
    write_checkpoint(tmp_path / "2018", arrays)
    choices = Choices(features=dict(SCHEMA.features), member_weights=(0.5, 0.5))
    import_checkpoint(tmp_path / "2018", tmp_path / "imported", choices)

    def change(c):
        with_imported_teacher(tmp_path / "imported")(c)
        c["dataset"]["max_frames"] = 300  # as the imported models have it

    project = Project(tmp_path)
    project.write_config(change)
    weights = "results/models/student/trained/weights.safetensors"
    ran = project.run(weights)
    assert (
        ran["import_ensemble"] == 1
        and ran["distil"] == 3
        and ran["train"] == 1
        and "ensemble" not in ran
    )
