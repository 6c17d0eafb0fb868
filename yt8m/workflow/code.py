"""Digests of the code of each step, including recipes, so that edits make steps run again."""

import ast
import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.config.experiment import Experiment
from yt8m.normalised import normalised
from yt8m.recipes import recipe_modules
from yt8m.sources import digest_of
from yt8m.workflow.plan import Plan
from yt8m.workflow.planning_files import planning_file


@dataclass(frozen=True)
class Code:
    """Digests of modules and of the recipes that they build by name at run time.

    modules: dotted names of those that a step lists itself.
    """

    plan: Plan

    @property
    def experiment(self) -> Experiment:
        """The experiment whose steps these are."""
        return self.plan.experiment

    def of_source(self) -> str:
        """The recipe of the source."""
        return digest_of(*recipe_modules(self.experiment.dataset.source))

    def of_extraction(self) -> str:
        """The extraction of features from videos, with the recipes of the extractors."""
        return digest_of("yt8m.video.shards", *self.experiment.dataset.source.extractor_modules)

    def of_training(self, model: str) -> str:
        """The training of a model, and its validation if it is validated."""
        return digest_of(*self.experiment.models[model].training_modules)

    def of_stored_model(self, modules: Sequence[str], model: str) -> str:
        """Including a model's recipe and quantiser, whose code also decodes the weights."""
        return self._of([*modules], [model])

    def of_quantiser(self, modules: Sequence[str], model: str) -> str:
        """Including a model's quantiser only."""
        return digest_of(
            *modules, *recipe_modules(self.experiment.models[model].quantise.quantiser)
        )

    def of_ensemble(self, modules: Sequence[str], ensemble: str) -> str:
        """Including the recipes and quantisers of an ensemble's members, and its own quantisers."""
        entry = self.experiment.ensembles[ensemble]
        quantisers = entry.compress.quantisers if entry.compress else []
        own = [module for quantiser in quantisers for module in recipe_modules(quantiser)]
        return self._of([*modules, *own], self.plan.members(ensemble))

    def of_points(self, modules: Sequence[str], model: str) -> str:
        """Including a model's recipe, and the quantisers of the frontier."""
        frontier = self.experiment.frontier
        quantisers = (*frontier.quantisers, *frontier.compress.quantisers)
        recipes = (self.experiment.models[model].recipe, *quantisers)
        return digest_of(*modules, *(m for recipe in recipes for m in recipe_modules(recipe)))

    def _of(self, modules: Sequence[str], models: Iterable[str]) -> str:
        entries = [self.experiment.models[name] for name in models]
        recipes = [recipe for e in entries for recipe in (e.recipe, e.quantise.quantiser)]
        return digest_of(*modules, *(m for recipe in recipes for m in recipe_modules(recipe)))


def modules_of(program: str) -> list[str]:
    """Modules of the library that a program's source imports.

    As for commands, `yt8m.cli` is left out, since passing paths and options changes no outcome.
    """
    nodes = [n for n in ast.walk(ast.parse(program)) if isinstance(n, ast.ImportFrom) and n.module]
    modules = {node.module for node in nodes if node.module.startswith("yt8m.")}
    return sorted(name for name in modules if not name.startswith("yt8m.cli"))


def digest_of_program(text: str) -> str:
    """Digest of a program and of all modules that it imports; comments do not count."""
    code = f"{normalised(text)}{digest_of(*modules_of(text))}"
    return hashlib.sha256(code.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Script:
    """A script that jobs run. code: digest of it and of all that it imports. path: for a rule."""

    code: str
    path: str


def script_at(path: str, text: str) -> Script:
    """A script at its path. Its comments and layout do not count in `code`."""
    return Script(digest_of_program(text), path)


def undated_script(name: str, text: str) -> Script:
    """A copy of a script below `.snakemake`, with a constant date.

    Snakemake compares the dates of scripts with those of outputs, and a fresh checkout has new
    dates; changes are detected by the param `code` instead.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    copy = planning_file(f"{digest}-{name}").absolute()
    if not copy.exists():
        with replacing(copy) as unfinished:
            unfinished.write_text(text)
            os.utime(unfinished, (0, 0))
    # Snakemake would expand wildcards in it.
    return script_at(str(copy).replace("{", "{{").replace("}", "}}"), text)


def library_alone() -> Path:
    """A folder below the working directory with nothing but a link to this library.

    Where the library is installed there are other packages, which an environment of jobs has in
    other versions.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(bytes(package)).hexdigest()[:16]
    folder = planning_file(f"{digest}-library").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        (folder / "yt8m").symlink_to(package)
    return folder
