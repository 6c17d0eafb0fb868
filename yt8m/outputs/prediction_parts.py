"""Files with the predictions of parts of a split, and the whole that they come to.

They are as those of `yt8m.outputs.prediction_files`, and their metadata has also the number of the
`part`, from 0, of `parts`, and what the batches depend on: `batch_size`, `skip_dummies`.
"""

from collections.abc import Sequence
from pathlib import Path

from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.prediction_files import PredictionWriter, read_about
from yt8m.parts import Part, in_order
from yt8m.printable import shortened

AGAIN = "predict this part again"


def about_part(part: Part) -> dict[str, str]:
    """What the metadata of a file says about the part that it holds."""
    return {"part": str(part.number), "parts": str(part.of)}


def merge(paths: Sequence[Path], out: Path) -> int:
    """Write the predictions of a whole split from those of its parts, in any order; the file is the
    one of a single job, to the byte. Returns the number of videos.

    Raises ArtefactError for files that are damaged, of no part, or do not belong together, and if a
    part is missing or there twice.
    """
    found = {path: read_about(path) for path in paths}
    parts = {path: _part_of(path, about) for path, about in found.items()}
    common = {
        path: about.items() - about_part(parts[path]).items() for path, about in found.items()
    }
    for path, words in common.items():
        for word, value in sorted(words - common[paths[0]]):
            raise ArtefactError(
                f"{path}: its {word} is {shortened(value)}, in {paths[0]} it is "
                f"{shortened(found[paths[0]].get(word))}; delete what is older and {AGAIN}"
            )
    about = found[paths[0]]
    origin = {word: about[word] for word in ("graph", "records") if word in about}
    with PredictionWriter(out, int(about["top_k"]), int(about["classes"]), origin) as writer:
        for path in in_order(parts, "predict all parts with `yt8m predict --part`"):
            writer.copy(path)
    return writer.videos


def _part_of(path: Path, about: dict[str, str]) -> Part:
    try:
        return Part(int(about["part"]), int(about["parts"]))
    except (KeyError, ValueError):
        raise ArtefactError(f"{path}: does not say which part of a split it has; {AGAIN}") from None
    except ConfigError as error:
        raise ArtefactError(f"{path}: {error}; {AGAIN}") from None
