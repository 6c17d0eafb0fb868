"""The command line: one thin command for each step of the workflow."""

from yt8m.cli.main import main

__all__ = ["main"]
