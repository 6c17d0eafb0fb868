"""Files of weights: arrays and JSON, nothing that is executed on loading.

The container is safetensors (https://github.com/huggingface/safetensors): a JSON header, then the
arrays' bytes. Its metadata has one entry, "yt8m", whose text is JSON with sorted keys:

    version   of this layout
    sha256    of the other entries, to detect damage
    content   sha256 of all arrays and their encodings: identifies the weights, whoever made them
    encoded   storage and shape of each encoded variable
    header    information of the writer; always has a `kind`, such as "weights"

An encoded variable `v` is stored as its parts, such as `v/codes` and `v/codebook`. The same weights
and header always give the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from yt8m.atomic import replacing
from yt8m.compression.plan import Weights
from yt8m.compression.storage import Encoded, refuse_not_finite, storage_module
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.json_files import AMOUNT, MAPPING, TEXT, expect, parse_json

VERSION = 2

MOST_AXES = 32
"""Most axes of a variable."""

_ABOUT = {
    "sha256": TEXT,
    "encoded": {str: {"storage": TEXT, "shape": [AMOUNT]}},
    "header": {"kind": TEXT},
}
_HEADERS = {
    "weights": {"model": {"name": TEXT, "recipe": MAPPING, "schema": MAPPING}},
    "training state": {"position": AMOUNT, "history": [MAPPING]},
}
"""Entries that the headers of some kinds must have."""


def save_weights(
    path: str | Path,
    weights: Mapping[str, np.ndarray | Encoded],
    header: Mapping[str, Any],
) -> None:
    """Write the variables, plain or encoded, and a header of JSON values with a `kind`.

    Raises ArtefactError for a value that is not finite, naming the variable; for colliding names;
    and for a header without `kind` or with something that JSON cannot represent.
    """
    if not isinstance(header.get("kind"), str):
        raise ArtefactError(f"{path}: the header has no 'kind'; expected a text such as 'weights'")
    arrays = _flattened(path, weights)
    encoded = {
        name: {"storage": values.storage, "shape": list(values.shape)}
        for name, values in weights.items()
        if isinstance(values, Encoded)
    }
    about = {"version": VERSION, "encoded": encoded, "header": dict(header)}
    try:
        about["content"] = _content(arrays, encoded)
        about["sha256"] = _digest(about)
        text = _json(about)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: the header is not plain JSON ({error})") from None
    try:
        with replacing(path) as temporary:
            # One entry only: safetensors does not keep several in a fixed order.
            save_file(arrays, temporary, metadata={"yt8m": text})
    except SafetensorError as error:
        raise ArtefactError(f"{path}: cannot be written ({error})") from None


def load_weights(path: str | Path, kind: str | None = None) -> tuple[Weights, dict[str, Any]]:
    """The variables in the order of their names, plain or encoded as saved, and the header.

    kind: the expected kind of the header; None accepts any.

    Raises ArtefactError for a file that is missing, truncated, damaged, of another version or
    kind, or with values that are not finite (naming the variable).
    """
    arrays, about = _read(path)
    content = _content(arrays, about.get("encoded"))
    if about.pop("sha256", None) != _digest(about) or about.get("content") != content:
        raise ArtefactError(f"{path}: is damaged (its digest differs); make it again")
    header = about["header"]
    if kind is not None and header["kind"] != kind:
        raise ArtefactError(f"{path}: holds a {header['kind']!r}; expected a {kind!r}")
    weights: Weights = {}
    for name, entry in about["encoded"].items():
        weights[name] = _encoded(path, name, entry, arrays)
    if twice := weights.keys() & arrays.keys():
        raise ArtefactError(f"{path}: variable {min(twice)} occurs twice; make it again")
    weights |= arrays
    _flattened(path, weights)  # refuses what is not finite
    return dict(sorted(weights.items())), header


def read_header(path: str | Path) -> tuple[dict[str, Any], str]:
    """The header and the digest of the weights (`content`), without reading an array.

    The digest is the one in the file; only `load_weights` verifies it. Raises ArtefactError alike.
    """
    about = _opened(path, lambda file, about: about)
    if about.pop("sha256", None) != _digest(about):
        raise ArtefactError(f"{path}: is damaged (its digest differs); make it again")
    return about["header"], str(about.get("content"))


def _flattened(path: str | Path, weights: Mapping[str, np.ndarray | Encoded]) -> dict:
    """Every array by its name in the file. Raises ArtefactError unless all are finite."""
    arrays: dict[str, np.ndarray] = {}
    for name, values in weights.items():
        parts = {name: values}
        if isinstance(values, Encoded):
            parts = {f"{name}/{part}": array for part, array in values.arrays.items()}
        for key, array in parts.items():
            if key in arrays:
                raise ArtefactError(f"{path}: two arrays would be named {key}; rename a variable")
            try:
                refuse_not_finite(key, array)
            except ArtefactError as error:
                raise ArtefactError(f"{path}: {error}") from None
            arrays[key] = np.ascontiguousarray(array).reshape(np.shape(array))
    return arrays


def _digest(about: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json(about).encode()).hexdigest()


def _content(arrays: Mapping[str, np.ndarray], encoded: Any) -> str:
    digest = hashlib.sha256(_json(encoded).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8))
    return digest.hexdigest()


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)


def _read(path: str | Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The arrays by their names in the file, and the metadata; digests are not yet verified."""
    return _opened(path, lambda file, about: (_arrays(file), about))


