"""Digests of the workflow's scripts, from their content and imports."""

from pathlib import Path

from yt8m.sources import digest_of
from yt8m.workflow.code import digest_of_program, modules_of, undated_script

PROGRAM = '''"""What it does."""

import json

from yt8m.cli.jobs import logged
from yt8m.json_files import write_json

print(json)
'''


def test_a_program_counts_the_modules_that_it_imports_but_not_the_command_line():
    assert modules_of(PROGRAM) == ["yt8m.json_files"]


def test_the_digest_of_a_program_ignores_wording_and_includes_behaviour():
    digest = digest_of_program(PROGRAM)
    assert len(digest) == len(digest_of("yt8m.json_files"))
    assert digest_of_program(PROGRAM.replace("What it does", "Indeed")) == digest
    assert digest_of_program(f"{PROGRAM}# a remark\n") == digest
    assert digest_of_program(f"{PROGRAM}print(1)\n") != digest
    assert digest_of_program(PROGRAM.replace("json_files", "artefacts")) != digest


def test_a_script_is_copied_with_a_constant_date(tmp_path, monkeypatch):
    folder = tmp_path / "a {place}"
    folder.mkdir()
    monkeypatch.chdir(folder)
    script = undated_script("step.py", PROGRAM)
    path = Path(script.path.format())  # as Snakemake fills in wildcards
    assert path.stat().st_mtime == 0 and path.name.endswith("-step.py")
    assert undated_script("step.py", PROGRAM) == script
    assert undated_script("step.py", f"{PROGRAM}# a remark\n").path != script.path
