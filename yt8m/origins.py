"""What a file of weights says it came from, and how its readers check that.

Its header holds, besides `kind` and `model` (name, recipe and schema), an `origin`:

    stage        trained, ema, quantised, compressed (as a plan says) or averaged (a mean of files)
    settings     of those that the stage depends on, all but the model's own
    records      digest of the manifest that it learnt from
    soft_labels  the same of its teacher's predictions
    source       digest of the weights that it was made of
    plan         digest of what the plan says about it, where it is compressed

What is not known is null, as of an imported checkpoint, and is not checked. Nothing of it tells of
time or place: equal runs write equal files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from yt8m.artefacts import (
    CONFIG,
    IDENTITY,
    STAGE_WORDS,
    WEIGHTS,
    ModelConfig,
    read_ensemble,
    read_json,
    read_model_config,
)
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.weights import read_header

MEMBERS = "members"
"""Folder, in that of an ensemble, of its members as it holds them."""

Header = dict[str, Any]


@dataclass(frozen=True)
class Origin:
    """Where weights come from; the fields are those of the header."""

    stage: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    records: str | None = None
    soft_labels: str | None = None
    source: str | None = None
    plan: str | None = None


def learnt(
    config: ModelConfig,
    stage: str,
    records: Manifest,
    soft_labels: Manifest | None = None,
    source: str | None = None,
) -> Header:
    """The header of weights that learnt from records."""
    settings = {w: v for w, v in config.settings(stage).items() if w not in IDENTITY}
    taught = soft_labels.digest if soft_labels else None
    return header_of(config.identity, Origin(stage, settings, records.digest, taught, source))


def made_of(header: Mapping[str, Any], source: str, **words: Any) -> Header:
    """The header of weights made of others.

    header, source: of the others, and their digest. words: what differs in the origin; `settings`
    are added to theirs.
    """
    before = origin_of(header)
    settings = {**before.settings, **words.pop("settings", {})}
    return header_of(header["model"], replace(before, **words, settings=settings, source=source))


def header_of(model: Mapping[str, Any], origin: Origin) -> Header:
    """The header of a file of weights. model: its name, recipe and schema."""
    return {"kind": "weights", "model": dict(model), "origin": asdict(origin)}


def origin_of(header: Mapping[str, Any]) -> Origin:
    """What a header says; nothing where it does not, or says what makes no sense."""
    found = header.get("origin")
    said = found if isinstance(found, Mapping) else {}
    kinds = {f.name: Mapping if f.name == "settings" else str for f in fields(Origin)}
    return Origin(**{w: said[w] for w, kind in kinds.items() if isinstance(said.get(w), kind)})


def weights_file(stage: Path) -> Path:
    """The file of weights in a stage's folder; a file as it is."""
    return stage / WEIGHTS if stage.is_dir() else stage


def check_place(path: Path, header: Mapping[str, Any]) -> None:
    """That a file of weights lies where such weights belong.

    A folder called as a stage holds weights of that stage, and of the model and the settings in the
    `config.json` in it or beside it. Raises ArtefactError.
    """
    folder, stage = path.parent, origin_of(header).stage
    name = path.absolute().parent.name
    if name not in STAGE_WORDS:
        return
    if stage in STAGE_WORDS and stage != name:
        raise _strange(path, f"holds weights of stage {stage}, in a folder {name}")
    beside = folder.parent if folder.name else folder / ".."  # seen from inside
    config = next((p for p in (folder / CONFIG, beside / CONFIG) if p.is_file()), None)
    if config is not None:
        check_config(path, header, read_model_config(config), str(config))


def check_config(path: Path, header: Mapping[str, Any], config: ModelConfig, where: str) -> None:
    """That weights are of a model and were made with its settings. Raises ArtefactError."""
    wanted = config.settings("quantised")
    found = {**header["model"], **origin_of(header).settings}
    for word in wanted:
        if word in found and found[word] != wanted[word]:
            told = difference(word, found[word], wanted[word])
            raise ArtefactError(
                f"{path}: was made with other settings: {told} in {where}; delete it and make it "
                "again, or give the config that it was made with"
            )


