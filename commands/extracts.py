"""`larder extracts`: check agencies' extracts, destroy their key."""

from pathlib import Path
from typing import Annotated

import typer

from commands.printing import say
from store.home import home
from words.faults import LarderError

app = typer.Typer(help="Agencies' extracts: check them, destroy their key.", no_args_is_help=True)


@app.command("check")
def extracts_check(
    recipe: Annotated[str, typer.Argument(help="A recipe that reads agencies' records.")],
    extracts: Annotated[Path | None, typer.Option(help="The folder of the extracts.")] = None,
    place: Annotated[str, typer.Option("--place", help="Unset --extracts: extracts/PLACE.")] = "demo",
) -> None:
    """Check extracts against their contracts: every fault, with file, row and column; nothing is kept."""
    from bake.recipe import load_recipe
    from bake.taking import check_of

    report = check_of(load_recipe(recipe), extracts or home() / "extracts" / place)
    if report.faults:
        raise LarderError(report.faults)
    for sentence in report.sentences():
        say(sentence)


@app.command("purge")
def extracts_purge(
    extracts: Annotated[Path, typer.Argument(help="The folder of the extracts.")],
    and_extracts: Annotated[bool, typer.Option("--and-extracts", help="Remove the files too.")] = False,
) -> None:
    """Destroy the key of a set of extracts, so that no pseudonym of it can be made again."""
    import os

    from risk.pseudonyms import purge

    for sentence in purge(extracts, environment=os.environ, and_extracts=and_extracts):
        say(sentence)
