"""The frame of a form: what is particular about one use of it, and what every drawing of it carries along."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from starlette.requests import Request
from starlette.responses import Response

from web import brakes, pages
from web.fields import Field, by_field
from words.faults import Fault


@dataclass(frozen=True)
class Look:
    """What is particular about one use of a form: its words, where it is sent, what it carries along."""

    title: str
    action: str
    button: str
    intro: tuple[str, ...] = ()
    draft: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    withdraw: bool = False


class Turn(TypedDict, total=False):
    """Which turn of a form it is: `sent` is what it came back with, None where it is new."""

    sent: Mapping[str, str] | None
    key: str
    faults: Sequence[Fault]
    status: int


def new_key() -> str:
    """Return a key that a form carries, so that sending it twice is not two suggestions."""
    return secrets.token_urlsafe(18)


def draw(
    request: Request,
    template: str,
    look: Look,
    fields: Mapping[str, str],
    *,
    labels: Mapping[str, str],
    last: Sequence[Field],
    turn: Turn,
    **parts: Any,
) -> Response:
    """Return a form with its fields as they are; `last` closes it, `parts` is what its template shows besides."""
    sent = turn.get("sent")
    beside, others = by_field(turn.get("faults", ()), labels)
    return pages.render(
        request,
        template,
        status=turn.get("status", 200),
        ticket=brakes.ticket(request, (sent or {}).get(brakes.TICKET, "")),
        key=turn.get("key", ""),
        fresh=sent is None,
        look=look,
        values=fields,
        beside=beside,
        others=others,
        labels=labels,
        # where an answer goes to was settled when it was first sent; the note can still be changed
        last=last[:1] if look.withdraw else last,
        **parts,
    )
