"""TensorFlow starts quietly, but other output at that time is shown."""

import ast
import inspect
import os
import subprocess
import sys

import click
import pytest
import yaml

from tests.small import config
from yt8m.cli import main
from yt8m.runtime import startup
from yt8m.runtime.startup import without_startup_lines
from yt8m.sources import ROOT, sources_of

LINES = [
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1795.5  88 port.cc:153] oneDNN custom operations are on. You may see slightly",
    "I0000 00:00:1795.4  88 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU",
    "I0000 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use available CPU "
    "instructions in performance-critical operations.",
    "To enable the following instructions: AVX2, in other operations, rebuild TensorFlow with",
    "E0000 cuda_dnn.cc:8579] Unable to register cuDNN factory: Attempting to register factory",
    "W0000 computation_placer.cc:177] computation placer already registered. Please check",
    "E0000 util.cc:131] oneDNN supports DT_BOOL only on platforms with AVX-512. Falling back to",
    "INFO: Created TensorFlow Lite XNNPACK delegate for CPU.",
]
CUDA = "E0000 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: UNKNOWN (303)"
REAL = ["W0000 gpu_device.cc:2341] Cannot dlopen some GPU libraries.", "a warning of numpy", "ö"]


def said(capfd, lines):
    with without_startup_lines():
        os.write(2, "\n".join([*lines, ""]).encode())
    return capfd.readouterr().err.splitlines()


@pytest.mark.parametrize("driver", [False, True])
def test_routine_startup_lines_are_dropped_and_all_others_pass(
    capfd, monkeypatch, tmp_path, driver
):
    monkeypatch.setattr(startup, "DRIVER", tmp_path if driver else tmp_path / "none")
    found = said(capfd, [LINES[0], REAL[0], *LINES[1:4], REAL[1], CUDA, *LINES[4:], REAL[2]])
    of_driver = [CUDA] if driver else []
    assert found == [*REAL[:2], *of_driver, REAL[2]]


def test_an_error_during_startup_keeps_earlier_output(capfd):
    with pytest.raises(ImportError), without_startup_lines():
        os.write(2, b"libfoo.so is missing\n")
        raise ImportError
    os.write(2, b"still heard\n")
    assert capfd.readouterr().err == "libfoo.so is missing\nstill heard\n"


def commands(group: click.Group, words: tuple[str, ...] = ()) -> dict[str, click.Command]:
    """All commands by name."""
    found = {}
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        inner = isinstance(command, click.Group)
        path = (*words, name)
        found |= commands(command, path) if inner else {" ".join(path): command}
    return found


ALL = commands(main)


def imported(tree: ast.AST) -> set[str]:
    """Modules that some code imports, also inside functions."""
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
    found = {n.module for n in nodes} | {f"{n.module}.{a.name}" for n in nodes for a in n.names}
    plain = [n for n in ast.walk(tree) if isinstance(n, ast.Import)]
    return found | {alias.name for n in plain for alias in n.names}


def names_tensorflow(module: str) -> bool:
    path = ROOT.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    names = imported(ast.parse(path.read_text()))
    return any(name.split(".")[0] in ("tensorflow", "keras") for name in names)


def with_helpers(callback) -> ast.Module:
    """A command's function and the functions of its module that it calls, also indirectly."""
    module = ast.parse(inspect.getsource(inspect.getmodule(callback)))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    todo, found = [callback.__name__], {}
    while todo:
        name = todo.pop()
        if name in functions and name not in found:
            found[name] = functions[name]
            todo += [n.id for n in ast.walk(functions[name]) if isinstance(n, ast.Name)]
    return ast.Module([*found.values()], [])


@pytest.mark.parametrize("name", ALL)
def test_a_command_that_needs_tensorflow_starts_it_quietly_first(name):
    """Checked in its source, so that it holds for every command and all arguments."""
    callback = inspect.unwrap(ALL[name].callback)
    tree = with_helpers(callback)
    ours = [module for module in imported(tree) if module.split(".")[0] == "yt8m"]
    heavy = [m for m in sources_of(*ours) if names_tensorflow(m)]
    names = {getattr(n, "attr", getattr(n, "id", None)) for n in ast.walk(tree)}
    starts = names & {"computes", "computes_later", "predicts", "import_tensorflow", "use_devices"}
    assert not heavy or starts, f"{name} imports {heavy[0]}; call import_tensorflow first"


COMMANDS = {
    "describe": (["describe", "config.yaml", "--model", "vlad"], 0),
    "export": (["export", "empty", "--format", "onnx", "--out", "x.onnx"], 1),
    "import-tf1": (["import-tf1", "empty", "--out", "x"], 1),
    "ensemble": (["ensemble", "it", "--member", "1", "empty", "--out", "x"], 1),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_uses_tensorflow_prints_only_its_own_messages(tmp_path, name):
    arguments, code = COMMANDS[name]
    (tmp_path / "empty").mkdir()
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config()))
    environment = {n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-m", "yt8m", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == code
    assert all(line.startswith("yt8m: error: ") for line in done.stderr.splitlines())
