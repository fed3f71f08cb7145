"""`larder place`: add a place from files, list them, show one."""

from pathlib import Path
from typing import Annotated

import typer

from commands.printing import AsJson, say, show
from store.home import home

app = typer.Typer(help="Places: add one from files, list them, show one.", no_args_is_help=True)


def named_file(text: str) -> tuple[str, Path]:
    """Return the name and the file that NAME=FILE gives; wrong usage without the sign between them."""
    name, sign, file = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"write NAME=FILE, not {text!r}", param_hint="--raster")
    return name, Path(file)


@app.command("add")
def place_add(
    name: Annotated[str, typer.Argument(help="A short name: small letters, digits, - and _.")],
    areas: Annotated[Path, typer.Option(readable=False, help="The areas: any file that geopandas reads.")],
    code: Annotated[str, typer.Option(help="The column of the areas' codes.")],
    vintage: Annotated[str, typer.Option(help="The year of the areas' census.")],
    layer: Annotated[str | None, typer.Option(help="The layer, where the file has several.")] = None,
    surroundings: Annotated[
        Path | None, typer.Option(help="Areas beyond the border, so that it is no edge; same code column.")
    ] = None,
    surroundings_layer: Annotated[str | None, typer.Option()] = None,
    lookup: Annotated[Path | None, typer.Option(readable=False, help="Area to LSOA, MSOA, district.")] = None,
    population: Annotated[Path | None, typer.Option(readable=False, help="People by area.")] = None,
    population_column: Annotated[str | None, typer.Option(help="Where it is not plain which.")] = None,
    indicators: Annotated[
        list[Path] | None, typer.Option(readable=False, help="Open indicators; may be repeated.")
    ] = None,
    dictionary: Annotated[
        Path | None, typer.Option(readable=False, help="What each indicator column means.")
    ] = None,
    postcodes: Annotated[
        Path | None, typer.Option(readable=False, help="Code-Point Open, ONSPD or alike.")
    ] = None,
    wards: Annotated[Path | None, typer.Option(readable=False, help="Wards with code and name.")] = None,
    wards_layer: Annotated[str | None, typer.Option()] = None,
    streets: Annotated[
        Path | None, typer.Option(readable=False, help="The street network, as lines.")
    ] = None,
    scenery: Annotated[
        Path | None, typer.Option(readable=False, help="River, railway, roads, names to draw.")
    ] = None,
    terrain: Annotated[Path | None, typer.Option(readable=False, help="A raster of heights.")] = None,
    raster: Annotated[list[str] | None, typer.Option(help="NAME=FILE; may be repeated.")] = None,
    title: Annotated[str, typer.Option(help="What people call the place.")] = "",
    licence: Annotated[str, typer.Option(help="Licence and attribution of the files.")] = "",
    fictional: Annotated[bool, typer.Option("--fictional", help="No such place exists.")] = False,
    mend: Annotated[bool, typer.Option("--mend", help="Mend invalid outlines, and say which.")] = False,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Areas may lack figures: they are then not assessed.")
    ] = False,
    allow_holes: Annotated[
        bool, typer.Option("--allow-holes", help="Land between the areas may belong to none.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a place of this name.")] = False,
) -> None:
    """Add a place from files; everything is checked before anything is written."""
    from geo.placing import PlaceRequest
    from geo.placing import place_add as add

    request = PlaceRequest(
        name=name, areas=areas, code=code, vintage=vintage, layer=layer, surroundings=surroundings,
        surroundings_layer=surroundings_layer, lookup=lookup, population=population,
        population_column=population_column, indicators=tuple(indicators or ()), dictionary=dictionary,
        postcodes=postcodes, wards=wards, wards_layer=wards_layer, streets=streets, scenery=scenery,
        terrain=terrain, rasters=tuple(named_file(item) for item in raster or ()), title=title,
        licence=licence, fictional=fictional, mend=mend, allow_missing=allow_missing, allow_holes=allow_holes,
        replace=replace,
    )  # fmt: skip
    add(request, home(), say)


@app.command("list")
def place_list(as_json: AsJson = False) -> None:
    """List the places that were set up, by name."""
    from geo.demo import TITLE
    from geo.place import DEMO, list_places

    found = [place.summary() | {"set_up": True} for place in list_places(home())]
    known = {"id": DEMO, "name": DEMO, "title": TITLE, "fictional": True, "set_up": False}
    waiting = [] if DEMO in [place["id"] for place in found] else [known]
    if as_json:
        show(found + waiting, True, "")
        return
    show(found, False, "{id}  {title} · {areas} areas ({level}, {vintage}, vintage {vintage_status})")
    show(waiting, False, "{id}  {title} · fictional, set up by the first command that names it")


@app.command("show")
def place_show(name: Annotated[str, typer.Argument()], as_json: AsJson = False) -> None:
    """Show one place: its files, match rates, notes and indicators."""
    from geo.place import find_place

    found = find_place(home(), name)
    if as_json:
        show([found.details()], True, "")
        return
    for sentence in found.sentences():
        say(sentence)
