"""`larder runs`: what was baked, what became of it, and how runs compare."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.printing import AsJson, say, show
from store.home import home

if TYPE_CHECKING:
    from bake.compare import Comparison

app = typer.Typer(help="What was baked: newest first, or one run.", invoke_without_command=True)


def show_comparison(found: "Comparison", as_json: bool) -> None:
    """Print what two runs say of the same areas: the counts, then each area that is in a hotspot of either."""
    if as_json:
        show(found.rows(), True, "")
        return
    for sentence in found.sentences:
        say(sentence)
    say(", ".join(f"{name} {count}" for name, count in found.as_dict()["counts"].items()))
    show((row for row in found.rows() if row["change"] != "neither"), False, "{id}  {change} (share {share})")


@app.callback()
def runs(
    context: typer.Context,
    place: Annotated[str | None, typer.Option(help="Only runs of this place.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was baked, newest first."""
    if context.invoked_subcommand is None:
        from bake.release import standing
        from bake.runs import list_runs

        found = [run.as_dict() | {"standing": standing(run).state} for run in list_runs(home(), place)]
        if not found and not as_json:
            where = f" of the place {place!r}" if place else ""
            say(
                f"Nothing{where} has been baked yet. Try: larder bake early_years_open --place {place or 'demo'}"
            )
        told = [row | {"last": "" if row["standing"] == "open" else f" · {row['standing']}"} for row in found]
        show(
            found if as_json else told,
            as_json,
            "{id}  {title} · {place}, by {level} · baked {baked_at}{last}",
        )


@app.command("show")
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


@app.command("release")
def runs_release(
    run: Annotated[str, typer.Argument(help="The id of a run from records.")],
    by: Annotated[str, typer.Option(help="The person who answers for it, by name.")],
) -> None:
    """Release a run from records, so that it is served to others; its record must be complete."""
    from bake.release import release
    from bake.runs import read_run
    from bake.telling import purge_reminder

    given = release(home(), run, by=by)
    say(f"{run} is released by {given.by} at {given.at}.")
    if reminder := purge_reminder(read_run(home(), run)):
        say(reminder)


@app.command("withdraw")
def runs_withdraw(
    run: Annotated[str, typer.Argument(help="A run's id.")],
    reason: Annotated[str, typer.Option(help="Why; the tombstone says it.")],
    by: Annotated[str, typer.Option(help="Who withdraws it.")] = "",
) -> None:
    """Withdraw a run for good: it is served nowhere, and a tombstone says why."""
    from bake.release import withdraw

    given = withdraw(home(), run, reason=reason, by=by)
    say(f"{run} is withdrawn at {given.at}: {given.reason}")


@app.command("compare")
def runs_compare(
    earlier: Annotated[str, typer.Argument(help="The run compared with.")],
    later: Annotated[str, typer.Argument(help="The run of now.")],
    as_json: AsJson = False,
) -> None:
    """Say where hotspots are new, gone or persisting between two runs of one kind of area."""
    from bake.compare import change
    from bake.runs import read_run

    show_comparison(change(read_run(home(), earlier), read_run(home(), later)), as_json)


@app.command("across")
def runs_across(
    fine: Annotated[str, typer.Argument(help="The run of the smaller areas.")],
    coarse: Annotated[str, typer.Argument(help="The run of the larger areas: larder bake … --level lsoa")],
    as_json: AsJson = False,
) -> None:
    """Say where a question has the same answer on smaller and on larger areas."""
    from bake.compare import across
    from bake.runs import read_run

    show_comparison(across(read_run(home(), fine), read_run(home(), coarse)), as_json)
