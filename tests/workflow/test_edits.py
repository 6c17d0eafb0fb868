"""Edits of the library rerun the steps that import them and what follows, and nothing else."""

import json
import re
from collections.abc import Callable, Iterable

import click
import pytest

from tests.digests import ENTRY_POINTS, OTHER_ENTRY_POINTS, imported_by_modules_without_effect
from tests.small import config
from tests.workflow.parsed import parsed_rules
from tests.workflow.project import ROOT, Project, copy_checkout
from tests.workflow.promises import FINAL, FIRST
from yt8m.cli import main
from yt8m.config.experiment import read_experiment
from yt8m.recipes import kinds, recipe_modules
from yt8m.sources import sources_of


@pytest.fixture
def edited(done, tmp_path):
    """A finished run with its own rules and library, which `edited.edit` changes."""
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
    """Not one in the working directory."""
    edited.checkout = edited.checkout.rename(edited.checkout.with_name("with a space"))
    (edited.folder / "yt8m").mkdir()
    (edited.folder / "yt8m/__init__.py").write_text("raise ImportError('another library')")
    submission = "results/predictions/final/validate.csv"
    assert edited.run(submission, "--forcerun", submission) == {"submit": 1}


FOLLOWS = {
    "yt8m/metrics/files.py": {
        **{"evaluate": 12, "evaluate_ensemble": 2, "thresholds": 1, "archive": 1},
        **{"confidence": 1, "report": 1},
    },
    "yt8m/calibration/score_counts.py": {
        **{"evaluate_ensemble": 2, "thresholds": 1, "archive": 1},
        **{"confidence": 1, "report": 1},
    },
    "yt8m/serving/ensemble.py": {"ensemble": 2, "fingerprint": 2},  # and what they lead to
    "yt8m/outputs/distillation.py": {
        **{"distil": 3, "distilled_manifest": 1, "train": 1, "ema": 1, "quantise": 1},
        **{"evaluate": 3, **FINAL},
    },
    "yt8m/training/tensorboard.py": {},
}
"""Some edits through the real rules; `tests/test_sources.py` has the effects of others."""


@pytest.mark.parametrize("name", FOLLOWS)
def test_an_edit_reruns_the_steps_that_import_it_and_what_follows(edited, name):
    assert edited.edit(name, one_more_line) == FOLLOWS[name]


STARTS = {
    "yt8m/layers/rnn.py": {"train": 1, "ema": 1, "quantise": 1},
    "yt8m/compression/quantisers/uniform.py": {"quantise": 3},
    "yt8m/training/adam.py": {"train": 3, "ema": 3, "quantise": 3},
}


@pytest.mark.parametrize("name", STARTS)
def test_an_edit_of_weight_making_code_reruns_from_the_weights_on(edited, name):
    """The plan ends at the teacher; further steps depend on its outcome."""
    plan = edited.edit(name, one_more_line)
    weights = {"make_shard", "manifest", "train", "ema", "quantise"}
    assert {rule: n for rule, n in plan.items() if rule in weights} == STARTS[name]


def test_comments_docstrings_and_layout_change_nothing(edited):
    for name in ("yt8m/training/adam.py", "yt8m/models/netvlad.py", "yt8m/data/survey.py"):
        file = edited.checkout / name
        text = re.sub('"""', '"""Indeed: ', file.read_text(), count=1)
        file.write_text(f"{text}\n\n# A remark.\n")
    assert edited.plan() == {}


COMMAND = re.compile(r"python -m yt8m ((?:(?:records|compress) )?[\w-]+)")


def command_of(rule: dict) -> str:
    """The words under which the command of a parsed rule is recorded."""
    return f"script {rule['script']}" if rule["script"] else COMMAND.search(rule["shell"])[1]


SMALL = read_experiment(json.loads(json.dumps(config())))
PARTS = [r for e in SMALL.models.values() for r in (e.recipe, e.quantise.quantiser)]
RECIPES = [m for r in (SMALL.dataset.source, *PARTS) for m in recipe_modules(r)]

FAMILIES = ("yt8m.data.sources", "yt8m.models", "yt8m.compression.quantisers", "yt8m.classifiers")
FAMILIES += ("yt8m.projections", "yt8m.extractors.images", "yt8m.extractors.sounds")
OTHER_KINDS = {f"{f}.{kind}" for f in FAMILIES for kind in kinds(f)} - set(RECIPES)
OTHER_KINDS = set(sources_of(*OTHER_KINDS)) - set(sources_of(*RECIPES))
"""Imported, with their own imports, to list all kinds; no model here is of these kinds."""

