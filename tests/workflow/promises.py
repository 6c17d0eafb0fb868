"""What reruns when: the changes that docs/explanation/what-reruns.md lists, and their jobs."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.digests import with_other_errors
from tests.workflow.project import Project, copy_checkout
from yt8m.data.tfrecord import read_records, write_records

COLUMNS = {
    "train": ("train",),
    "average": ("ema",),
    "quantise": ("quantise",),
    "combine": ("learn_weights", "ensemble"),
    "distil": ("distil",),
    "evaluate": ("evaluate", "evaluate_ensemble"),
    "predict": ("predict",),
    "report": ("report",),
}
"""Columns of the table, and the rules that each counts."""

FIRST = {
    "make_shard": 4,
    "manifest": 2,
    "find_duplicates": 1,
    "model_config": 12,
    "train": 4,
    "ema": 4,
    "quantise": 4,
    "ensemble": 2,
    "fingerprint": 2,
    "distil": 3,
    "distilled_manifest": 1,
    "evaluate": 12,
    "evaluate_ensemble": 2,
    "thresholds": 1,
    "size": 2,
    "archive": 1,
    "predict": 1,
    "submit": 1,
    "provenance": 1,
    "confidence": 1,
    "report": 1,
}
"""The jobs of a first run: three teacher members, one student, three training shards."""

FINAL = dict.fromkeys(
    ["ensemble", "fingerprint", "evaluate_ensemble", "size", "archive", "predict", "submit"], 1
)
FINAL |= {"thresholds": 1, "provenance": 1, "confidence": 1, "report": 1}
"""The jobs downstream of a changed student."""

FILES = ["archive", "provenance", "report"]
SCORES = ["evaluate", "evaluate_ensemble", "predict", "submit"]
SCORES = {rule: FIRST[rule] for rule in (*SCORES, "thresholds", "confidence", *FILES)}
"""The jobs of a first run that write predictions or metrics, and those downstream of them."""


@dataclass(frozen=True)
class Promise:
    """A change and exactly the jobs that it starts, by rule.

    change: as in that table. make: applies it to a finished project.
    arguments: of the `snakemake` call.
    how: "plan": a dry run shows all jobs, because no ensemble is rebuilt; "run": with the real
    steps, because the jobs depend on their results; "stand-in": with steps whose outputs are sure
    to change when their inputs do.
    """

    change: str
    jobs: dict[str, int]
    make: Callable[[Project], None] = lambda project: None
    arguments: tuple[str, ...] = field(default=())
    how: Literal["plan", "run", "stand-in"] = "plan"

    @property
    def row(self) -> str:
        """The row of the table on the page."""
        counts = [sum(self.jobs.get(rule, 0) for rule in rules) for rules in COLUMNS.values()]
        return "|".join(["", f" {self.change} ", *(f" {n} " if n else " " for n in counts), ""])


def model(name: str, **settings) -> Callable[[Project], None]:
    """Change an entry of `models`."""

    def change(c):
        c["models"] = {**c["models"], name: {**c["models"].get(name, {}), **settings}}

    return lambda project: project.write_config(change)


def top(**settings) -> Callable[[Project], None]:
    """Change top-level settings."""
    return lambda project: project.write_config(lambda c: c.update(settings))


def comment_and_order(project: Project) -> None:
    """Reverse every mapping except the features, which are concatenated in their order."""

    def change(c):
        features = c["dataset"]["features"]
        c = other_way_round(c)
        c["dataset"]["features"] = features
        return c

    project.write_config(change, comment="# a remark\n")


def other_way_round(value):
    """The same value with the keys of all mappings in it reversed."""
    if not isinstance(value, dict):
        return value
    return {word: other_way_round(value[word]) for word in reversed(value)}


def newer_dates(project: Project) -> None:
    for name in ("data/train.json", "ensembles/teacher/ensemble.json"):
        os.utime(project.path(name))
    for file in project.path("ensembles/teacher/graph").rglob("*"):
        os.utime(file)


def fresh_checkout(project: Project) -> None:
    project.checkout = copy_checkout(project.folder.with_name("checkout"))


def moved(project: Project) -> None:
    """The folder with Snakemake's records, and its sources too."""
    fresh_checkout(project)
    project.folder = project.folder.rename(project.folder.with_name("another place"))


def edit(name: str) -> Callable[[Project], None]:
    """Add a line to a file of the sources."""

    def make(project: Project) -> None:
        fresh_checkout(project)
        file = project.checkout / name
        file.write_text(f"{file.read_text()}\nADDED = 1\n")

    return make


