"""Edits of the library reach the steps that import them, and what follows; nothing else does."""

import json
import re
from collections.abc import Callable

import pytest

from tests.workflow.project import ROOT, copy_checkout
from yt8m.sources import sources_of

pytestmark = pytest.mark.xdist_group("workflow")  # one finished run serves all


@pytest.fixture
def edited(done, tmp_path):
    """A finished run with rules and a library of its own, which `edited.edit` changes."""
    done.checkout = copy_checkout(tmp_path / "checkout")

    def edit(name: str, change: Callable[[str], str]) -> dict[str, int]:
        file = done.checkout / name
        file.write_text(change(file.read_text()))
        return done.plan()

    done.edit = edit
    return done


def one_more_line(text: str) -> str:
    return f"{text}\nADDED = 1\n"


def test_a_fresh_checkout_in_another_place_changes_nothing(edited):
    """New dates of all files; then the whole project moves together with its checkout."""
    assert edited.plan() == {}
    inside = edited.copy_to(edited.checkout / "work")
    moved = edited.checkout.rename(edited.checkout.with_name("moved here"))
    inside.folder, inside.checkout = moved / "work", moved
    assert inside.plan() == {}


def test_jobs_call_the_library_of_their_rules(edited):
    """Not one that lies in the working directory."""
    edited.checkout = edited.checkout.rename(edited.checkout.with_name("with a space"))
    (edited.folder / "yt8m").mkdir()
    (edited.folder / "yt8m/__init__.py").write_text("raise ImportError('another library')")
    submission = "results/predictions/final/validate.csv"
    assert edited.run(submission, "--forcerun", submission) == {"submit": 1}


FOLLOWS = {
    "yt8m/outputs/submission.py": {"submit": 1},
    "yt8m/outputs/predictions.py": {"predict": 1, "submit": 1},
    "yt8m/metrics/files.py": {"evaluate": 12, "evaluate_ensemble": 2, "report": 1},
    "yt8m/report/svg.py": {"report": 1},
    "yt8m/report/page.html": {"report": 1},
    "yt8m/serving/archive.py": {"archive": 1},
    "yt8m/models/nextvlad.py": {},  # a kind that this config does not name
    "yt8m/compression/quantisers/float16.py": {},
    "yt8m/tf1/convert.py": {},
    "yt8m/describing/costs.py": {},
}


@pytest.mark.parametrize("name", FOLLOWS)
def test_an_edit_starts_the_steps_that_import_it_and_what_follows(edited, name):
    assert edited.edit(name, one_more_line) == FOLLOWS[name]


STARTS = {
    "yt8m/layers/rnn.py": {"train": 1, "ema": 1, "quantise": 1},
    "yt8m/compression/quantisers/uniform.py": {"quantise": 3},
    "yt8m/compression/storages/codebook.py": {"quantise": 3},
    "yt8m/training/adam.py": {"train": 3, "ema": 3, "quantise": 3},
    "yt8m/data/survey.py": {"manifest": 1, "train": 3, "ema": 3, "quantise": 3},
}


@pytest.mark.parametrize("name", STARTS)
def test_an_edit_of_what_makes_weights_starts_at_the_weights(edited, name):
    """The plan ends at the teacher; further steps depend on how it comes out."""
    plan = edited.edit(name, one_more_line)
    weights = {"generate", "manifest", "train", "ema", "quantise"}
    assert {rule: n for rule, n in plan.items() if rule in weights} == STARTS[name]


def test_comments_docstrings_and_layout_change_nothing(edited):
    for name in ("yt8m/training/adam.py", "yt8m/models/netvlad.py", "yt8m/data/survey.py"):
        file = edited.checkout / name
        text = re.sub('"""', '"""Indeed: ', file.read_text(), count=1)
        file.write_text(f"{text}\n\n# A remark.\n")
    assert edited.plan() == {}


# Imported by the command line, whichever command runs; `yt8m.cli` itself only hands things on.
ALWAYS = ("yt8m.cli", "yt8m.__main__")
# Looked at to learn which kinds there are; a rule counts the one that its model names.
KINDS = ("yt8m.models", "yt8m.classifiers", "yt8m.compression.quantisers")


def rules_with_commands() -> dict[str, tuple[str, list[str]]]:
    """Rule -> (its command's words, the modules that its `code` param counts)."""
    found = {}
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for text in re.split(r"\n(?=\s*(?:rule|checkpoint) \w+:)", file.read_text()):
            name = re.match(r"\s*(?:rule|checkpoint) (\w+):", text)
            command = re.search(r"python -m yt8m ((?:records )?\w+)", text)
            if name and command:
                code = re.search(r"code=(\w+)(?:\(([^)]*)\))?", text)
                assert code, f"{name[1]} has no code param"
                found[name[1]] = (command[1], modules_of(code))
    return found


def modules_of(code: re.Match) -> list[str]:
    """The modules that the function after `code=` is given, or names itself."""
    if code[2]:
        return re.findall(r'"([^"]+)"', code[2])
    options = (ROOT / "workflow/rules/options.smk").read_text()
    body = re.search(rf"def {code[1]}\(.*?\n\n\n", options, re.S)[0]
    return re.findall(r'digest_of\("([^"]+)"', body)


RULES = rules_with_commands()


def of(names: set[str], packages: tuple[str, ...]) -> set[str]:
    return {n for n in names if any(n == p or n.startswith(f"{p}.") for p in packages)}


@pytest.mark.parametrize("rule", sorted(RULES.keys() - {"expand"}))
def test_a_rules_code_param_counts_every_module_that_its_command_imports(built, rule):
    """Measured in the real run: what `sys.modules` held when the command ended."""
    command, modules = RULES[rule]
    everywhere = set.intersection(*built.modules().values())
    imported = built.modules()[command]
    packages = {name for name in imported if (ROOT / name.replace(".", "/")).is_dir()}
    layers = of(imported, ("yt8m.layers",))
    counted = set(sources_of(*modules))
    missed = imported - counted - packages - of(imported, (*ALWAYS, *KINDS))
    assert missed <= everywhere | layers
    print(json.dumps({rule: sorted(missed)}))
