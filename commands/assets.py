"""`larder assets`: the register of community assets."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.printing import AsJson, say, show
from store.home import home

app = typer.Typer(help="The register of community assets.", no_args_is_help=True)


class AssetStatus(StrEnum):
    """The states of an asset that a list can be cut to."""

    accepted = "accepted"
    held = "held"


@app.command("import")
def assets_import(
    file: Annotated[Path, typer.Argument(readable=False, help="A CSV file.")],
    place: Annotated[str | None, typer.Option(help="Whose postcodes to look in; unset: all places'.")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="business_rates, service_points or a TOML file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only, write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a list of assets into the register, with a report for every row."""
    from assets.importers.intake import import_file

    report = import_file(file, home=home(), mapping=mapping, place=place, dry_run=dry_run)
    if as_json:
        show([report.as_dict()], True, "")
        return
    for line in report.sentences():
        say(line)


@app.command("list")
def assets_list(
    place: Annotated[str | None, typer.Option(help="Only assets in this place.")] = None,
    status: Annotated[AssetStatus | None, typer.Option(help="Only accepted ones, or those held.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the assets of the register."""
    from assets.find import find_assets

    found = [asset.as_dict() for asset in find_assets(home(), place, status.value if status else None)]
    if not found and not as_json:
        say("No such asset is in the register. Take a list in: larder assets import FILE.csv")
    for asset in found if not as_json else ():
        asset["place"] = asset["place"] or "outside every place"
    show(found, as_json, "{id}  {name} · {category} · {postcode} · {place} · {status} {review_reason}")
