"""Files that planning writes for jobs."""

from pathlib import Path


def planning_file(name: str) -> Path:
    """A file that planning writes for jobs, below the working directory."""
    return Path(".snakemake", "yt8m", name)
