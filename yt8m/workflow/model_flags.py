"""Options of the commands that train models."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from yt8m.workflow import nodes
from yt8m.workflow.layout import STAGES, metric_files
from yt8m.workflow.plan import Plan
from yt8m.workflow.shell import option, quoted


@dataclass(frozen=True)
class ModelFlags:
    """plan: as for `flags.Flags`."""

    plan: Plan

    def soft_labels(self, model: str, input: Any) -> str:
        """A student's soft labels, and the fingerprint of its teacher."""
        teachers = self.plan.teachers_of_model(model)
        fingerprints = [self.plan.layout.fingerprint(teacher) for teacher in teachers]
        found = option("soft-labels", input.soft_labels)
        return f"{found} {option('teacher', fingerprints)}"

    def together(self, step: str, model: str, waiting: Collection[str]) -> str:
        """Options with which a model trains in one process with others; empty if each has its own.

        step: `train` or `ema`. waiting: models for which this step could begin, but for want of a
            free place.
        """
        most = self.plan.experiment.resources.train.together
        if most == 1:
            return ""
        others = [name for name in self.plan.fellows(model) if name in waiting][: most - 1]
        ahead = (f"--ahead {quoted(self._files_of(step, name))}" for name in others)
        return " ".join(["--together", *ahead])

    def _files_of(self, step: str, model: str) -> list[str]:
        """What `--ahead` takes of a model: CONFIG, for `ema` SOURCE, OUT, STATE and TENSORBOARD."""
        layout, stage = self.plan.layout, {"train": "trained", "ema": "ema"}[step]
        source = [layout.weights(model, "trained")] if step == "ema" else []
        made = (layout.stage(model, stage), layout.state(step, model))
        return [layout.config(model, f"{stage}/"), *source, *made, layout.tensorboard(model, stage)]

    def launcher(self) -> str:
        """What starts the command that trains, on each of several nodes."""
        return nodes.launcher(self.plan.experiment.resources.train)

    def workers(self) -> str:
        """How the commands on several nodes find each other."""
        return nodes.workers(self.plan.experiment.resources.train)

    def evaluated_together(
        self, model: str, stage: str, split: str, waiting: Collection[tuple[str, str]]
    ) -> str:
        """Options with which a stage is evaluated in one process with others, as above.

        waiting: model and stage of evaluations on this split that could begin, but for want of a
            free place.
        """
        most = self.plan.experiment.resources.infer.together
        if most == 1:
            return ""
        every = [(name, word) for name in self.plan.experiment.models for word in STAGES]
        place = every.index((model, stage))
        others = [pair for pair in every[place + 1 :] + every[:place] if pair in waiting]
        ahead = (f"--ahead {quoted(self._evaluation(*pair, split))}" for pair in others[: most - 1])
        own = self._evaluation(model, stage, split)[-1]
        return " ".join([option("together", own), *ahead])

    def _evaluation(self, model: str, stage: str, split: str) -> tuple[str, str, str]:
        """What `--ahead` takes of an evaluation: GRAPH, OUT and STATE."""
        layout = self.plan.layout
        graph = layout.stage(model, stage)
        state = layout.state("evaluate", f"{model}-{stage}-{split}")
        return graph, metric_files(graph, split)["metrics"], state

    def validation(self, input: Any) -> str:
        """The records that a model is validated on while it trains, if any."""
        return option("validate", input.validation)

    def trained_on(self, model: str) -> str:
        """The manifests that a model was trained and validated on."""
        return trained_on(self.plan, [model])

    def recovery(self, model: str, input: Any) -> str:
        """The inputs for the recovery of a compressed member."""
        files = f"{option('config', input.config)} {option('records', input.records)}"
        return f"{files} {self.soft_labels(model, input)}"


def trained_on(plan: Plan, models: Iterable[str]) -> str:
    """The manifests that models were trained and validated on."""
    layout, models = plan.layout, list(models)
    validated = {split for model in models for split in plan.validation_split(model)}
    manifests = [
        layout.manifest(plan.train),
        *map(layout.distilled, plan.teachers_of(models)),
        *map(layout.manifest, sorted(validated)),
    ]
    return option("trained-on", manifests)
