"""A stand-in for a `yt8m` command: its outputs are texts that depend only on its inputs.

For tests of dependencies, for which the real steps would take minutes: the same rules, commands
and files, and equal inputs make equal outputs.
"""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

SAVED_MODEL = ("saved_model.pb", "variables/variables.data-00000-of-00001")
SAVED_MODEL += ("variables/variables.index",)
IN_FOLDER = {
    "train": ("weights.safetensors", "history.csv"),
    "ema": ("weights.safetensors", "history.csv"),
    "quantise": ("weights.safetensors", "sizes.json"),
    "compress member": ("weights.safetensors", "sizes.json"),
    "ensemble": ("ensemble.json", *(f"graph/{name}" for name in SAVED_MODEL)),
    "import-ensemble": ("ensemble.json", *(f"graph/{name}" for name in SAVED_MODEL)),
}
"""What commands write into the folder that `--out` names; others write one file."""

BESIDE = {"records manifest": (".digest", ".ids.npy"), "records find-duplicates": (".digest",)}
"""... and what some write beside it, by suffix."""

RANKING = Path("ranking.txt")
"""File in the working directory with all candidates, the best first; else they are in the order of
their names."""

READ_IN_FOLDER = ("weights.safetensors", "config.json", "ensemble.json")
MORE = ("--classes-out", "--scores-out", "--videos-out", "--mistakes-out", "--confusions-out")
MORE += ("--class-gains-out", "--calibration-out", "--card-out")
"""Options that name further files to write."""

SHAPES_NOTHING = ("--out", *MORE, "--state", "--tensorboard", "--threads", "--gpus")
SHAPES_NOTHING += (
    "--at-least",
    "--checks",
    "--trained-on",
    "--teacher",
    "--fingerprint",
    "--models",
)


def run(arguments: list[str]) -> None:
    """Write what the command would write."""
    options = dict(pairwise(arguments))
    words = 2 if arguments[0] in ("compress", "records") else 1
    command = " ".join(arguments[:words])
    given = [a for a in _without(arguments, SHAPES_NOTHING) for a in (a, *_contents(a))]
    text = hashlib.sha256("\n".join(given).encode()).hexdigest()
    for path in _outputs(command, options):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.name} {text}\n")
    if command in ("records manifest", "records survey"):  # `distil` asks how many shards there are
        Path(options["--out"]).write_text(
            json.dumps({"shards": _shards(arguments, options), "text": text})
        )
    if command == "choose":
        Path(options["--out"]).write_text(json.dumps(_choice(arguments, options, text)))
    if command == "records find-duplicates":  # the digest of the training data, as the real one
        of = Path(arguments[2]).with_suffix(".digest").read_text()
        Path(options["--out"]).with_suffix(".digest").write_text(of)


def _choice(arguments: list[str], options: dict[str, str], text: str) -> dict:
    """A choice as the real one, but by `RANKING`; other metrics change its digests."""
    places = [Path(after) for before, after in pairwise(arguments) if before == "--candidate"]
    names = sorted(path.parent.name for path in places)
    ranked = RANKING.read_text().split() if RANKING.exists() else names
    best = [name for name in ranked if name in names]
    return {
        "ensemble": arguments[1],
        "by": options["--by"],
        "split": Path(options["--records"]).stem,
        "records": text,
        "top_k": 20,
        "count": int(options["--count"]),
        "candidates": [
            {"name": name, "value": (-1) ** (options["--by"] != "loss") * rank, "weights": text}
            for rank, name in enumerate(best)
        ],
    }


def _shards(arguments: list[str], options: dict[str, str]) -> list[str]:
    """The shards of a manifest: listed in files, or matched by a pattern."""
    if "--shards" in options:
        pattern = Path(options["--shards"])
        lists = (json.loads(file.read_text()) for file in sorted(pattern.parent.glob(pattern.name)))
        return [shard for found in lists for shard in found["shards"]]
    if "--parts" in options:
        return _shards(arguments, {"--shards": options["--parts"]})
    if "--numbers" in options:
        (pattern,) = (a for a in arguments if a.endswith(".tfrecord"))
        first, last = map(int, options["--numbers"].split("-"))
        return [pattern.replace("*", f"{number:05d}") for number in range(first, last + 1)]
    patterns = [Path(a) for a in arguments if a.endswith(".tfrecord")]
    return sorted(str(file) for p in patterns for file in p.parent.glob(p.name))


def _without(arguments: list[str], options: tuple[str, ...]) -> list[str]:
    pairs = pairwise(["", *arguments])
    return [a for before, a in pairs if not {before, a} & set(options)]


def _contents(argument: str) -> list[str]:
    """Digests of the files that an argument names: a file, a pattern, or a folder."""
    path = Path(argument)
    if "*" in argument:
        files = sorted(path.parent.glob(path.name))
    elif len(argument) < 200 and path.is_dir():
        files = [path / name for name in READ_IN_FOLDER]
    else:
        files = [path] if len(argument) < 200 else []
    return [hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file()]


def _outputs(command: str, options: dict[str, str]) -> list[Path]:
    out = Path(options["--out"])
    if command == "distil":
        total = len(json.loads(Path(options["--records"]).read_text())["shards"])
        first, last = map(int, options["--shards"].split("-"))
        return [out / f"shard-{n:05d}-of-{total:05d}.tfrecord" for n in range(first, last + 1)]
    if command in IN_FOLDER:
        return [out / name for name in IN_FOLDER[command]]
    beside = [out.with_suffix(ending) for ending in BESIDE.get(command, ())]
    return [out, *beside, *(Path(options[o]) for o in MORE if o in options)]
