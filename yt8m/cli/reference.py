"""The command that lists all settings."""

from pathlib import Path

import click

from yt8m.cli import options


@click.command()
@click.option("--schema", is_flag=True, help="Print the config's JSON schema as YAML instead.")
@click.option(
    "--write",
    type=options.FOLDER,
    help="Checkout in which to update config/README.md and workflow/schemas/config.schema.yaml.",
)
def settings(schema: bool, write: Path | None) -> None:
    """List every setting of a config with its values, default and meaning, as Markdown."""
    from yt8m.config.describe import MARK, describe
    from yt8m.config.schema import schema_text

    if write:
        readme = write / "config" / "README.md"
        above = readme.read_text().partition(MARK)[0]
        readme.write_text(f"{above}{MARK}\n{describe()}")
        (write / "workflow" / "schemas" / "config.schema.yaml").write_text(schema_text())
    else:
        click.echo(schema_text() if schema else describe(), nl=False)
