"""What is needed to reproduce a run: settings, seeds, versions and device."""

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

from yt8m.version import __version__

PACKAGES = ("tensorflow", "keras", "numpy", "snakemake")
"""Packages that results depend on."""


def provenance(settings: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """What a run makes, its settings, seeds, versions, revision and device.

    settings: a whole config with all defaults. made: see `yt8m.workflow.facts`.
    """
    return {
        "made": made,
        "settings": settings,
        "seeds": seeds(settings),
        "versions": versions(),
        "revision": revision(Path(__file__).parent),
        "device": device(),
    }


def seeds(settings: Mapping[str, Any]) -> dict[str, int]:
    """All seeds, by the dotted path of their setting; everything random follows from these."""
    found = {
        f"models.{n}.training.seed": m["training"]["seed"] for n, m in settings["models"].items()
    }
    source = settings["dataset"]["source"]
    return found | ({"dataset.source.seed": source["seed"]} if "seed" in source else {})


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on, without importing them."""
    own = {"yt8m": __version__, "python": platform.python_version()}
    return own | {name: _version(name) for name in PACKAGES}


def revision(folder: Path) -> str | None:
    """The git commit of the sources in `folder`, with "-dirty" if they were changed; or None."""
    # A repository around an installed package is not the package's.
    git = ("git", "-C", str(folder))
    if _output(*git, "ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    return _output(*git, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def device() -> dict[str, Any]:
    """The machine: processor, usable cores, and names of NVIDIA GPUs."""
    gpus = _output("nvidia-smi", "--query-gpu=name", "--format=csv,noheader")
    return {
        "cpu": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "gpus": (gpus or "").splitlines(),
        "platform": platform.platform(),
    }


def _version(package: str) -> str:
    """Version of a package, which a distribution of another name may provide (tensorflow-cpu)."""
    try:
        return version(package)
    except PackageNotFoundError:
        found = packages_distributions().get(package, ["not installed"])[0]
        return f"{version(found)} ({found})" if found != "not installed" else found


def _output(*command: str) -> str | None:
    """A program's standard output; None if it does not exist or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _processor() -> str:
    """Name of the processor; on Linux, only a file has its model name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