def check_records(stages: Iterable[Path], manifests: Sequence[Path]) -> None:
    """That weights learnt from records, and teachers' predictions, of these manifests.

    stages: stage folders or files of weights. Whoever deletes a manifest gives up the check.
    Raises ArtefactError.
    """
    if not manifests or not all(path.is_file() for path in manifests):
        return
    known = {read_manifest(path).digest for path in manifests}
    for path in map(weights_file, stages):
        origin = origin_of(read_header(path)[0])
        for digest in (origin.records, origin.soft_labels):
            if digest is not None and digest not in known:
                what = "records" if digest == origin.records else "predictions of a teacher"
                raise _strange(path, f"learnt from other {what} than {_listed(manifests)} list")


def check_sources(stages: Iterable[Path], models: Path | None) -> None:
    """That compressed members were made of weights in `models`, a folder of models' folders.

    Raises ArtefactError.
    """
    for path in map(weights_file, stages) if models is not None else ():
        header, _ = read_header(path)
        origin, folder = origin_of(header), models / header["model"]["name"]
        if origin.stage == "compressed":
            digests = _digests(folder.glob(f"*/{WEIGHTS}"))
            if digests and origin.source not in digests:
                raise _strange(path, f"was made of other weights than any stage in {folder} has")


def check_plan(stages: Iterable[Path], plan: Path | None) -> None:
    """That compressed members are stored as a plan says, of the weights that it was made for.

    plan: what `yt8m compress plan` wrote. Raises ArtefactError.
    """
    planned = _planned(plan) if plan is not None else {}
    for path in map(weights_file, stages) if plan is not None else ():
        header, _ = read_header(path)
        origin, name = origin_of(header), header["model"]["name"]
        if origin.stage == "compressed" and (origin.source, origin.plan) != planned.get(name):
            raise _strange(path, f"is not stored as {plan} says, or was made of other weights")


def _planned(plan: Path) -> dict[str, tuple[str, str]]:
    """Member -> digest of the weights that a plan was made for, and of how it stores them."""
    content = read_json(plan)
    try:
        stored = content["stored"]
        return {name: (digest, stored[name]) for name, digest in content["digests"].items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ArtefactError(f"{plan}: is no plan ({error}); make it again") from None


def check_members(ensemble: Path, models: Path | None) -> None:
    """That the ensemble in a folder was made of weights in `models`, a folder of models' folders.

    Of those that it holds itself, where it had them compressed, the sources are looked at too.
    Raises ArtefactError.
    """
    for member in read_ensemble(ensemble)["members"] if models is not None else ():
        name, folder = member["name"], models / member["name"]
        own = ensemble / MEMBERS / name / WEIGHTS
        if own.is_file() and member["digest"] == read_header(own)[1]:
            check_sources([own], models)
            continue
        digests = _digests(folder.glob(f"*/{WEIGHTS}"))
        if digests and member["digest"] not in digests:
            raise ArtefactError(
                f"{ensemble}: holds other weights of {name} than any stage in {folder} has; "
                "delete the ensemble, and it is made again"
            )


def _digests(paths: Iterable[Path]) -> set[str]:
    return {read_header(path)[1] for path in paths}


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(map(str, paths))


def _strange(path: Path, problem: str) -> ArtefactError:
    return ArtefactError(f"{path}: {problem}; delete it and make it again")


def difference(word: str, found: Any, expected: Any) -> str:
    """`recipe.clusters is 8, but 16`, of the first word that differs."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            if found.get(key) != expected.get(key):
                return difference(f"{word}.{key}", found.get(key), expected.get(key))
    return f"{word} is {found!r}, but {expected!r}"