def wording(project: Project) -> None:
    """Edit what cannot change a result: errors of the reader and of training, and what reports."""
    fresh_checkout(project)
    for name in ("data/records.py", "training/run.py"):
        file = project.checkout / "yt8m" / name
        file.write_text(with_other_errors(file.read_text()))
    for name in ("training/tensorboard.py", "progress.py", "tf1/kinds/netvlad.py"):
        file = project.checkout / "yt8m" / name
        file.write_text(f"{file.read_text()}\nADDED = 1\n")


def teacher_weights(c) -> None:
    c["ensembles"]["teacher"]["members"] = {"vlad": 0.4, "bag": 0.3, "memory": 0.3}


def learning(**words) -> Callable:
    """A change of the config: the weights of the teacher's members are learned."""
    return lambda c: c["ensembles"]["teacher"].update(learn={"folds": 3, **words})


FREE = {"pull": 0.0, "objective": "loss"}
"""Settings with which learned weights are others than those given."""


def choosing(c):
    """A change of the config: two of three models are chosen as the teacher, one of two students as
    the final ensemble.
    """
    c["models"] = {**c["models"], "other": {**c["models"]["student"], "clusters": 2}}
    c["ensembles"] = {
        "teacher": {"best": {"of": ["vlad", "bag", "memory"], "count": 2}},
        "final": {"best": {"of": ["student", "other"], "count": 1}, "budget_bytes": 10_000_000},
    }


def compressing(budget: int = 10_000_000, **words):
    """A change of the config: the final ensemble is compressed."""

    def change(c):
        compress = {
            "quantisers": [{"kind": "uniform", "bits": bits} for bits in (2, 4, 8)],
            "min_elements": 200,
            "videos": 20,
            "sweep": [1.0, 0.9],
            **words,
        }
        final = {**c["ensembles"]["final"], "budget_bytes": budget, "compress": compress}
        c["ensembles"] = {**c["ensembles"], "final": final}

    return change


def existing_files(project: Project) -> None:
    """The same shards as before, now as existing files that Snakemake has no record of."""

    def change(c):
        splits = c["dataset"]["source"]["splits"]
        files = {s: [f"results/data/{s}/*.tfrecord"] for s in splits}
        c["dataset"]["source"] = {"kind": "records", "files": files}

    shards = (f"results/data/{p.parent.name}/{p.name}" for p in project.path("data").glob("*/*"))
    project.snakemake("--cleanup-metadata", *shards)
    project.write_config(change)
    ran = project.run()
    assert ran.pop("sources") == 2 and ran.pop("manifest") == 2
    assert ran == {"provenance": 1, "confidence": 1, "report": 1}


def put_in_place(project: Project, name: str, content: bytes) -> None:
    """By a rename, as mv and rsync do, and with an old date, as from a backup."""
    path = project.path(name)
    new = project.folder / "new"
    new.write_bytes(content)
    os.utime(new, (1e9, 1e9))
    new.rename(path)


def shard(split: str, shards: int, change: Callable[[list], list]) -> Callable[[Project], None]:
    """Replace a split's first shard by one with changed records."""

    def make(project: Project) -> None:
        existing_files(project)
        name = f"data/{split}/{split}-00000-of-{shards:05d}.tfrecord"
        write_records(project.folder / "changed", change(list(read_records(project.path(name)))))
        put_in_place(project, name, (project.folder / "changed").read_bytes())

    return make


def replaced_teacher(project: Project) -> None:
    """The teacher is imported from a folder, which is then replaced by another one."""
    folder = project.folder / "theirs"
    shutil.copytree(project.path("ensembles/teacher"), folder)
    project.write_config(lambda c: c["ensembles"].update(teacher={"folder": str(folder)}))
    ran = project.run()
    assert ran.pop("import_ensemble") == 1 and ran.pop("fingerprint") == 2
    assert ran == {"provenance": 1, "confidence": 1, "report": 1}
    other = project.folder / "other"
    shutil.copytree(folder, other)
    description = other / "ensemble.json"
    digest = json.loads(description.read_text())["members"][0]["digest"]
    description.write_text(description.read_text().replace(digest, "0" * len(digest)))
    for file in (other, *other.rglob("*")):
        os.utime(file, (1e9, 1e9))
    shutil.rmtree(folder)
    other.rename(folder)


