"""The origin of a file of weights, and how its readers check it.

Its header holds, besides `kind` and `model` (name, recipe and schema), an `origin`:

    stage        trained, ema, quantised, compressed (by a plan) or averaged (a mean of files)
    settings     the settings that the stage depends on, except the model's own
    records      digest of the manifest that it was trained on
    soft_labels  digest of the manifest of its teacher's soft labels
    validated_on digest of the manifest that it was validated on; left out if it was not
    source       digest of the weights that it was made from
    plan         digest of the plan's encodings for it, if it is compressed

Unknown values, such as those of an imported checkpoint, are null and not checked. The origin
contains no time or path, so equal runs write equal files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from yt8m.artefacts import CONFIG, WEIGHTS, read_ensemble
from yt8m.config.model import IDENTITY, STAGE_WORDS, ModelConfig, read_model_config
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.json_files import read_json
from yt8m.weights import read_header

MEMBERS = "members"
"""Folder, in an ensemble's folder, of the members that are stored only there."""

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
    validated_on: str | None = None


def trained_on(
    config: ModelConfig,
    stage: str,
    records: Manifest,
    soft_labels: Manifest | None = None,
    source: str | None = None,
    validated_on: Manifest | None = None,
) -> Header:
    """The header of weights that were trained on records."""
    settings = {w: v for w, v in config.entry(stage).items() if w not in IDENTITY}
    teacher = soft_labels.digest if soft_labels else None
    origin = Origin(stage, settings, records.digest, teacher, source)
    if validated_on is not None:
        origin = replace(origin, validated_on=validated_on.digest)
    return header_of(config.identity, origin)


def derived_from(header: Mapping[str, Any], source: str, **words: Any) -> Header:
    """The header of weights made from others.

    header, source: header and digest of the others. words: fields of the origin that differ;
    `settings` are added to theirs.
    """
    before = origin_of(header)
    settings = {**before.settings, **words.pop("settings", {})}
    return header_of(header["model"], replace(before, **words, settings=settings, source=source))


def header_of(model: Mapping[str, Any], origin: Origin) -> Header:
    """The header of a file of weights. model: its name, recipe and schema."""
    words = asdict(origin)
    if origin.validated_on is None:  # as in files from before there was validation
        del words["validated_on"]
    return {"kind": "weights", "model": dict(model), "origin": words}


def origin_of(header: Mapping[str, Any]) -> Origin:
    """The origin in a header; fields that are missing or of the wrong type are unknown."""
    found = header.get("origin")
    known = found if isinstance(found, Mapping) else {}
    kinds = {f.name: Mapping if f.name == "settings" else str for f in fields(Origin)}
    return Origin(**{w: known[w] for w, kind in kinds.items() if isinstance(known.get(w), kind)})


def weights_file(stage: Path) -> Path:
    """The file of weights in a stage's folder; a path to a file is returned unchanged."""
    return stage / WEIGHTS if stage.is_dir() else stage


def check_place(path: Path, header: Mapping[str, Any]) -> None:
    """Raises ArtefactError if a file of weights is in a folder where it does not belong.

    A folder with the name of a stage holds weights of that stage, of the model and the settings in
    the `config.json` in it or next to it.
    """
    folder, stage = path.parent, origin_of(header).stage
    name = path.absolute().parent.name
    if name not in STAGE_WORDS:
        return
    if stage in STAGE_WORDS and stage != name:
        raise _mismatch(path, f"holds weights of stage {stage} in a folder named {name}")
    above = folder.parent if folder.name else folder / ".."  # the working directory has no name
    config = next((p for p in (folder / CONFIG, above / CONFIG) if p.is_file()), None)
    if config is not None:
        check_config(path, header, read_model_config(config), str(config))


def check_config(path: Path, header: Mapping[str, Any], config: ModelConfig, where: str) -> None:
    """Raises ArtefactError unless weights are of a model and were made with its settings.

    A setting that is missing, since it did not exist yet, is like one that is not given (null).
    """
    found = {**header["model"], **origin_of(header).settings}
    for word, wanted in config.entry().items():
        if word in found and _given(found[word]) != _given(wanted):
            problem = difference(word, _given(found[word]), _given(wanted))
            raise ArtefactError(
                f"{path}: was made with other settings: {problem} in {where}; delete it and make "
                "it again, or use the config that it was made with"
            )


