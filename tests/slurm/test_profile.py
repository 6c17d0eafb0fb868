"""The Slurm profile, tested without Slurm."""

import re

import pytest

from tests.workflow.project import ROOT, Project

PROFILE = ROOT / "profiles/slurm/config.yaml"


@pytest.mark.parametrize("with_examples", [False, True])
def test_the_profile_is_valid_with_and_without_its_examples(tmp_path, with_examples):
    text = PROFILE.read_text()
    if with_examples:
        text, examples = re.subn(r"^# (?=  |[a-z-]+:$)", "", text, flags=re.M)
        assert examples == 21
    (tmp_path / "config.yaml").write_text(text)
    folder = tmp_path / "project"
    folder.mkdir()
    project = Project(folder)
    project.write_config()
    plan = project.plan("--workflow-profile", str(tmp_path))
    assert plan["train"] == 3 and "distil" not in plan  # up to the teacher's fingerprint
