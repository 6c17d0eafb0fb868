"""A fork behaves like a new process: what it sees, how it ends, and when it is ended."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.forking import (
    HERE,
    INTERPRETER,
    PYTHON,
    SCRIPTS,
    SNAKEMAKE,
    STEPS,
    TENSORFLOW,
    server_for,
)

SHOW = """
import __main__, json, os, sys
umask = os.umask(0)
print(json.dumps({
    "arguments": sys.argv[1:], "cwd": os.getcwd(), "umask": umask, "name": __name__,
    "environment": dict(os.environ), "input": sys.stdin.read(), "package": __main__.__package__,
    "original": sys.orig_argv[1:], "startup": "sitecustomize" in sys.modules,
}))
print("an error", file=sys.stderr)
"""

MODULES = "import json, sys; print(json.dumps(sorted(sys.modules)))"


@pytest.fixture
def program(tmp_path):
    """A function that writes `program.py` and runs it with these first words of a command."""

    def run(command, text, **options):
        (tmp_path / "program.py").write_text(text)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "WORD": "ä b"}
        return subprocess.Popen(
            [*command, "-m", "program", "an argument", "--and", "more"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment,
            text=True,
            **options,
        )

    return run


REAL = [sys.executable]


def forked(*modules: str) -> list[str]:
    """First words of a command that asks a server which has these modules."""
    return [sys.executable, "-I", "-S", str(HERE / "client.py"), str(server_for(*modules))]


def test_a_fork_sees_the_same_as_a_new_process(program, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("")
    found = []
    for command in (REAL, forked("json")):
        said, errors = program(command, SHOW, umask=0o027).communicate("some input")
        found.append(json.loads(said))
        assert errors == "an error\n"
    real, fork = found
    assert fork == real
    assert real["umask"] == 0o027 and real["input"] == "some input" and real["startup"]


@pytest.mark.parametrize(
    ("words", "forked"),
    [
        (["-m", "yt8m", "one"], True),
        (["scripts/it.py"], True),
        (["-m", "other", "one"], False),
        (["other.py", "one"], False),
        (["-c", "import other", "one"], False),
    ],
)
def test_the_workflows_python_forks_for_steps_and_scripts_alone(tmp_path, words, forked):
    """The server has imported a module that the others have not."""
    show = "import json, sys; print(json.dumps(['filecmp' in sys.modules, sys.argv[1:]]))"
    (tmp_path / "scripts").mkdir()
    for name in ("yt8m.py", "other.py", "scripts/it.py"):
        (tmp_path / name).write_text(show)
    server = str(server_for("filecmp"))
    environment = {STEPS: server, SCRIPTS: server, INTERPRETER: sys.executable}
    environment |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    words = [str(tmp_path / w) if "scripts" in w else w for w in words]
    said = subprocess.check_output([str(PYTHON), *words], cwd=tmp_path, env=environment)
    assert json.loads(said) == [forked, ["one"] if "one" in words else []]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit('in words')", 1),
        ("raise ValueError", 1),
        ("import os; os._exit(4)", 4),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("raise KeyboardInterrupt", -signal.SIGINT),
    ],
)
def test_a_fork_ends_as_a_new_process_does(program, text, code):
    ends = []
    for command in (REAL, forked("json")):
        process = program(command, f"import atexit; atexit.register(print, 'bye')\n{text}")
        said, errors = process.communicate()
        ends.append((process.returncode, said, errors.splitlines()[-1:]))
    assert ends[0] == ends[1] and ends[0][0] == code


def test_processes_started_by_a_killed_client_are_ended(program):
    sleeps = "import os, subprocess; c = subprocess.Popen(['sleep', '60']); "
    process = program(forked("json"), f"{sleeps} print(os.getpid(), c.pid, flush=True); c.wait()")
    started = [Path("/proc", pid) for pid in process.stdout.readline().split()]
    assert len(started) == 2 and all(p.exists() for p in started)
    process.kill()
    process.communicate()
    end = time.monotonic() + 20
    while any(lives(p) for p in started):
        assert time.monotonic() < end
        time.sleep(0.05)


def lives(process: Path) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_servers_import_what_is_slow_and_never_the_library(program):
    """The server for planning does not import TensorFlow either."""
    for modules, has in ((TENSORFLOW, True), (SNAKEMAKE, False)):
        said, errors = program(forked(*modules), MODULES).communicate()
        assert not errors
        found = {name.split(".")[0] for name in json.loads(said)}
        assert ("tensorflow" in found) == has and ("snakemake" in found) != has
        assert "yt8m" not in found and "tests" not in found