BUILDS_NOTHING = {"model_config", "report"}
"""Rules that import the recipes of the config to read their settings, and build none."""


OF_ENSEMBLES = {
    "evaluate": "evaluate_ensemble",
    "evaluate_part": "evaluate_part_of_ensemble",
    "merge_evaluation": "merge_evaluation_of_ensemble",
}
"""Rules whose command is also that of another rule, for ensembles."""


# `evaluate_ensemble` has the command of `evaluate`, which scores whatever predicts.
@pytest.mark.parametrize("rule", sorted(FIRST.keys() - {"evaluate_ensemble"}))
def test_a_rules_code_param_counts_every_module_that_its_command_uses(built, command_line, rule):
    """Measured in a real run, for nearly all rules: `sys.modules` at the end."""
    assert not_counted(rule, built, command_line) == set()


def not_counted(rule: str, project: Project, command_line: set[str]) -> set[str]:
    """Modules that a rule's command used in a project's run, and its `code` does not count."""
    rules = parsed_rules(project)
    parsed = rules[rule]
    code = [*parsed["code"], *(rules[OF_ENSEMBLES[rule]]["code"] if rule in OF_ENSEMBLES else [])]
    assert parsed["code"]
    # Those that build some recipes read the words of the others.
    words = RECIPES if rule in BUILDS_NOTHING or set(RECIPES) & set(code) else []
    counted = set(sources_of(*code, *words))
    imported = project.modules()[command_of(parsed)] - command_line - OTHER_KINDS
    packages = {name for name in imported if (ROOT / name.replace(".", "/")).is_dir()}
    return imported - packages - counted - imported_by_modules_without_effect()


def modules_listed(modules: Iterable[str]) -> set[str]:
    """The modules that a rule lists itself, without recipes, which depend on the config."""
    return {m for m in modules if not m.startswith(FAMILIES)} - {"yt8m.recipes"}


def test_the_tables_of_steps_name_the_modules_of_the_rules(every_rule):
    """So that tests of the digests of steps hold for the rules."""
    steps = ENTRY_POINTS | OTHER_ENTRY_POINTS
    of_rules = {name: modules_listed(rule["code"]) for name, rule in every_rule.items()}
    for name, modules in of_rules.items():
        same = {"ema": "train", "distil_rest": "distil"}
        if modules:
            assert modules_listed(steps[same.get(name, name)]) == modules, name
    assert {step for step in steps if modules_listed(steps[step])} <= set(of_rules)


def test_the_command_line_imports_no_module_of_long_steps(command_line):
    """Its modules do not count, so they must do no more than pass on paths and options."""
    beside = {
        "artefacts",
        "atomic",
        "errors",
        "mistakes",
        "partial",
        "protocols",
        "recipes",
        "strict",
        "version",
        "data.schema",
    }
    beside |= {"data.checks", "files", "json_files", "printable"}  # settings, reading, messages
    beside |= {"member_weights", "data.value_ranges", "parts"}
    beside |= {"locks", "stderr", "parent", "write_errors"}  # permission to write, and refusals
    beside |= {"activity", "training.interruption"}  # what a job is doing, and how it ended
    beside |= {"runtime.devices", "runtime.startup", "runtime.unused"}  # how TensorFlow starts
    beside |= {"config.best", "comparison.graphs"}  # words that options take
    beside |= {"training.workers.addresses"}  # a default that an option's help states
    packages = {name for name in command_line if (ROOT / name.replace(".", "/")).is_dir()}
    found = {m for m in command_line - packages if not m.startswith("yt8m.cli.")}
    assert found == {f"yt8m.{name}" for name in beside}


def test_the_workflow_uses_no_default_of_the_command_line(built):
    """Defaults are in no `code` param, so the rules name every value; a missing flag is off."""
    used = 0
    commands = [n["arguments"] for n in built.notes() if n["arguments"][0] != "script"]
    for words in commands:
        command = main
        while isinstance(command, click.Group):
            command, words = command.get_command(None, words[0]), words[1:]
        shown = command.to_info_dict(click.Context(command))["params"]
        for option in shown:
            if option["param_type_name"] == "option" and option["default"] not in (None, False, ()):
                assert set(option["opts"]) & set(words), (command.name, option["opts"])
                used += 1
    assert used > 20


def test_edits_of_the_command_line_rerun_nothing(edited):
    for name in ("options", "graphs", "models"):
        file = edited.checkout / f"yt8m/cli/{name}.py"
        file.write_text(one_more_line(file.read_text()))
    assert edited.plan() == {}
