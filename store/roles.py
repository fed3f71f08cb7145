"""Who may do what: the one table that the code reads, the pages show and the tests walk."""

from dataclasses import dataclass
from typing import Literal, get_args

from store.errors import StoreError

Role = Literal["anyone", "viewer", "contributor", "steward", "analyst", "admin"]
Via = Literal["login", "link", "form", "cli", "import", "single-user"]
ROLES: tuple[Role, ...] = get_args(Role)
ACCOUNT_ROLES: tuple[Role, ...] = tuple(role for role in ROLES if role != "anyone")

_EVERYONE: frozenset[Role] = frozenset(ROLES)
_HELPERS: frozenset[Role] = frozenset({"contributor", "steward", "admin"})
_STEWARDS: frozenset[Role] = frozenset({"steward", "admin"})
_ANALYSTS: frozenset[Role] = frozenset({"analyst", "admin"})
_KNOWN: frozenset[Role] = frozenset({"contributor", "steward", "analyst", "admin"})
_ADMINS: frozenset[Role] = frozenset({"admin"})

ACTIONS: dict[str, frozenset[Role]] = {
    # what is published, and what may be said to the stewards
    "see_published": _EVERYONE,
    "suggest": _EVERYONE,
    "export_public": _EVERYONE,
    # what helpers with an account do
    "confirm": _HELPERS,
    "add_look": _HELPERS,
    "see_history": _KNOWN,
    # what stewards do
    "see_queue": _STEWARDS,
    "decide": _STEWARDS,
    "see_held": _STEWARDS | _ANALYSTS,
    "see_hidden": _STEWARDS,
    "see_removed": _STEWARDS,
    "see_private_contact": _STEWARDS,
    "see_insight_private": _STEWARDS,
    "see_due": _STEWARDS,
    "add_asset": _STEWARDS,
    "edit_asset": _STEWARDS,
    "remove_asset": _STEWARDS,
    "merge": _STEWARDS,
    "restore": _STEWARDS,
    "redact": _STEWARDS,
    "import": _STEWARDS,
    "export_all": _STEWARDS,
    # what analysts do
    "see_draft_runs": _ANALYSTS,
    "release_run": _ANALYSTS,
    # what admins do
    "manage_people": _ADMINS,
    "backup": _ADMINS,
}
"""Action -> the roles that may do it."""

SPOKEN: dict[str, str] = {
    "see_published": "see what is published",
    "suggest": "make a suggestion",
    "export_public": "export what is published",
    "confirm": "confirm that an asset is still right",
    "add_look": "record that somebody looked here",
    "see_history": "see the history of an asset",
    "see_queue": "see the queue of suggestions",
    "decide": "decide on a suggestion",
    "see_held": "see assets that are held for review",
    "see_hidden": "see hidden assets",
    "see_removed": "see assets that were removed",
    "see_private_contact": "see private contacts",
    "see_insight_private": "see private notes",
    "see_due": "see what is due for a check",
    "add_asset": "add an asset without review",
    "edit_asset": "change an asset",
    "remove_asset": "remove an asset",
    "merge": "merge assets",
    "restore": "restore an earlier version",
    "redact": "take words out of the history for good",
    "import": "import a file",
    "export_all": "export everything, private contacts too",
    "see_draft_runs": "see drafts of runs",
    "release_run": "release or withdraw a run",
    "manage_people": "see the people and change their roles",
    "backup": "back up or restore the database",
}
"""Action -> how a sentence says it: 'A viewer may not ...'."""


@dataclass(frozen=True)
class Actor:
    """Who does something: the id and name that histories keep, the role, and the way they came.

    `key` is what a private link opens, "PURPOSE:KIND:ID", and nothing for everybody else.
    """

    id: str
    name: str
    role: Role
    via: Via
    key: str = ""


LOCAL = Actor("local", "the person at this computer", "admin", "single-user")
"""The one person where no login is configured."""
CLI = Actor("cli", "the command line", "admin", "cli")
"""Who runs `larder` on the machine that holds the database."""
ANYONE = Actor("", "somebody without an account", "anyone", "form")
"""Who has no account: the safe assumption wherever nobody is named."""


class Forbidden(StoreError):  # noqa: N818 - what it is, not what it does
    """What a role may not do."""


def importer(source: str) -> Actor:
    """Return who an import is: it may do what a steward may, and histories name the source."""
    return Actor("import", source, "steward", "import")


def may(actor: Actor, action: str) -> bool:
    """Return whether the actor's role may do an action. Raises StoreError for an action that is not known."""
    if action not in ACTIONS:
        raise StoreError(f"No action is called {action!r}.", f"Use one of: {', '.join(ACTIONS)}.")
    return actor.role in ACTIONS[action]


def require(actor: Actor, action: str) -> None:
    """Raise Forbidden, in a plain sentence, unless the actor's role may do the action."""
    if may(actor, action):
        return
    who = "Without an account nobody" if actor.role == "anyone" else f"{_article(actor.role)} {actor.role}"
    verb = "may" if actor.role == "anyone" else "may not"
    allowed = [role for role in ROLES if role in ACTIONS[action]]
    raise Forbidden(
        f"{who} {verb} {SPOKEN[action]}.",
        f"Ask somebody with the role {' or '.join(allowed)}, or an admin for that role.",
    )


def opens(actor: Actor, purpose: str, kind: str, entity: str) -> bool:
    """Return whether the actor holds a private link of this purpose to just this thing."""
    return actor.via == "link" and actor.key == f"{purpose}:{kind}:{entity}"


def _article(word: str) -> str:
    return "An" if word[0] in "aeiou" else "A"
