"""Which sources a step depends on: found by reading, checked against what Python imports."""

import ast
import json
import subprocess
import sys

import pytest

from yt8m import sources
from yt8m.recipes import kinds, recipe_class, recipe_modules

STEPS = {
    "train": "yt8m.training.run",
    "quantise": "yt8m.quantisation",
    "ensemble": "yt8m.serving.ensemble",
    "distil": "yt8m.outputs.distillation",
    "evaluate": "yt8m.outputs.evaluation",
    "predict": "yt8m.outputs.scoring",
    "submit": "yt8m.outputs.submission",
    "generated": "yt8m.data.sources.generated",
    "expanded": "yt8m.data.sources.expanded",
    "size": "yt8m.serving.size",
    "archive": "yt8m.serving.archive",
    "import_ensemble": "yt8m.serving.importing",
    "fingerprint": "yt8m.serving.fingerprint",
    "provenance": "yt8m.provenance",
    "report": "yt8m.report.page",
}


@pytest.mark.parametrize("step", STEPS)
def test_every_source_that_a_step_imports_is_counted(step):
    code = f"import json, sys, {STEPS[step]}\n"
    code += "print(json.dumps([m for m in sys.modules if m.split('.')[0] == 'yt8m']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    packages = {m for m in imported if sources._file(m).name == "__init__.py"}  # docstrings only
    missed = imported - set(sources.sources_of(STEPS[step])) - packages
    assert not missed


def test_packages_hold_a_docstring_and_nothing_else():
    """So that importing a module runs no code but its own and what it names itself."""
    for path in sources.ROOT.rglob("__init__.py"):
        body = ast.parse(path.read_text()).body
        ours = [n for n in body if not isinstance(n, (ast.Expr, ast.Assign))]
        assert not ours or path.parent.name == "cli", path


@pytest.mark.parametrize("kind", kinds("yt8m.models"))
def test_a_recipes_layers_are_counted(kind):
    recipe = recipe_class("yt8m.models", kind, "")()
    found = sources.sources_of(*recipe_modules(recipe))
    assert any(name.startswith("yt8m.layers.") for name in found)
    assert f"yt8m.models.{kind}" in found


def test_training_does_not_depend_on_the_report_or_on_other_models():
    found = sources.sources_of("yt8m.training.run", "yt8m.models.netvlad")
    assert not [name for name in found if name.startswith(("yt8m.report", "yt8m.cli"))]
    assert "yt8m.models.bilstm" not in found and "yt8m.layers.rnn" not in found


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A stand-in for the library: a imports b inside a function; c stands alone."""
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "a.py").write_text("def f():\n    from yt8m import b\n    return b\n")
    (tmp_path / "b.py").write_text('"""Text."""\nX = 1\n')
    (tmp_path / "c.py").write_text("Y = 1\n")
    monkeypatch.setattr(sources, "ROOT", tmp_path)

    def forget():
        for cached in (sources.digest_of, sources._imports, sources._code):
            cached.cache_clear()

    def digest():
        forget()
        return sources.digest_of("yt8m.a")

    yield tmp_path, digest
    forget()


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("b.py", '"""Text."""\nX = 2\n', True),
        ("b.py", '"""Other text."""\n\n# A comment.\nX   =   1\n', False),
        ("c.py", "Y = 2\n", False),
        ("a.py", "def f():\n    return None\n", True),
    ],
)
def test_only_code_that_is_imported_counts(package, file, text, changes):
    folder, digest = package
    before = digest()
    (folder / file).write_text(text)
    assert (digest() != before) == changes
