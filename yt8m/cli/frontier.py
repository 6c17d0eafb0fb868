"""The command that chooses a model and its encodings for a byte budget."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option(
    "--budget", type=options.SIZE, help="Choose for this many bytes, such as 5_000_000 or 5MB."
)
def frontier(results: Path, budget: int | None) -> None:
    """List the best models at all sizes, and choose one for a byte budget.

    RESULTS is the folder of a run with the setting `frontier`; it need not be finished. Prints the
    models and encodings that no other beats in both bytes and GAP. With --budget, also the best
    that fits, the runner-up, and what to add to a config to make it.
    """
    from yt8m.frontier.choice import choose
    from yt8m.frontier.reading import read_frontier
    from yt8m.frontier.rows import rows_of
    from yt8m.frontier.text import format_choice, format_frontier

    models = read_frontier(results)
    rows = rows_of(models)
    say(format_frontier(rows), nl=False)
    if budget is not None:
        say(f"\n{format_choice(choose(rows, budget), models)}", nl=False)
