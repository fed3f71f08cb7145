"""`larder assets`: the register of community assets."""

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.printing import AsJson, say, show
from store.home import home

app = typer.Typer(help="The register of community assets.", no_args_is_help=True)

AssetId = Annotated[str, typer.Argument(help="An asset's id: see `larder assets list`.")]
Reason = Annotated[str, typer.Option(help="Why; the history keeps it.")]


class AssetStatus(StrEnum):
    """The states of an asset that a list can be cut to."""

    accepted = "accepted"
    held = "held"


class Source(StrEnum):
    """What `larder assets import` can read."""

    csv = "csv"
    excel = "excel"
    geojson = "geojson"
    gpkg = "gpkg"
    osm = "osm"
    open_referral = "open_referral"


class Target(StrEnum):
    """What `larder assets export` can write."""

    csv = "csv"
    excel = "excel"
    geojson = "geojson"
    gpkg = "gpkg"
    open_referral = "open_referral"


class ShareAlike(StrEnum):
    """What becomes of assets whose licence asks that what is made of them is shared alike."""

    include = "with"
    leave_out = "without"
    only = "only"


@app.command("import")
def assets_import(
    file: Annotated[
        str, typer.Argument(help="A file; for Open Referral also a folder of pages or an address.")
    ],
    format_: Annotated[Source | None, typer.Option("--format", help="Unset: told by the ending.")] = None,
    place: Annotated[str | None, typer.Option(help="Whose postcodes to look in; unset: all places'.")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="business_rates, service_points or a TOML file.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="The sheet or layer, where there are several.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Where it is from, the same for each of its editions.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="What may be done with it.")] = None,
    report_gone: Annotated[
        bool, typer.Option("--report-gone", help="Put what the source no longer has into the queue.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only, write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a list of assets into the register, with a report for every row."""
    from assets.importers.intake import import_file

    report = import_file(
        file, home=home(), format=format_.value if format_ else None, mapping=mapping, place=place, layer=layer,
        source=source, licence=licence, dry_run=dry_run, report_gone_rows=report_gone,
    )  # fmt: skip
    if as_json:
        show([report.as_dict()], True, "")
        return
    for line in report.sentences():
        say(line)


@app.command("export")
def assets_export(
    format_: Annotated[Target, typer.Option("--format")],
    out: Annotated[Path, typer.Option(readable=False, help="The file to write.")],
    place: Annotated[str | None, typer.Option(help="Only assets in this place.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Also what is held or hidden, and private contacts.")
    ] = False,
    share_alike: Annotated[
        ShareAlike,
        typer.Option(help="OpenStreetMap's data is shared alike: with it, without it, or only it."),
    ] = ShareAlike.include,
) -> None:
    """Write the register to a file: what is published, with how fresh it is, its source and its licence."""
    from assets.exporting import export_assets
    from store.roles import ANYONE, CLI

    report = export_assets(
        home(), out, format_.value, actor=CLI if everything else ANYONE, place=place,
        share_alike=share_alike.value,
    )  # fmt: skip
    say(f"wrote {report.file}: {report.rows:,} assets")
    for note in report.notes:
        say(note)


@app.command("list")
def assets_list(
    place: Annotated[str | None, typer.Option(help="Only assets in this place.")] = None,
    status: Annotated[AssetStatus | None, typer.Option(help="Only accepted ones, or those held.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the assets of the register."""
    from assets.find import find_assets
    from store.roles import CLI

    listed = find_assets(home(), place, status.value if status else None, actor=CLI)
    found = [asset.as_dict() for asset in listed]
    if not found and not as_json:
        say("No such asset is in the register. Take a list in: larder assets import FILE.csv")
    for asset in found if not as_json else ():
        asset["place"] = asset["place"] or "outside every place"
    show(found, as_json, "{id}  {name} · {category} · {postcode} · {place} · {status} {review_reason}")


@app.command("history")
def assets_history(asset: AssetId, as_json: AsJson = False) -> None:
    """Tell every change of an asset: when, who, what and why."""
    from dataclasses import asdict

    from assets.edits import asset_history
    from store.roles import CLI
    from store.session import reading

    with reading(home()) as session:
        versions = asset_history(session, asset, CLI)
    rows = [asdict(one) | {"id": f"{one.entity}:{one.number}"} for one in versions]
    show(rows, as_json, "{number}  {at:%Y-%m-%d %H:%M}  {action} by {actor_name} · {reason}")


@app.command("restore")
def assets_restore(
    asset: AssetId,
    number: Annotated[int, typer.Argument(help="The version to go back to: see `larder assets history`.")],
    reason: Reason,
) -> None:
    """Bring an asset back to what an earlier version said."""
    from assets.edits import restore_asset
    from assets.locate import locator
    from store.roles import CLI
    from store.session import writing

    where = locator(home())
    with writing(home()) as session:
        found = restore_asset(session, asset, number, actor=CLI, reason=reason, where=where)
    say(f"{found.name} is again what its version {number} said. That is version {found.version}.")


@app.command("redact")
def assets_redact(asset: AssetId, reason: Reason) -> None:
    """Take an asset's words out for good, from its history too; that it was there and why it went stays."""
    from assets.redaction import redact_asset
    from store.roles import CLI
    from store.session import writing

    with writing(home()) as session:
        redact_asset(session, asset, actor=CLI, reason=reason)
    say(
        "Its words are gone, here, in its history and in messages that wait. Backups that were made before still hold "
        "them: delete those, or redact it again after restoring one. What was sent by mail is out of reach."
    )


@app.command("due")
def assets_due(
    place: Annotated[str | None, typer.Option(help="Only assets in this place.")] = None,
    page: Annotated[int, typer.Option(min=1, help="Fifty a page.")] = 1,
    send: Annotated[
        bool,
        typer.Option("--send", help="Write to organisations and stewards: see docs/methods/freshness.md."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what nobody has confirmed for too long, the longest first; with --send ask whoever can confirm it."""
    from assets.due import due
    from assets.freshness import freshness
    from assets.reminders import remind
    from store.roles import CLI
    from store.session import reading, writing
    from words.freshness import confirmation_words

    today = date.today()
    if send:
        with writing(home()) as session:
            told = remind(session, actor=CLI, today=today, address=os.environ.get("LARDER_URL", ""))
        say(told.sentence())
        return
    with reading(home()) as session:
        found = due(session, CLI, today, place=place, page=page)
    rows = [
        asset.as_dict() | {"told": confirmation_words(asset.confirmed_on, freshness(asset, today))}
        for asset in found.items
    ]
    show(rows, as_json, "{id}  {name} · {category} · {told}")
    if not as_json:
        say(f"{found.total:,} due in all; this is page {page}.")


@app.command("duplicates")
def assets_duplicates(
    ask: Annotated[bool, typer.Option("--ask", help="Put each pair into the queue, once.")] = False,
    as_json: AsJson = False,
) -> None:
    """List entries that are likely one asset; with --ask put them to a steward."""
    from assets.pairs import ask_about_pairs, find_pairs
    from store.roles import CLI
    from store.session import reading, writing

    if ask:
        with writing(home()) as session:
            waiting = [one for one in ask_about_pairs(session, CLI) if one.status == "waiting"]
        say(f"{len(waiting):,} pairs wait in the queue.")
        return
    with reading(home()) as session:
        pairs = find_pairs(session, CLI)
    rows = [
        {
            "id": f"{pair.elder.id}:{pair.younger.id}", "score": round(pair.likeness.score),
            "elder": pair.elder.name, "younger": pair.younger.name, "why": ", ".join(pair.likeness.reasons),
        }
        for pair in pairs
    ]  # fmt: skip
    show(rows, as_json, "{score}  {elder} / {younger} · {why}")
