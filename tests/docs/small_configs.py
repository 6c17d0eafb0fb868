"""The configs of a checkout with so little to do that a page's commands take seconds."""

from pathlib import Path

import yaml

SPLITS = {"train": [2, 60], "validate": [1, 24], "test": [1, 12]}
SIZES = {"clusters": 16, "hidden": 8, "cells": 8}
"""Settings of models, wherever they have them."""

UNUSED = {
    "config.yaml": ("light", "light_student", "memory", "alone"),
    "features.yaml": ("bag", "vlad"),
    "own_videos.yaml": ("bag", "vlad"),
    "videos.yaml": ("bag", "memory", "memory_student"),
}
"""Models that are left out."""

KEPT = ("yt8m.yaml", "families.yaml", "frontier.yaml", "real.yaml", "real_video.yaml")
"""Configs that are only planned, or that need records from elsewhere."""


def shrink(folder: Path) -> None:
    """Rewrite all configs in a checkout's `config/`."""
    for path in folder.glob("*.yaml"):
        if path.name not in KEPT:
            settings = yaml.safe_load(path.read_text(encoding="utf-8"))
            _shrink(settings, UNUSED.get(path.name, ()))
            path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def _shrink(settings: dict, unused: tuple[str, ...]) -> None:
    source = settings["dataset"]["source"]
    if source["kind"] == "generated":
        source["splits"] = dict(SPLITS)
        settings["dataset"].update(classes=12, max_frames=20)
        source.update(frames_min=10, frames_max=20)
    settings["training"].update(batch_size=4, epochs=1)
    settings["ema"].update(epochs=1)
    for name in unused:
        del settings["models"][name]
    for model in settings["models"].values():
        model.pop("training", None)
        model.update({name: size for name, size in SIZES.items() if name in model})
    for ensemble in settings["ensembles"].values():
        ensemble.pop("learn", None)
        members = [name for name in ensemble["members"] if name not in unused]
        ensemble["members"] = {name: 1 / len(members) for name in members}
        if "compress" in ensemble:
            ensemble["compress"]["sweep"] = [1.0, 0.5]
            ensemble["compress"]["quantisers"] = ensemble["compress"]["quantisers"][-2:]
            ensemble["compress"]["videos"] = 12
    settings["run"].pop("models", None)