def _arrays(file) -> dict[str, np.ndarray]:
    return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def _opened(path: str | Path, read: Callable[[Any, dict[str, Any]], Any]) -> Any:
    """The result of `read` on the open file and its metadata."""
    try:
        check_regular(path)
        with safe_open(path, framework="np") as file:
            return read(file, _about(path, (file.metadata() or {}).get("yt8m")))
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; train this stage first") from None
    except (OSError, SafetensorError, ValueError) as error:
        raise ArtefactError(f"{path}: cannot be read as weights ({error}); make it again") from None
    except (AttributeError, KeyError, TypeError) as error:
        # Raised within safetensors for dtypes that numpy does not have, such as 8-bit floats.
        raise ArtefactError(f"{path}: holds arrays of a type unknown to NumPy ({error})") from None


def _about(path: str | Path, text: str | None) -> dict[str, Any]:
    if text is None:
        raise ArtefactError(f"{path}: was not written by yt8m; expected a weights file of yt8m")
    about = parse_json(text)
    if not isinstance(about, dict) or "version" not in about:
        raise ValueError("its metadata has no version")
    if about["version"] != VERSION:
        raise ArtefactError(
            f"{path}: has layout version {about['version']}; this yt8m reads {VERSION}; "
            "make it again, or use the version that wrote it"
        )
    expect(about, _ABOUT, path, "metadata")
    header = about["header"]
    expect(header, _HEADERS.get(header["kind"], MAPPING), path, "header")
    return about


def _encoded(
    path: str | Path, name: str, entry: Mapping[str, Any], arrays: dict[str, np.ndarray]
) -> Encoded:
    """One encoded variable; removes its parts from `arrays`."""
    try:
        storage = storage_module(entry["storage"])
        parts = {part: arrays.pop(f"{name}/{part}") for part in storage.PARTS}
        encoded = Encoded(entry["storage"], tuple(entry["shape"]), parts)
        if len(encoded.shape) > MOST_AXES:
            raise ValueError(f"has {len(encoded.shape)} axes")
        storage.check(parts, encoded.shape)
    except ArtefactError as error:
        raise ArtefactError(f"{path}: {error}") from None
    except KeyError as error:
        raise ArtefactError(f"{path}: {error} is missing; make it again") from None
    except ValueError as error:
        raise ArtefactError(f"{path}: variable {name}: {error}; make it again") from None
    return encoded
