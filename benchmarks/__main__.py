"""`python -m benchmarks [AREA ...]`: run races, write benchmarks.json and a table."""

import importlib
import os
import platform
import tempfile
from pathlib import Path

import click

from benchmarks import machine
from benchmarks.race import run
from benchmarks.table import markdown, ways, write
from yt8m.runtime.devices import import_tensorflow

AREAS = (
    "reading",
    "steps",
    "prediction",
    "one_video",
    "soft_labels",
    "metrics",
    "codebooks",
    "extraction",
    "import_features",
)


@click.command()
@click.argument("areas", nargs=-1, type=click.Choice(AREAS))
@click.option("--rounds", default=5, show_default=True, help="Runs of each implementation.")
@click.option("--scale", default=1.0, show_default=True, help="Size of the work; 1 is full size.")
@click.option(
    "--out", default="results/benchmarks-table", show_default=True, type=click.Path(path_type=Path)
)
def main(areas: tuple[str, ...], rounds: int, scale: float, out: Path) -> None:
    """Time ours, its strongest peers and the plain way, in turns. AREAS: default all."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import_tensorflow()
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        for area in areas or AREAS:
            module = importlib.import_module(f"benchmarks.{area}")
            try:
                for race in module.races(Path(folder) / area, scale):
                    outcomes.append(run(race, rounds))
                    click.echo(markdown(outcomes[-1:]).splitlines()[-1])
            except ModuleNotFoundError as error:
                click.echo(
                    f"{area}: skipped, {error.name} is missing: pip install -e '.[bench,videos]'"
                )
    about = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "copied_bytes_per_second": machine.copied_bytes_per_second(),
        "flops_per_second": machine.flops_per_second(),
    }
    write(outcomes, about, out)
    click.echo(f"\n{markdown(outcomes)}\n{ways(outcomes)}\nwritten to {out}")


if __name__ == "__main__":
    main()
