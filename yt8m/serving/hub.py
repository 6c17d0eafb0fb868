"""An ensemble's archive as a folder for the Hugging Face hub.

    README.md        the archive's model card, with code that reads a folder
    config.json      `id2label` and `label2id`, as libraries of the hub name them
    .gitattributes   which files are stored outside of Git

and all other files of the archive. `yt8m` reads the folder as it reads an ensemble's.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from yt8m.artefacts import CONFIG, DIGESTS, LABELS, read_ensemble
from yt8m.atomic import replacing
from yt8m.data.label_names import read_label_names
from yt8m.errors import ArtefactError, OutputError
from yt8m.files import read_text
from yt8m.serving.archive_reader import unpacked
from yt8m.serving.card import SCRIPT
from yt8m.serving.contents import file_digests

README = "README.md"

HUB_SCRIPT = """\
import csv, pathlib, sys
import tensorflow as tf

folder = pathlib.Path(sys.argv[1])  # such as huggingface_hub.snapshot_download("its/name")
labels = folder / "labels.csv"
names = dict(csv.reader(labels.open(encoding="utf-8"))) if labels.exists() else {}
graph = tf.saved_model.load(str(folder / "graph"))
""" + SCRIPT[SCRIPT.index("for records in") :]
"""Example for users: `python script.py folder *.tfrecord`."""

GIT_ATTRIBUTES = "".join(
    f"{pattern} filter=lfs diff=lfs merge=lfs -text\n"
    for pattern in ("graph/variables/variables.data-*", "*.safetensors")
)

_LICENCES = """\
afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0
cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0
cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0
cdla-sharing-1.0 ecl-2.0 epl-1.0 epl-2.0 eupl-1.1 gpl-2.0 gpl-3.0 isc lgpl-2.1
lgpl-3.0 mit mpl-2.0 ms-pl ncsa ofl-1.1 osl-3.0 postgresql unlicense wtfpl zlib
"""

LICENCES = frozenset(_LICENCES.split())
"""SPDX identifiers, in lower case, that the hub knows; others are `other` with a name there.

(huggingface.co/docs/hub/repositories-licenses)
"""


def write_hub_folder(archive: Path, out: Path) -> None:
    """Write the folder of an archive (.tar.gz), atomically; equal archives give equal folders.

    An earlier such folder is replaced. Raises OutputError for a folder with anything else, such as
    a clone of a repository; ArtefactError for an archive that is damaged or has no model card of
    this project.
    """
    _refuse_foreign(out)
    with unpacked(archive) as folder, replacing(out) as temporary:
        described = read_ensemble(folder)
        card = _hub_card(read_text(folder / README), described)
        shutil.copytree(folder, temporary)
        (temporary / README).write_text(card, encoding="utf-8")
        _write_json(temporary / CONFIG, _config(folder, described))
        (temporary / ".gitattributes").write_text(GIT_ATTRIBUTES)
        lines = [f"{digest}  {name}\n" for name, digest in file_digests(temporary).items()]
        (temporary / DIGESTS).write_text("".join(lines), encoding="utf-8")


def _refuse_foreign(out: Path) -> None:
    """Raises OutputError unless a folder has no files but those that its list of digests names."""
    if out.exists() and Path.cwd().is_relative_to(out.resolve()):
        raise OutputError(f"{out}: is the current folder, which cannot be replaced; give a new one")
    listed = out / DIGESTS
    lines = read_text(listed).splitlines() if listed.is_file() else []
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name, digest in file_digests(out).items():
        if name != DIGESTS and known.get(name) != digest:
            raise OutputError(
                f"{out / name}: is not from `yt8m archive`, or was changed, and would be deleted; "
                "give a new folder; to update a clone of a repository, then copy the new folder's "
                "content into it"
            )


def _hub_card(text: str, described: Mapping[str, Any]) -> str:
    """The card for the folder. Raises ArtefactError for another text than an archive's."""
    parts = text.split("---\n", 2)
    if len(parts) != 3 or SCRIPT not in parts[2]:
        raise ArtefactError(
            f"{README}: is not a model card of this version of yt8m; make the archive again"
        )
    header = yaml.safe_load(parts[1])
    if header["license"].lower() not in LICENCES:
        named = {"license": "other", "license_name": header["license"], "license_link": "LICENSE"}
        header = named | {key: value for key, value in header.items() if key not in named}
    written = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    page = parts[2].replace(SCRIPT, HUB_SCRIPT)
    in_folder = re.escape(f"{described['name']}/graph")
    page = re.sub(f'load\\("{in_folder}"\\)', 'load("graph")', page)
    return f"---\n{written}---\n{page}"


def _config(folder: Path, described: Mapping[str, Any]) -> dict[str, Any]:
    """Names of classes by number and back; a class without a name is `class <number>`."""
    schema = described["schema"]
    if (folder / LABELS).exists():
        names = read_label_names(folder / LABELS, schema["classes"])
    else:
        names = [f"class {number}" for number in range(schema["classes"])]
    numbered = list(enumerate(names))
    return {
        "name": described["name"],
        "num_labels": len(names),
        "id2label": {str(number): name for number, name in numbered},
        "label2id": {name: number for number, name in reversed(numbered)},  # the first of equals
        "features": dict(schema["features"]),
        "max_frames": schema["max_frames"],
    }


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False)
    path.write_text(f"{text}\n", encoding="utf-8")
