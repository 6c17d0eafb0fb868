"""Whatever a command tells, which may quote files of unknown origin."""

import click

from yt8m.printable import printable


def say(text: object, err: bool = False, nl: bool = True) -> None:
    """Print a text, without characters that would command the terminal."""
    click.echo(printable(str(text)), err=err, nl=nl)