def another_model(c) -> None:
    c["models"] = {**c["models"], "extra": {"kind": "netvlad", "clusters": 2, "hidden": 4}}
    c["run"]["models"] = ["extra"]


def another_variant(c) -> None:
    """Another value of a setting, beside that of the model itself."""
    c["variants"] = {"of": "vlad", "grid": {"clusters": [c["models"]["vlad"]["clusters"], 7]}}


def another_seed(c) -> None:
    c["models"] = {**c["models"], "bag": {**c["models"]["bag"], "seeds": 2}}


def more_resamples(c) -> None:
    c["run"] = {**c["run"], "confidence": {"resamples": 2000}}


def deciding_by_precision(c) -> None:
    c["run"] = {**c["run"], "decide": {"precision": 0.5}}


ALL_AGAIN = "all members and students retrained, the same result (`--forcerun train`)"

PROMISES = [
    Promise("nothing", {}),
    Promise("comments, the order of keys", {}, comment_and_order),
    Promise(
        "the wording of errors and warnings, TensorBoard, progress bars, variable names of 2018",
        {},
        wording,
    ),
    Promise("newer dates, the same content", {}, newer_dates),
    Promise(
        "a teacher member retrained, the same result",
        {
            **{"train": 1, "ema": 1, "quantise": 1, "evaluate": 3},
            **{
                "ensemble": 1,
                "fingerprint": 2,
                "confidence": 1,
                "report": 1,
            },  # it reads histories, and they tell of time
        },
        arguments=("--forcerun", "results/models/bag/trained/weights.safetensors"),
        how="run",
    ),
    Promise(
        ALL_AGAIN,
        {
            **{"train": 4, "ema": 4, "quantise": 4, "evaluate": 12},
            **{"ensemble": 2, "fingerprint": 2, "confidence": 1, "report": 1},
        },
        arguments=("--forcerun", "train"),
        how="run",
    ),
    Promise("the folder moved, a fresh checkout of the sources", {}, moved),
    Promise("an edit of the report's sources", {"report": 1}, edit("yt8m/report/charts/chain.py")),
    Promise(
        "an edit of the training code",
        {
            rule: n
            for rule, n in FIRST.items()
            if rule not in ("make_shard", "manifest", "find_duplicates", "model_config")
        },
        edit("yt8m/training/adam.py"),
        how="stand-in",
    ),
    Promise("`title`", {"report": 1}, top(title="Another")),
    Promise(
        "`resources`",
        {},
        top(resources={"train": {"mem_mb": 5000, "runtime": 7, "together": 4}}),
    ),
    Promise(
        "`run.decide`",
        {"thresholds": 1, "archive": 1, "provenance": 1, "confidence": 1, "report": 1},
        lambda project: project.write_config(deciding_by_precision),
    ),
    Promise(
        "`run.confidence`",
        {"provenance": 1, "confidence": 1, "report": 1},
        lambda project: project.write_config(more_resamples),
    ),
    Promise("`inference.top_k`", SCORES, top(inference={"top_k": 5})),
    Promise(
        "`inference.batch_size`",
        {
            **{"distil": 3, "distilled_manifest": 1, "train": 1, "ema": 1, "quantise": 1},
            **FINAL,
            **SCORES,
        },
        top(inference={"batch_size": 7}),
        how="stand-in",
    ),
    Promise(
        "a new model in `run.models`",
        {
            **{"model_config": 3, "train": 1, "ema": 1, "quantise": 1, "evaluate": 3},
            **{"provenance": 1, "confidence": 1, "report": 1},
        },
        lambda project: project.write_config(another_model),
    ),
    Promise(
        "one more combination in `variants`",
        {
            **{"model_config": 3, "train": 1, "ema": 1, "quantise": 1, "evaluate": 3},
            **{"provenance": 1, "confidence": 1, "report": 1},
        },
        lambda project: project.write_config(another_variant),
    ),
    Promise(
        "one more of the `seeds` of a model",
        {
            **{"model_config": 3, "train": 1, "ema": 1, "quantise": 1, "evaluate": 3},
            **{"provenance": 1, "confidence": 1, "report": 1},
        },
        lambda project: project.write_config(another_seed),
    ),
    Promise(
        "`quantise` of a student",
        {"model_config": 1, "quantise": 1, "evaluate": 1, **FINAL},
        model("student", quantise={"min_elements": 50}),
        how="stand-in",
    ),
    Promise(
        "`ema` of a student",
        {"model_config": 2, "ema": 1, "quantise": 1, "evaluate": 2, **FINAL},
        model("student", ema={"epochs": 2}),
        how="stand-in",
    ),
    Promise(
        "`training`, `teacher_weight` or the recipe of a student",
        {"model_config": 3, "train": 1, "ema": 1, "quantise": 1, "evaluate": 3, **FINAL},
        model("student", teacher_weight=0.9),
        how="stand-in",
    ),
    Promise(
        "`quantise` of a teacher member",
        {
            **{"model_config": 1, "train": 1, "ema": 1, "quantise": 2},
            **{"distil": 3, "distilled_manifest": 1, "evaluate": 4, **FINAL},
            **{"ensemble": 2, "fingerprint": 2, "evaluate_ensemble": 2, "size": 2},
        },
        model("bag", quantise={"min_elements": 50}),
        how="stand-in",
    ),
    Promise(
        "weights of the teacher members",
        {
            **{"train": 1, "ema": 1, "quantise": 1, "distil": 3, "distilled_manifest": 1},
            **{"evaluate": 3, **FINAL},
            **{"ensemble": 2, "fingerprint": 2, "evaluate_ensemble": 2, "size": 2},
        },
        lambda project: project.write_config(teacher_weights),
        how="stand-in",
    ),
    Promise(
        "`learn` of the teacher, the same weights",
        {
            **{"learn_weights": 1, "ensemble": 1, "fingerprint": 2},
            **{"provenance": 1, "confidence": 1, "report": 1},
        },
        lambda project: project.write_config(learning(pull=1e9)),
        how="run",
    ),
    Promise(
        "`learn` of the teacher, different weights",
        {
            **{"train": 1, "ema": 1, "quantise": 1, "distil": 3, "distilled_manifest": 1},
            **{"evaluate": 3, **FINAL},
            **{
                "learn_weights": 1,
                "ensemble": 2,
                "fingerprint": 2,
                "evaluate_ensemble": 2,
                "size": 2,
            },
        },
        lambda project: project.write_config(learning()),
        how="stand-in",
    ),
    Promise(
        "`training` or the recipe of a teacher member",
        {
            **{"model_config": 3, "train": 2, "ema": 2, "quantise": 2},
            **{"distil": 3, "distilled_manifest": 1, "evaluate": 6, **FINAL},
            **{"ensemble": 2, "fingerprint": 2, "evaluate_ensemble": 2, "size": 2},
        },
        model("bag", training={"learning_rate": 0.02}),
        how="stand-in",
    ),
    Promise(
        "a shard replaced by an identical file, whatever its date",
        {"sources": 1, "manifest": 1},
        shard("train", 3, lambda records: records),
        how="run",
    ),
    Promise(
        "an evaluation shard replaced by a different one, whatever its date",
        {
            **{"sources": 1, "manifest": 1, "find_duplicates": 1, "report": 1, "archive": 1},
            **{"evaluate": 12, "evaluate_ensemble": 2, "thresholds": 1},
            **{"predict": 1, "submit": 1, "confidence": 1},
        },
        shard("validate", 1, lambda records: records[:-1]),
        how="stand-in",
    ),
    Promise(
        "a training shard replaced by a different one, whatever its date",
        {
            **{rule: n for rule, n in FIRST.items() if rule not in ("make_shard", "model_config")},
            **{"sources": 1, "manifest": 1},
        },
        shard("train", 3, lambda records: records[:-1]),
        how="stand-in",
    ),
    Promise(
        "an imported teacher replaced by a different one, whatever its date",
        {
            **{"import_ensemble": 1, "distil": 3, "distilled_manifest": 1},
            **{"train": 1, "ema": 1, "quantise": 1, "evaluate": 3, **FINAL},
            **{"fingerprint": 2, "evaluate_ensemble": 2, "size": 2},
        },
        replaced_teacher,
        how="stand-in",
    ),
    Promise(
        "a distilled shard deleted (`snakemake distillation`)",
        {"distil": 1, "distilled_manifest": 1},
        lambda project: project.remove("distillation/teacher/shard-00001-of-00003.tfrecord"),
        arguments=("distillation",),
    ),
]


def table() -> list[str]:
    """The table in docs/explanation/what-reruns.md, line by line."""
    head = f"| change | {' | '.join(COLUMNS)} |"
    return [head, "|---" * (1 + len(COLUMNS)) + "|", *(promise.row for promise in PROMISES)]
