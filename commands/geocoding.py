"""`larder geocoding`: tables of postcodes and property numbers that any import may look in."""

from pathlib import Path
from typing import Annotated

import typer

from commands.printing import say
from store.home import home

app = typer.Typer(help="Postcodes and property numbers (UPRN) to look in.", no_args_is_help=True)


@app.command("add-postcodes")
def add_postcodes(
    path: Annotated[Path, typer.Argument(readable=False, help="Code-Point Open, its folder, or ONSPD.")],
) -> None:
    """Take a postcode file into the home, for places that bring none of their own."""
    from geo.local_tables import add_postcodes as add

    say(f"{add(path, home()):,} postcodes are known now.")


@app.command("add-uprns")
def add_uprns(
    path: Annotated[Path, typer.Argument(readable=False, help="The CSV of OS Open UPRN.")],
    bounds: Annotated[
        tuple[float, float, float, float] | None,
        typer.Option(help="West, south, east, north in metres (EPSG:27700), to keep only a region."),
    ] = None,
) -> None:
    """Take a file of property numbers into the home."""
    from geo.local_tables import add_uprns as add

    say(f"{add(path, home(), bounds):,} property numbers are known now.")
