"""The `larder` command: each command a few lines that call a room.

Rooms are imported inside the commands, because the geometry stack takes over a second to load and `larder --help` or
`larder runs` should not wait for it.
"""

import json
import sys
import traceback
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from disclosure.errors import DisclosureError
from store.home import home
from words.faults import LarderError

if TYPE_CHECKING:
    from bake.compare import Comparison

REFUSED = 1

app = typer.Typer(
    help="See where need clusters, what is already there, and decide together what to do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
place_app = typer.Typer(help="Places: add one from files, list them, show one.", no_args_is_help=True)
runs_app = typer.Typer(help="What was baked: newest first, or one run.", invoke_without_command=True)
assets_app = typer.Typer(help="The register of community assets.", no_args_is_help=True)
app.add_typer(place_app, name="place")
app.add_typer(runs_app, name="runs")
app.add_typer(assets_app, name="assets")
extracts_app = typer.Typer(help="Agencies' extracts: check them, destroy their key.", no_args_is_help=True)
app.add_typer(extracts_app, name="extracts")


class ExportFormat(StrEnum):
    """What `larder export` can write."""

    shapefile = "shapefile"
    gpkg = "gpkg"
    geoparquet = "geoparquet"
    geojson = "geojson"
    csv = "csv"


class Statistic(StrEnum):
    """The local statistics of `larder hotspots`."""

    gi_star = "gi_star"
    local_moran = "local_moran"


class Engine(StrEnum):
    """What records are linked on."""

    duckdb = "duckdb"
    spark = "spark"


class AssetStatus(StrEnum):
    """The states of an asset that a list can be cut to."""

    accepted = "accepted"
    held = "held"


AsJson = Annotated[bool, typer.Option("--json", help="Print a list of objects, each with its id.")]
PlaceName = Annotated[str, typer.Option("--place", help="The name of a place: see `larder place list`.")]


def say(sentence: str) -> None:
    """Print one sentence."""
    typer.echo(sentence)


def show(rows: Iterable[dict[str, Any]], as_json: bool, line: str) -> None:
    """Print objects as one JSON list, or one line each; `line` is a format of their keys."""
    listed = list(rows)
    if as_json:
        say(json.dumps(listed, indent=2, ensure_ascii=False, default=str))
        return
    for row in listed:
        say(line.format_map(row))


def show_comparison(found: "Comparison", as_json: bool) -> None:
    """Print what two runs say of the same areas: the counts, then each area that is in a hotspot of either."""
    if as_json:
        show(found.rows(), True, "")
        return
    for sentence in found.sentences:
        say(sentence)
    say(", ".join(f"{name} {count}" for name, count in found.as_dict()["counts"].items()))
    show((row for row in found.rows() if row["change"] != "neither"), False, "{id}  {change} (share {share})")


@app.command()
def demo(
    records: Annotated[
        bool, typer.Option("--records", help="Then bake the recipe from agencies' records too: minutes.")
    ] = False,
) -> None:
    """Set up the fictional demo place, bake its recipes once and load its assets."""
    from bake.demo import bake_demo, bake_demo_records

    bake_demo(home(), say)
    if records:
        bake_demo_records(home(), say)


@app.command()
def serve(
    port: Annotated[str, typer.Option(envvar="PORT", help="Unset: the first free one.")] = "",
    with_demo: Annotated[bool, typer.Option("--demo", help="First what `larder demo` does.")] = False,
) -> None:
    """Open the app on this machine."""
    from web import serve as server

    chosen = server.choose_port(port)
    if with_demo:
        demo()
    raise typer.Exit(server.serve(chosen, say))


@app.command()
def bake(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a TOML file.")],
    place: PlaceName,
    level: Annotated[str | None, typer.Option(help="Ask it of other areas: oa, lsoa or msoa.")] = None,
    extracts: Annotated[
        Path | None, typer.Option(help="Agencies' extracts; unset: extracts/PLACE in LARDER_HOME.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="What records are linked on.")] = Engine.duckdb,
) -> None:
    """Bake a recipe for a place and publish the run; one from agencies' records is a draft until released."""
    from bake.levels import at_level
    from bake.pipeline import Records
    from bake.pipeline import bake as bake_recipe
    from bake.recipe import load_recipe
    from geo.place import find_place

    question = load_recipe(recipe)
    asked = at_level(question, level) if level else question
    records = Records(extracts, engine.value)
    say(bake_recipe(asked, find_place(home(), place), home(), say, records).id)


@app.command()
def synthesise(
    place: PlaceName,
    out: Annotated[Path, typer.Option(help="The folder to write; the truth goes to OUT-truth beside it.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    people: Annotated[int | None, typer.Option(help="So many children; unset: as the place has.")] = None,
    scenario: Annotated[
        str, typer.Option(help="district, deprivation (it explains all), even (one rate), broken (linkage).")
    ] = "district",
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier call made.")] = False,
) -> None:
    """Make invented extracts of a place, with a key to bake them, and the truth apart."""
    from geo.place import find_place
    from risk.pseudonyms import key_file_of, make_key
    from risk.synthetic.district import synthesise as make
    from risk.synthetic.options import Options

    options = Options(scenario=scenario)  # type: ignore[arg-type]  # checked there, with a cure
    made = make(find_place(home(), place), out, seed, people=people, options=options, force=force)
    if not key_file_of(made.out).exists():
        make_key(made.out)
    for sentence in made.sentences():
        say(sentence)


@extracts_app.command("check")
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


@extracts_app.command("purge")
def extracts_purge(
    extracts: Annotated[Path, typer.Argument(help="The folder of the extracts.")],
    and_extracts: Annotated[bool, typer.Option("--and-extracts", help="Remove the files too.")] = False,
) -> None:
    """Destroy the key of a set of extracts, so that no pseudonym of it can be made again."""
    import os

    from risk.pseudonyms import purge

    for sentence in purge(extracts, environment=os.environ, and_extracts=and_extracts):
        say(sentence)


@app.command()
def record(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")], as_json: AsJson = False
) -> None:
    """Print a run's transparency record: JSON, or a page of HTML that a resident can read."""
    from bake.runs import read_run
    from risk.record_page import record_page

    found = read_run(home(), run).record()
    if as_json or found.get("kind") != "records":
        say(json.dumps(found, indent=2, ensure_ascii=False))
        return
    say(record_page(found))


@runs_app.callback()
def runs(
    context: typer.Context,
    place: Annotated[str | None, typer.Option(help="Only runs of this place.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was baked, newest first."""
    if context.invoked_subcommand is None:
        from bake.runs import list_runs

        found = [run.as_dict() for run in list_runs(home(), place)]
        if not found and not as_json:
            where = f" of the place {place!r}" if place else ""
            say(
                f"Nothing{where} has been baked yet. Try: larder bake early_years_open --place {place or 'demo'}"
            )
        show(found, as_json, "{id}  {title} · {place}, by {level} · baked {baked_at}")


@runs_app.command("show")
def runs_show(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")], as_json: AsJson = False
) -> None:
    """Show one run: its question, what was found, every automatic decision."""
    from bake.runs import read_run
    from bake.telling import told

    found = read_run(home(), run)
    if as_json:
        show([found.manifest], True, "")
        return
    for line in told(found):
        say(line)


@runs_app.command("release")
def runs_release(
    run: Annotated[str, typer.Argument(help="The id of a run from records.")],
    by: Annotated[str, typer.Option(help="The person who answers for it, by name.")],
) -> None:
    """Release a run from records, so that it is served to others; its record must be complete."""
    from bake.release import release

    given = release(home(), run, by=by)
    say(f"{run} is released by {given.by} at {given.at}.")


@runs_app.command("withdraw")
def runs_withdraw(
    run: Annotated[str, typer.Argument(help="A run's id.")],
    reason: Annotated[str, typer.Option(help="Why; the tombstone says it.")],
    by: Annotated[str, typer.Option(help="Who withdraws it.")] = "",
) -> None:
    """Withdraw a run for good: it is served nowhere, and a tombstone says why."""
    from bake.release import withdraw

    given = withdraw(home(), run, reason=reason, by=by)
    say(f"{run} is withdrawn at {given.at}: {given.reason}")


@runs_app.command("compare")
def runs_compare(
    earlier: Annotated[str, typer.Argument(help="The run compared with.")],
    later: Annotated[str, typer.Argument(help="The run of now.")],
    as_json: AsJson = False,
) -> None:
    """Say where hotspots are new, gone or persisting between two runs of one kind of area."""
    from bake.compare import change
    from bake.runs import read_run

    show_comparison(change(read_run(home(), earlier), read_run(home(), later)), as_json)


@runs_app.command("across")
def runs_across(
    fine: Annotated[str, typer.Argument(help="The run of the smaller areas.")],
    coarse: Annotated[str, typer.Argument(help="The run of the larger areas: larder bake … --level lsoa")],
    as_json: AsJson = False,
) -> None:
    """Say where a question has the same answer on smaller and on larger areas."""
    from bake.compare import across
    from bake.runs import read_run

    show_comparison(across(read_run(home(), fine), read_run(home(), coarse)), as_json)


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")],
    format_: Annotated[ExportFormat, typer.Option("--format")],
    out: Annotated[Path, typer.Option(readable=False, help="The file to write; .zip packs all in one.")],
) -> None:
    """Write a run's areas to a file that QGIS and others open, with a codebook and where it came from."""
    from bake.exporting import export_run
    from bake.runs import read_run

    for path in export_run(read_run(home(), run), format_.value, out):
        say(f"wrote {path}")


@app.command()
def hotspots(
    file: Annotated[Path, typer.Argument(readable=False, help="Any file of areas that geopandas reads.")],
    id_: Annotated[str, typer.Option("--id", help="The column of codes.")],
    value: Annotated[str, typer.Option(help="The column to test; with --population a count.")],
    out: Annotated[
        Path,
        typer.Option(readable=False, help="Its ending picks the format: .gpkg .shp .parquet .geojson .csv"),
    ],
    layer: Annotated[str | None, typer.Option()] = None,
    population: Annotated[str | None, typer.Option(help="The column that counts are divided by.")] = None,
    neighbours: Annotated[str, typer.Option(help="queen, rook, knn:8 or band:1500 (metres)")] = "queen",
    statistic: Annotated[Statistic, typer.Option()] = Statistic.gi_star,
    alpha: Annotated[float, typer.Option(help="The false-discovery rate.")] = 0.05,
    stability: Annotated[bool, typer.Option("--stability", help="Ask in several ways, and count.")] = False,
) -> None:
    """Find hotspots of a column in a file of areas: no place, no recipe. For open data only."""
    from geo.analysis import HotspotRequest, hotspots_of_file

    request = HotspotRequest(
        file=file, id=id_, value=value, out=out, layer=layer, population=population, neighbours=neighbours,
        statistic=statistic.value, alpha=alpha, stability=stability,
    )  # fmt: skip
    for sentence in hotspots_of_file(request, say).sentences():
        say(sentence)


def named_file(text: str) -> tuple[str, Path]:
    """Return the name and the file that NAME=FILE gives; wrong usage without the sign between them."""
    name, sign, file = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"write NAME=FILE, not {text!r}", param_hint="--raster")
    return name, Path(file)


@place_app.command("add")
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


@place_app.command("list")
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


@place_app.command("show")
def place_show(name: Annotated[str, typer.Argument()], as_json: AsJson = False) -> None:
    """Show one place: its files, match rates, notes and indicators."""
    from geo.place import find_place

    found = find_place(home(), name)
    if as_json:
        show([found.details()], True, "")
        return
    for sentence in found.sentences():
        say(sentence)


@assets_app.command("import")
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


@assets_app.command("list")
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


def tell_plainly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one line that something unforeseen happened, and keep its trace in a file for whoever mends it."""
    if issubclass(kind, KeyboardInterrupt):
        typer.echo("larder: stopped. Nothing is half-written.", err=True)
        return
    log = home() / "unforeseen.log"
    with log.open("a", encoding="utf-8") as lines:
        lines.writelines(traceback.format_exception(kind, error, trace))
    typer.echo(
        f"larder: this was not foreseen: {kind.__name__}: {error}. The details are in {log}.", err=True
    )


def main() -> None:
    """Run the command; a refusal is printed plainly and ends with status 1."""
    sys.excepthook = tell_plainly
    command = typer.main.get_command(app)  # calling `app` itself would put typer's own hook in place of ours
    try:
        command(prog_name="larder")
    except (LarderError, DisclosureError) as refusal:
        for fault in refusal.faults:
            typer.echo(f"larder: {fault.sentence()}", err=True)
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
