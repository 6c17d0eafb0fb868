"""Which sources a step's outcome depends on: which steps run again after an edit of each module.

Digests are taken of a copy of the sources, edited as text; no step runs.
"""

import ast
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.digests import (
    ENTRY_POINTS,
    OTHER_ENTRY_POINTS,
    Sources,
    every_module,
    imported_by_modules_without_effect,
)
from yt8m import sources
from yt8m.normalised import normalised, without_words
from yt8m.recipes import kinds, recipe_class, recipe_modules

TRAIN = sources.sources_of("yt8m.training.run", "yt8m.models.netvlad", "yt8m.classifiers.moe")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Sources(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(library):
    """The sources to edit; edits are undone after the test."""
    yield library
    library.restore()


# What a step imports


@pytest.mark.parametrize("step", ENTRY_POINTS)
def test_every_module_that_a_step_imports_counts_or_is_without_effect(step):
    modules = ENTRY_POINTS[step]
    code = f"import json, sys, {', '.join(modules)}\n"
    code += "print(json.dumps([m for m in sys.modules if m.split('.')[0] == 'yt8m']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    packages = {m for m in imported if sources._file(m).name == "__init__.py"}  # docstrings only
    missed = imported - set(sources.sources_of(*modules)) - packages
    assert not missed - imported_by_modules_without_effect()


def test_packages_hold_a_docstring_and_nothing_else():
    """So that importing a module runs only its own code and that of modules that it imports."""
    for path in sources.ROOT.rglob("__init__.py"):
        body = ast.parse(path.read_text()).body
        ours = [n for n in body if not isinstance(n, (ast.Expr, ast.Assign))]
        # These two only say where their names are; no step imports either.
        assert not ours or path.parent in (sources.ROOT, sources.ROOT / "cli"), path


def test_no_step_depends_on_the_library_for_notebooks():
    steps = [*ENTRY_POINTS.values(), *OTHER_ENTRY_POINTS.values()]
    counted = {module for modules in steps for module in sources.sources_of(*modules)}
    assert len(counted) > 100
    assert not {m for m in counted if m == "yt8m" or m.startswith("yt8m.library")}


@pytest.mark.parametrize("module", sources.WITHOUT_EFFECT)
def test_every_module_without_effect_exists_and_is_imported_by_some_step(module):
    assert sources._file(module)
    steps = {m for modules in ENTRY_POINTS.values() for m in sources.sources_of(*modules)}
    steps |= {m for m in every_module() if sources.has_no_effect(m)}
    imported = {name for step in steps for name in sources._imports(step)}
    assert any(name == module or name.startswith(f"{module}.") for name in imported)


@pytest.mark.parametrize("kind", kinds("yt8m.models"))
def test_the_layers_of_a_recipe_count(kind):
    recipe = recipe_class("yt8m.models", kind, "")()
    found = sources.sources_of(*recipe_modules(recipe))
    assert any(name.startswith("yt8m.layers.") for name in found)
    assert f"yt8m.models.{kind}" in found


def test_training_does_not_depend_on_the_report_checkpoints_of_2018_or_other_models():
    others = ("yt8m.report", "yt8m.cli", "yt8m.tf1", "yt8m.metrics", "yt8m.config")
    found = {name for name in TRAIN if name.startswith(others)}
    assert found == {"yt8m.metrics.cross_entropy"}  # the loss and what evaluations measure share it
    assert "yt8m.models.bilstm" not in TRAIN and "yt8m.layers.rnn" not in TRAIN


# What an edit makes run again


def raises_in(module: str) -> list[ast.Raise]:
    tree = ast.parse(sources._file(module).read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.Raise) and _texts(n)]


def _texts(node: ast.AST) -> list[ast.Constant]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.mark.parametrize("module", [m for m in TRAIN if raises_in(m)])
def test_rewording_an_error_makes_nothing_run_again(copy, module):
    copy.reword_errors(module)
    assert copy.changed() == set()


