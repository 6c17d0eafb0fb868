"""A command that tells what can be set."""

import click


@click.command()
def settings() -> None:
    """Print every setting of a config, with its default and meaning, as Markdown."""
    from yt8m.config.describe import describe

    click.echo(describe())