def _given(value: Any) -> Any:
    """A JSON value without the keys, at any depth, whose value is null."""
    if not isinstance(value, Mapping):
        return value
    return {word: _given(inside) for word, inside in value.items() if inside is not None}


def check_records(stages: Iterable[Path], manifests: Sequence[Path]) -> None:
    """Raises ArtefactError unless weights were trained on records and soft labels of `manifests`,
    and validated on records of `manifests`, if they were.

    stages: stage folders or files of weights. Nothing is checked if a manifest no longer exists.
    """
    if not manifests or not all(path.is_file() for path in manifests):
        return
    known = {read_manifest(path).digest for path in manifests}
    for path in map(weights_file, stages):
        origin = origin_of(read_header(path)[0])
        for word in ("records", "soft_labels", "validated_on"):
            digest = getattr(origin, word)
            if digest is not None and digest not in known:
                raise _other(path, word, manifests)


def check_sources(stages: Iterable[Path], models: Path | None) -> None:
    """Raises ArtefactError unless compressed members were made from weights in `models`.

    models: a folder of model folders; None checks nothing.
    """
    for path in map(weights_file, stages) if models is not None else ():
        header, _ = read_header(path)
        origin, folder = origin_of(header), models / header["model"]["name"]
        if origin.stage == "compressed":
            digests = _digests(folder.glob(f"*/{WEIGHTS}"))
            if digests and origin.source not in digests:
                raise _mismatch(path, f"was made from other weights than any stage in {folder}")


def check_plan(stages: Iterable[Path], plan: Path | None) -> None:
    """Raises ArtefactError unless compressed members are encoded by a plan, from its own weights.

    plan: written by `yt8m compress plan`; None checks nothing.
    """
    planned = _planned(plan) if plan is not None else {}
    for path in map(weights_file, stages) if plan is not None else ():
        header, _ = read_header(path)
        origin, name = origin_of(header), header["model"]["name"]
        if origin.stage == "compressed" and (origin.source, origin.plan) != planned.get(name):
            raise _mismatch(path, f"is not encoded as in {plan}, or was made from other weights")


def _planned(plan: Path) -> dict[str, tuple[str, str]]:
    """Member -> digest of the weights that a plan was made for, and of its encodings for them."""
    content = read_json(plan)
    try:
        stored = content["stored"]
        return {name: (digest, stored[name]) for name, digest in content["digests"].items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ArtefactError(f"{plan}: is not a valid plan ({error}); make it again") from None


def check_members(ensemble: Path, models: Path | None) -> None:
    """Raises ArtefactError unless the ensemble in a folder was made from weights in `models`.

    models: a folder of model folders; None checks nothing. For members that were compressed for the
    ensemble, and are stored in it, the weights that they were made from are checked.
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
                f"{ensemble}: holds other weights of {name} than any stage in {folder}; "
                "delete the ensemble to have it made again"
            )


def _digests(paths: Iterable[Path]) -> set[str]:
    return {read_header(path)[1] for path in paths}


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(map(str, paths))


def _mismatch(path: Path, problem: str) -> ArtefactError:
    return ArtefactError(f"{path}: {problem}; delete it and make it again")


def _other(path: Path, word: str, manifests: Sequence[Path]) -> ArtefactError:
    uses = {
        "records": "trained on other records",
        "soft_labels": "trained on other soft labels",
        "validated_on": "validated on other records",
    }
    return _mismatch(path, f"was {uses[word]} than {_listed(manifests)}")


def difference(word: str, found: Any, expected: Any) -> str:
    """A text such as `recipe.clusters is 8, but 16`, for the first value that differs."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            if found.get(key) != expected.get(key):
                return difference(f"{word}.{key}", found.get(key), expected.get(key))
    return f"{word} is {found!r}, but {expected!r}"
