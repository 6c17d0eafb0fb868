"""The rooms of the house: who may import whom, and who may not import TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "yt8m"

# A room imports from itself and from rooms above it.
ROOMS = [
    ("errors", "last_words", "parent", "refusals", "claims", "atomic", "progress", "interrupts"),
    ("files", "json_files", "printable", "member_weights"),
    ("recipes", "normalised", "sources", "state"),
    ("data",),
    ("protocols",),
    ("config",),
    ("artefacts",),
    ("provenance", "status", "reasons", "guard"),
    ("metrics",),
    ("compression",),
    ("weights",),
    ("origins",),
    ("quantisation", "mean_weights"),
    ("kernels",),
    ("layers",),
    ("classifiers",),
    ("models",),
    ("training",),
    ("serving",),
    ("tf1",),
    ("prediction",),
    ("weighing",),
    ("outputs",),
    ("budget",),
    ("report",),
    ("describing",),
    ("cli",),
    ("__main__",),
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
FILES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def imported_rooms(path: Path) -> set[str]:
    """Rooms that a file imports from, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("yt8m."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names = [a.name.split(".") for a in node.names]
            found |= {n[1] for n in names if n[0] == "yt8m" and len(n) > 1}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_above_it(path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    below = {r for r in imported_rooms(path) if RANK[r] > RANK[room]}
    assert not below, f"{path} imports from {below}"


def test_the_library_never_imports_snakemake():
    assert not [p for p in FILES if "import snakemake" in p.read_text()]


LIGHT = [
    "yt8m",
    "yt8m.config.experiment",
    "yt8m.artefacts",
    "yt8m.sources",
    "yt8m.guard",
    "yt8m.data.shard_list",
    "yt8m.data.same_videos",
    "yt8m.cli",
    "yt8m.weights",
    "yt8m.quantisation",
    "yt8m.mean_weights",
    "yt8m.metrics.accumulate",
    "yt8m.data.order",
    "yt8m.data.expand",
    "yt8m.outputs.submission",
    "yt8m.budget.plan",
    "yt8m.serving.fingerprint",
    "yt8m.serving.size",
    "yt8m.serving.archive",
    "yt8m.serving.adoption",
    "yt8m.provenance",
    "yt8m.status",
    "yt8m.reasons",
    "yt8m.report.page",
]


def test_planning_and_light_steps_import_no_tensorflow():
    code = f"import sys\nfor m in {LIGHT}: __import__(m)\n"
    code += "from yt8m.recipes import kinds, recipe_class\n"
    code += "for p in ('yt8m.models', 'yt8m.classifiers', 'yt8m.compression.quantisers'):\n"
    code += "    for k in kinds(p): recipe_class(p, k, '')()\n"
    code += "heavy = {'tensorflow', 'keras', 'jax'} & set(sys.modules)\nassert not heavy, heavy\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_layers_and_models_do_not_name_tensorflow():
    for folder in ("layers", "classifiers", "models"):
        for path in (ROOT / folder).glob("*.py"):
            names = {n.id for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Name)}
            assert not names & {"tf", "tensorflow"}, path
