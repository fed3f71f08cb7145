"""`larder people`: who has an account, and what each may do."""

from dataclasses import asdict
from typing import Annotated

import typer

from commands.printing import AsJson, say, show
from store.home import home

app = typer.Typer(help="People with an account, and their roles.", no_args_is_help=True)


@app.command("list")
def people_list(as_json: AsJson = False) -> None:
    """List who has signed in, with the role of each."""
    from store.people import list_people
    from store.roles import CLI
    from store.session import reading

    with reading(home()) as session:
        found = [asdict(person) for person in list_people(session, CLI)]
    if not found and not as_json:
        say("Nobody has signed in yet. The first administrator is named in LARDER_ADMINS.")
    show(found, as_json, "{id}  {name} · {role} · last seen {last_seen_at:%Y-%m-%d}")


@app.command("role")
def people_role(
    person: Annotated[str, typer.Argument(help="A person's id: see `larder people list`.")],
    role: Annotated[str, typer.Argument(help="viewer, contributor, steward, analyst or admin.")],
) -> None:
    """Give a person a role; it holds from their next click."""
    from store.people import set_role
    from store.roles import CLI
    from store.session import writing

    with writing(home()) as session:
        found = set_role(session, person, role, CLI)  # type: ignore[arg-type]  # checked there, with a cure
    say(f"{found.name or found.id} is {found.role} now.")
