"""The `larder` command. What is said of a noun lies in `commands/`; here are the verbs, and what a refusal looks like.

Rooms are imported inside the commands, because the geometry stack takes over a second to load and `larder --help` or
`larder runs` should not wait for it.
"""

import json
import signal
import sys
import traceback
from enum import StrEnum
from pathlib import Path
from threading import Event
from types import FrameType, TracebackType
from typing import Annotated, NoReturn

import typer

from commands import assets, extracts, geocoding, people, places, runs
from commands.printing import AsJson, PlaceName, say
from risk.private_folder import sweep_at_start
from store.home import home
from words.faults import LarderError

REFUSED, INTERRUPTED = 1, 130
TOLD_TO_STOP = Event()
STOPPED = "larder: stopped. Nothing is half-written."
BEHIND = ("bake", "school_readiness", "--place", "demo", "--once")
"""What is baked while the demo is open already: it takes about a minute."""

app = typer.Typer(
    help="See where need clusters, what is already there, and decide together what to do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(places.app, name="place")
app.add_typer(runs.app, name="runs")
app.add_typer(assets.app, name="assets")
app.add_typer(extracts.app, name="extracts")
app.add_typer(people.app, name="people")
app.add_typer(geocoding.app, name="geocoding")


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
    """Open the app on this machine; with --demo the recipe from records is baked behind it, once."""
    from web.listening import address_to_listen_on, choose_port
    from web.serve import serve as open_app

    address = address_to_listen_on()
    chosen = choose_port(port, address)
    if with_demo:
        demo()
    raise typer.Exit(open_app(chosen, address, say, BEHIND if with_demo else []))


@app.command()
def bake(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a TOML file.")],
    place: PlaceName,
    level: Annotated[str | None, typer.Option(help="Ask it of other areas: oa, lsoa or msoa.")] = None,
    extracts: Annotated[
        Path | None, typer.Option(help="Agencies' extracts; unset: extracts/PLACE in LARDER_HOME.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="What records are linked on.")] = Engine.duckdb,
    once: Annotated[bool, typer.Option("--once", help="Not if just this was baked before.")] = False,
) -> None:
    """Bake a recipe for a place and publish the run; one from agencies' records is a draft until released."""
    from bake.demo import is_baked
    from bake.levels import at_level
    from bake.pipeline import Records
    from bake.pipeline import bake as bake_recipe
    from bake.recipe import load_recipe
    from geo.place import find_place

    question = load_recipe(recipe)
    asked = at_level(question, level) if level else question
    where = find_place(home(), place)
    if once and is_baked(home(), asked, where):
        say(f"{asked.title}: baked before.")
        return
    say(bake_recipe(asked, where, home(), say, Records(extracts, engine.value)).id)


@app.command()
def synthesise(
    place: PlaceName,
    out: Annotated[Path, typer.Option(help="The folder to write; the truth goes to OUT-truth beside it.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    people: Annotated[int | None, typer.Option(help="So many children; unset: as the place has.")] = None,
    scenario: Annotated[
        str, typer.Option(help="district, deprivation (it explains all), even (one rate), broken (linkage).")
    ] = "district",
    police: Annotated[
        bool,
        typer.Option(help="The fifth agency's extract: it lies there, and no recipe reads it unpermitted."),
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier call made.")] = False,
) -> None:
    """Make the invented extracts of five agencies in a place, with a key to bake them, and the truth apart."""
    from geo.place import find_place
    from risk.pseudonyms import key_file_of, make_key
    from risk.synthetic.district import synthesise as make
    from risk.synthetic.options import Options

    options = Options(scenario=scenario, police=police)  # type: ignore[arg-type]  # checked there, with a cure
    made = make(find_place(home(), place), out, seed, people=people, options=options, force=force)
    if not key_file_of(made.out).exists():
        make_key(made.out)
    for sentence in made.sentences():
        say(sentence)


@app.command()
def record(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")], as_json: AsJson = False
) -> None:
    """Print a run's transparency record: a page of HTML that a resident can read, or with --json as data."""
    from bake.release import told_record
    from bake.runs import read_run
    from risk.record_page import record_page

    found = told_record(read_run(home(), run))
    if as_json:
        say(json.dumps(found, indent=2, ensure_ascii=False))
        return
    say(record_page(found))


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")],
    format_: Annotated[ExportFormat, typer.Option("--format")],
    out: Annotated[Path, typer.Option(readable=False, help="The file to write; .zip packs all in one.")],
) -> None:
    """Write a run's areas to a file that QGIS and others open, with a codebook and where it came from."""
    from bake.exporting import export_run, standing_of
    from bake.runs import read_run

    found = read_run(home(), run)
    for path in export_run(found, format_.value, out):
        say(f"wrote {path}")
    if standing := standing_of(found):
        say(standing)


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
    mend: Annotated[bool, typer.Option("--mend", help="Mend invalid outlines, and say which.")] = False,
) -> None:
    """Find hotspots of a column in a file of areas: no place, no recipe. For open data only."""
    from geo.analysis import HotspotRequest, hotspots_of_file

    request = HotspotRequest(
        file=file, id=id_, value=value, out=out, layer=layer, population=population, neighbours=neighbours,
        statistic=statistic.value, alpha=alpha, stability=stability, mend=mend,
    )  # fmt: skip
    for sentence in hotspots_of_file(request, say).sentences():
        say(sentence)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="A file that is not there yet, or a folder.")],
) -> None:
    """Copy the database to a file that its owner alone can read; others may go on working meanwhile.

    Places, runs and the guard of runs from records are folders: they are kept by copying them.
    """
    from store.backup import backup as back_up
    from store.roles import CLI

    say(f"wrote {back_up(home(), target, actor=CLI)}")
    say("What is redacted from now on stays in this file: delete it when that has to be gone for good.")
    say(
        f"Places, runs and guard are folders of {home()}: copy them too, guard with runs, and keep it as private."
    )


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="What `larder backup` wrote.")]) -> None:
    """Put a backup in the place of the database; what was there before is kept beside it."""
    from store.backup import restore as bring_back
    from store.roles import CLI

    kept = bring_back(home(), source, actor=CLI)
    say(f"The database is that of {source}." + (f" What was there before is in {kept}." if kept else ""))
    say("What was redacted after that backup was made is back: redact it again.")


def tell_plainly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one line that something unforeseen happened, and keep its trace in a file for whoever mends it."""
    if issubclass(kind, KeyboardInterrupt) or TOLD_TO_STOP.is_set():
        typer.echo(STOPPED, err=True)
        return
    log = home() / "unforeseen.log"
    with log.open("a", encoding="utf-8") as lines:
        lines.writelines(traceback.format_exception(kind, error, trace))
    typer.echo(
        f"larder: this was not foreseen: {kind.__name__}: {error}. The details are in {log}.", err=True
    )


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """Stop as Ctrl-C does, which clears up; engines turn the interrupt into errors of their own, so note it."""
    TOLD_TO_STOP.set()
    raise KeyboardInterrupt


def main() -> None:
    """Run the command; a refusal is printed plainly and ends with status 1."""
    sys.excepthook = tell_plainly
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, stop)
    sweep_at_start(lambda told: typer.echo(told, err=True))
    command = typer.main.get_command(app)  # calling `app` itself would put typer's own hook in place of ours
    try:
        command(prog_name="larder")
    except LarderError as refusal:
        for fault in refusal.faults:
            typer.echo(f"larder: {fault.sentence()}", err=True)
        sys.exit(REFUSED)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            typer.echo(STOPPED, err=True)
        raise


if __name__ == "__main__":
    main()