def test_no_sentence_counts_as_code_of_training():
    """However a message gets from where it is written to where it is raised."""
    trees = [without_words(sources._file(module).read_text()) for module in TRAIN]
    texts = {text.value for tree in trees for text in _texts(tree)}
    sentences = {t for t in texts if re.search(r"\w\W? \w", t)}
    assert sentences - {"training state"} == set(), "part these from what counts"


NOTHING = {
    "yt8m.training.tensorboard": ("tf.summary.scalar(name, value)", "pass"),
    "yt8m.training.history": ("    def start_clock", "    def restart_clock"),
    "yt8m.progress": ("self.is_shown = bool", "self.is_shown = not bool"),
    "yt8m.tf1.kinds.netvlad": ("/cluster_weights", "/kernel"),
    "yt8m.tf1.recurrent": ("[0, 1, 0, 0]", "[0, 0, 1, 0]"),
    "yt8m.training.interruption": ("signal.SIGHUP)", "signal.SIGUSR1)"),
    "yt8m.locks": ("def ", "def another_"),
    "yt8m.config.training": ("epochs: ", "passes: "),
    "yt8m.cli.models": ("def ", "def another_"),
}


@pytest.mark.parametrize("module", NOTHING)
def test_a_module_without_effect_makes_nothing_run_again(copy, module):
    copy.edit(module, *NOTHING[module])
    assert copy.changed() == set()


USES_GRAPHS = {"evaluate", "predict", "distil", "ensemble"}
RUNS_AGAIN = {
    "yt8m.layers.assignment": ("ops.softmax(", "ops.sigmoid(", {"train"}),
    "yt8m.layers.normalisation": ("self.decay", "self.memory", {"train", *USES_GRAPHS}),
    "yt8m.models.netvlad": ("AUDIO_SHARE = 2", "AUDIO_SHARE = 3", {"train"}),
    "yt8m.classifiers.moe": ("**asdict(self)", "mixtures=2", {"train"}),
    "yt8m.training.losses": ("ops.mean(", "ops.sum(", {"train"}),
    "yt8m.metrics.cross_entropy": ("EPSILON = 1e-5", "EPSILON = 1e-6", {"train", "evaluate"}),
    "yt8m.training.adam": ("epsilon = 0.9, 0.999, 1e-8", "epsilon = 0.9, 0.99, 1e-8", {"train"}),
    "yt8m.training.clipping": ("tf.maximum", "tf.minimum", {"train"}),
    "yt8m.training.durations": ("1.0 - 1.0 /", "1.0 - 2.0 /", {"train"}),
    "yt8m.training.schedule": ("decay ** (", "decay * (", {"train"}),
    "yt8m.training.gradients": ("// self._parts", "/ self._parts", {"train"}),
    "yt8m.data.sampling": ("+ offsets", "- offsets", {"train"}),
    "yt8m.data.order": ("generator.shuffle", "generator.permuted", None),
    "yt8m.data.examples": ("[: schema.max_frames]", "[:300]", None),
    "yt8m.data.frame_lists": ("def decode_frames", "def frames_of", None),
    "yt8m.compression.quantisers.uniform": ("np.linspace", "np.geomspace", {"quantise"}),
    "yt8m.compression.kmeans1d": ("def ", "def another_", set()),
    "yt8m.metrics.average_precision": ("np.cumsum", "np.cumprod", {"evaluate"}),
    "yt8m.outputs.evaluation": ("def ", "def another_", {"evaluate"}),
    "yt8m.compression.storages.codebook": ("def ", "def another_", {"quantise"}),
    "yt8m.compression.packing": ("def ", "def another_", {"quantise", *USES_GRAPHS}),
    "yt8m.report.charts.chain": ("def ", "def another_", {"report"}),
    "yt8m.outputs.submission": ("def ", "def another_", {"submit"}),
    "yt8m.outputs.prediction_files": ("def ", "def another_", {"predict", "submit"}),
    "yt8m.outputs.distillation": ("def ", "def another_", {"distil"}),
    "yt8m.outputs.requests": ("def ", "def another_", set()),
    "yt8m.serving.ensemble": ("def ", "def another_", {"ensemble"}),
    "yt8m.serving.archive": ("def ", "def another_", {"archive"}),
    "yt8m.serving.card": ("def ", "def another_", {"archive"}),
    "yt8m.serving.archive_reader": ("def ", "def another_", set()),
    "yt8m.provenance": ("def ", "def another_", {"provenance"}),
    "yt8m.models.nextvlad": ("AUDIO_SHARE = 2", "AUDIO_SHARE = 3", set()),
    "yt8m.tf1.convert": ("def ", "def another_", set()),
    "yt8m.describing.costs": ("def ", "def another_", set()),
}
READS = {"train", "evaluate", "predict", "distil"}


