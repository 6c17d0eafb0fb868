"""Which packages may import which others, and which may not import TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "yt8m"

# A room imports from itself and from rooms above it. A module can be a room of its own.
ROOMS = [
    ("version",),
    ("errors", "stderr", "parent", "write_errors", "locks", "atomic", "interrupts"),
    ("activity", "ahead"),
    ("progress",),
    ("mistakes", "partial", "strict", "alternatives"),
    (
        "files",
        "json_files",
        "printable",
        "paths",
        "member_weights",
        "names",
        "other_files",
        "extras",
    ),
    (
        "normalised",
        "source_facts",
        "sources",
        "state",
        "text_tables",
        "row_groups",
        "runtime",
        "parts",
    ),
    ("data", "licences"),
    ("protocols", "compression", "weights", "projections", "own_data", "download"),
    ("recipes",),
    ("extractors", "data.sources.own_table", "data.sources.table_checks", "data.sources.features"),
    ("data.sources.given", "data.sources.records"),
    ("data.sources.downloaded", "data.sources.object_store", "data.sources.youtube8m"),
    ("video", "demo_videos", "data.sources.videos"),
    ("config",),
    ("own_records",),
    ("artefacts",),
    ("provenance", "status"),
    ("metrics",),
    ("calibration", "error_analysis"),
    ("origins",),
    ("made_with",),
    ("quantisation", "mean_weights"),
    ("kernels",),
    ("layers",),
    ("classifiers",),
    ("models",),
    ("training",),
    ("serving",),
    ("tf1",),
    ("outputs",),
    ("labelling",),
    ("weight_learning", "choosing"),
    ("budget",),
    ("workflow",),
    ("running", "frontier"),
    ("guard",),
    ("report",),
    ("comparison",),
    ("describing",),
    ("library",),
    ("cli",),
    ("__main__",),
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
FILES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def imported_modules(text: str) -> set[str]:
    """Dotted names of modules that a source imports, and of names from them; also in functions."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "the library has no relative imports"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def packages(text: str) -> set[str]:
    """The packages that a source imports from, also by name (`import_module("numpy.random")`)."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    named = {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func).split(".")[-1] in ("import_module", "__import__")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    return {name.split(".")[0] for name in imported_modules(text) | named}


@pytest.mark.parametrize(
    "text",
    [
        "import heavy",
        "import heavy.part as other",
        "import json, heavy",
        "from heavy import thing",
        "from heavy.part import thing as other",
        "def f():\n    from heavy import thing",
        "if True:\n    import heavy",
        "import importlib\nimportlib.import_module('heavy.part')",
        "__import__('heavy')",
    ],
)
def test_every_form_of_import_is_recognised(text):
    assert "heavy" in packages(text)
    assert "heavy" not in packages(text.replace("heavy", "light"))
    assert "heavy" not in packages('"""import heavy"""\n# import heavy\nheavy = 1')


def room_of(module: str) -> str | None:
    """The room of a module of this package, or of a name in it."""
    top, *parts = module.split(".")
    names = [".".join(parts[: n + 1]) for n in range(len(parts))] if top == "yt8m" else []
    return next((name for name in reversed(names) if name in RANK), None)


def imported_rooms(path: Path) -> set[str]:
    """Rooms that a file imports from, also inside functions."""
    return {room for name in imported_modules(path.read_text()) if (room := room_of(name))}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_above_it(path):
    room = room_of(".".join(("yt8m", *path.relative_to(ROOT).with_suffix("").parts)))
    below = {r for r in imported_rooms(path) if RANK[r] > RANK[room]}
    assert not below, f"{path} imports from {below}"


def test_the_library_never_imports_snakemake():
    assert not [p for p in FILES if "snakemake" in packages(p.read_text())]


LIGHT = [
    "yt8m",
    "yt8m.config.experiment",
    "yt8m.artefacts",
    "yt8m.sources",
    "yt8m.guard",
    "yt8m.data.shard_list",
    "yt8m.data.duplicates",
    "yt8m.cli",
    "yt8m.weights",
    "yt8m.quantisation",
    "yt8m.mean_weights",
    "yt8m.metrics.accumulate",
    "yt8m.calibration.summary_files",
    "yt8m.data.order",
    "yt8m.data.expand",
    "yt8m.own_data.table",
    "yt8m.own_data.arrays",
    "yt8m.projections.files",
    "yt8m.outputs.submission",
    "yt8m.budget.plan",
    "yt8m.serving.fingerprint",
    "yt8m.serving.graph",
    "yt8m.serving.size",
    "yt8m.serving.archive",
    "yt8m.serving.importing",
    "yt8m.provenance",
    "yt8m.status",
    "yt8m.running",
    "yt8m.training.together",
    "yt8m.describing.schedule_chart",
    "yt8m.describing.schedule_check",
    "yt8m.workflow.code",
    "yt8m.workflow.entries",
    "yt8m.workflow.input_files",
    "yt8m.workflow.targets",
    "yt8m.report.page",
    "yt8m.comparison.page",
    "yt8m.video.extraction",
    "yt8m.labelling.inputs",
    "yt8m.labelling.choice",
    "yt8m.labelling.timeline",
    "yt8m.demo_videos.generation",
]


def test_planning_and_light_steps_import_no_tensorflow():
    code = f"import sys\nfor m in {LIGHT}: __import__(m)\n"
    code += "from yt8m.recipes import kinds, recipe_class\n"
    code += "for p in ('yt8m.models', 'yt8m.classifiers', 'yt8m.compression.quantisers'):\n"
    code += "    for k in kinds(p): recipe_class(p, k, '')()\n"
    code += "for p in ('yt8m.data.sources', 'yt8m.projections', 'yt8m.extractors.images',"
    code += " 'yt8m.extractors.sounds'):\n    kinds(p)\n"
    code += (
        "heavy = {'tensorflow', 'keras', 'jax', 'h5py', 'av', 'onnxruntime', 'ai_edge_litert'}\n"
    )
    code += "heavy &= set(sys.modules)\nassert not heavy, heavy\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_layers_and_models_do_not_import_tensorflow():
    """They use Keras only, so that they work with any backend."""
    files = [
        p for p in FILES if p.relative_to(ROOT).parts[0] in ("layers", "classifiers", "models")
    ]
    assert len(files) > 20
    assert not [p for p in files if "tensorflow" in packages(p.read_text())]
