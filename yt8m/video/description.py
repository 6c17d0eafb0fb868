"""How videos become features, so that other videos can become the same ones later."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from yt8m.errors import ConfigError
from yt8m.json_files import COUNT, MAPPING, TEXT, Maybe, expect, one_of, read_json, write_json
from yt8m.printable import printable
from yt8m.protocols import ImageExtractor, SoundExtractor
from yt8m.recipes import as_entry, kind_of, read_recipe, recipe_modules
from yt8m.sources import digest_of
from yt8m.video.frames import RULES, Rule

FORMAT = 1

IMAGES, SOUNDS = "yt8m.extractors.images", "yt8m.extractors.sounds"

_ABOUT = {
    "format": one_of(FORMAT),
    "images": MAPPING,
    "images_digest": TEXT,
    "sound": Maybe(MAPPING),
    "sound_digest": Maybe(TEXT),
    "frame_rule": one_of(*RULES),
    "max_frames": COUNT,
}


_KEY = ("images_digest", "sound_digest", "frame_rule", "max_frames")
"""Entries of the description that features depend on; files of weights count by content."""


@dataclass(frozen=True)
class Extraction:
    """The extractors of pictures and of sound, and which frames they see.

    sound: None extracts pictures only. max_frames: seconds, later ones are not decoded.
    """

    images: ImageExtractor
    sound: SoundExtractor | None
    rule: Rule
    max_frames: int

    def as_json(self) -> dict[str, Any]:
        """The content of a file that `read_extraction` reads; the digests of weights included."""
        sound = self.sound
        return {
            "format": FORMAT,
            "images": as_entry(self.images),
            "images_digest": self.images.digest(),
            "sound": as_entry(sound) if sound else None,
            "sound_digest": sound.digest() if sound else None,
            "frame_rule": self.rule,
            "max_frames": self.max_frames,
        }

    @cached_property
    def key(self) -> str:
        """Digest of all that the features of a video's content depend on, code included."""
        about = self.as_json()
        code = digest_of("yt8m.video.extraction", *self.modules)
        parts = [code, *(about[word] for word in _KEY)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    @property
    def modules(self) -> list[str]:
        """The modules of the extractors."""
        extractors = [self.images, *([self.sound] if self.sound else [])]
        return [module for each in extractors for module in recipe_modules(each)]

    def write(self, path: Path) -> None:
        """Write the description, atomically."""
        write_json(path, self.as_json())


def read_description(path: Path) -> dict[str, Any]:
    """The content of a file that `Extraction.write` wrote; no extractor is made.

    Raises ArtefactError for anything else.
    """
    about = read_json(path, MAPPING)
    expect(about, _ABOUT, path)
    return about


def identity_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of `read_description` that features depend on: no places of files."""
    return {word: about[word] for word in _KEY}


def read_extraction(path: Path, changed: Mapping[str, Any] | None = None) -> Extraction:
    """The extraction that a file describes, with the very weights that it was written with.

    changed: "images" or "sound" -> settings to replace, such as the place of a file of weights on
        this machine.
    Raises ArtefactError for a damaged file; ConfigError for extractors that cannot be made here, or
    that have other settings or weights, with what to do.
    """
    about, changed = read_description(path), changed or {}
    images = _extractor(path, about, "images", IMAGES, changed)
    sound = _extractor(path, about, "sound", SOUNDS, changed) if about["sound"] else None
    return Extraction(images, sound, about["frame_rule"], about["max_frames"])


def refuse_outside_code(path: Path) -> None:
    """Raises ConfigError if a description names an extractor that is a module outside of yt8m.

    Importing it would run its code.
    """
    about = read_description(path)
    for which in ("images", "sound"):
        kind = str((about[which] or {}).get("kind"))
        if "." in kind:
            raise ConfigError(
                f"{path}: {which}: the extractor {printable(kind)} is a module outside of yt8m, "
                "whose code would run; if you trust whoever made this, give --allow-code"
            )


def _extractor(
    path: Path, about: Mapping[str, Any], which: str, package: str, changed: Mapping[str, Any]
) -> Any:
    where = f"{path}: {which}"
    made = read_recipe(package, {**about[which], **changed.get(which, {})}, where)
    try:
        found = made.digest()
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None
    expected = about[f"{which}_digest"]
    if found != expected:
        raise ConfigError(
            f"{where}: the extractor {kind_of(made)} has other weights or settings here (digest "
            f"{found}) than the one that the model was trained with ({expected}); get the same "
            "files, or the same version of its package"
        )
    return made