@pytest.mark.parametrize("module", RUNS_AGAIN)
def test_an_edit_with_an_effect_makes_these_steps_run_again(copy, module):
    before, after, expected = RUNS_AGAIN[module]
    copy.edit(module, before, after)
    changed = copy.changed()
    if expected is None:
        assert changed >= READS
    else:
        assert changed == expected


def test_an_edit_of_any_training_module_makes_training_run_again(copy):
    for module in TRAIN:
        if sources._file(module).name != "__init__.py":
            copy.append(module, "ADDED = 1\n")
            assert "train" in copy.changed(), module
            copy.restore()


@pytest.mark.parametrize(
    ("path", "text", "step"),
    [
        ("report/page.html", "<!-- a comment -->", "report"),
        ("report/charts/charts.js", "\n", "report"),
        ("licences/apache-2.0.txt", "\n", "archive"),
    ],
)
def test_every_byte_of_a_data_file_counts(copy, path, text, step):
    copy.append_to_data_file(path, text)
    assert copy.changed() == {step}


# What of a module counts

SAME = {
    "comments and layout": ("X = 1  # a note\n", "\n# Another.\nX   =   1\n"),
    "docstrings": ('"""A."""\nX = 1\n"""Of x."""\n', '"""B."""\nX = 1\n"""Of X."""\n'),
    "annotations": ("def f(a: int) -> int:\n    return a\n", "def f(a):\n    return a\n"),
    "an error": ('raise KeyError(f"{x} is odd")', 'raise KeyError(f"{x} is not even", x)'),
    "a named text": (
        'def f(a):\n    p = f"is {a}"\n    raise KeyError(p)',
        'def f(a):\n    p = f"odd: {a}"\n    raise KeyError(p)',
    ),
    "a table of words": (
        '_WORDS = {1: "one"}\ndef f(a):\n    raise KeyError(_WORDS[a])',
        '_WORDS = {1: "single"}\ndef f(a):\n    raise KeyError(_WORDS[a])',
    ),
    "a function that words": (
        'def _odd(a):\n    return KeyError(a)\ndef f(a):\n    raise _odd("is odd")',
        'def _odd(a):\n    return KeyError(str(a))\ndef f(a):\n    raise _odd("is not even")',
    ),
    "words for a check": ('check(a > 1, "is small")', 'check(a > 1, f"is {a}")'),
    "a warning": ('warnings.warn("slow")', ""),
    "a line on stderr": ('print("step", file=sys.stderr)', ""),
    "a line on stderr that does not wait": ('write_line("step")', ""),
    "a check of settings": (
        "@settings\nclass R:\n    def check_schema(self, at):\n        require(self.a > 1, at)",
        "@settings\nclass R:\n    def check_schema(self, at):\n        require(self.a > 2, at)",
    ),
    "problems with settings": (
        'def bag_problems(r):\n    if r.a < 2:\n        yield "a", "is small"',
        'def bag_problems(r):\n    if r.a < 3:\n        yield "a", "is too small"',
    ),
    "a description of a recipe in it": (
        'a = one_of("yt8m.classifiers", "moe", "b")',
        'a = one_of("yt8m.classifiers", "moe", description="c")',
    ),
    "a description": (
        'class R:\n    a: int = Field(default=1, ge=0, description="a")',
        'class R:\n    a: int = Field(default=1, ge=2, description="b")',
    ),
}
OUTER = """def f():
    a = ""
    def g():
        nonlocal a
        a = {!r}
    g()
    return a
"""
DIFFERENT = {
    "a value": ("X = 1", "X = 2"),
    "a text that is used": ('X = "rgb"', 'X = "audio"'),
    "a condition": (
        'if a > 1:\n    raise KeyError("")',
        'if a > 2:\n    raise KeyError("")',
    ),
    "the kind of a private error": ("raise _Stop", "raise _Over"),
    "a check of no settings": (
        "class R:\n    def check_schema(self, a):\n        return a > 1",
        "class R:\n    def check_schema(self, a):\n        return a > 2",
    ),
    "the kind of an error": ('raise KeyError("a")', 'raise ValueError("a")'),
    "what is checked": ('check(a > 1, "is small")', 'check(a > 2, "is small")'),
    "a text for a check that answers": ('x = check("a")', 'x = check("b")'),
    "a loss that ends as an error does": (
        'return MeanSquaredError("sum")',
        'return MeanSquaredError("mean")',
    ),
    "a file that is written": ('print("a", file=out)', 'print("b", file=out)'),
    "a private value that is used": ("_A = 1\nX = _A", "_A = 2\nX = _A"),
    "a call whose result nobody reads": ("_A = f(1)", "_A = f(2)"),
    "a default": (
        "class R:\n    a: int = Field(default=1, ge=0)",
        "class R:\n    a: int = Field(default=2, ge=0)",
    ),
    "a text of the scope around": (OUTER.format("b"), OUTER.format("c")),
}


def in_function(code: str) -> str:
    return "def it(a, x):\n" + textwrap.indent(f"{code}\npass", "    ") + "\n"


@pytest.mark.parametrize("what", SAME)
def test_wording_does_not_count(what):
    one, other = SAME[what]
    assert normalised(one) == normalised(other)
    if "def " not in one:
        assert normalised(in_function(one)) == normalised(in_function(other))


@pytest.mark.parametrize("what", DIFFERENT)
def test_everything_else_counts(what):
    one, other = (in_function(c) if "return" in c[:6] else c for c in DIFFERENT[what])
    assert normalised(one) != normalised(other)


# Recipes from outside


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """An external package: `mean_pool` imports `layers.scale`; `other` is not imported."""
    folder = tmp_path / "my_models"
    (folder / "layers").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "layers/__init__.py").write_text("")
    (folder / "layers/scale.py").write_text("SCALE = 1\n")
    (folder / "mean_pool.py").write_text(
        "import numpy\nfrom yt8m.layers import frames\nfrom .layers import scale\n"
    )
    (folder / "other.py").write_text("X = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    sources.digest_of.cache_clear()
    yield folder
    sources.digest_of.cache_clear()


@pytest.mark.parametrize(
    ("name", "counts"),
    [("mean_pool.py", True), ("layers/scale.py", True), ("__init__.py", True), ("other.py", False)],
)
def test_an_external_model_counts_with_its_imports_from_its_own_package(outside, name, counts):
    before = sources.digest_of("my_models.mean_pool")
    file = Path(outside / name)
    file.write_text(file.read_text() + "ADDED = 1\n")
    sources.digest_of.cache_clear()
    assert (sources.digest_of("my_models.mean_pool") != before) == counts


def test_an_external_model_counts_with_its_imports_from_this_package(outside):
    found = sources.sources_of("my_models.mean_pool")
    assert {"my_models.layers.scale", "yt8m.layers.frames"} <= set(found)
    assert "numpy" not in found
