"""Rendering: one template environment that escapes everything, the files that pages load, and pages of few words."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web import brakes
from web.hours import in_words
from words.freshness import day_words
from words.labels import category_label

HERE = Path(__file__).parent
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_A_YEAR = "public, max-age=31536000, immutable"
NEVER_KEPT = "no-store"


@cache
def static_address(name: str) -> str:
    """Return the address of a file of ours, made from its content so that a browser may keep it for good."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:16]
    return f"/plain/{digest}/{name}"


@cache
def environment() -> Environment:
    """Return the templates' environment: every value is escaped, and a misspelt name is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": static_address, "trap": brakes.TRAP, "ticket_field": brakes.TICKET}
    made.filters |= {"hours": in_words, "day": day_words, "category": category_label}
    return made


def render(
    request: Request, template: str, *, status: int = 200, ticket: brakes.Ticket | None = None, **values: Any
) -> HTMLResponse:
    """Return a page; one that holds a form's ticket, or that only its sender may see, is kept by nobody."""
    text = environment().get_template(template).render(ticket=ticket.field if ticket else "", **values)
    response = HTMLResponse(text, status_code=status, headers={"cache-control": NEVER_KEPT})
    if ticket:
        ticket.hand_out(response, request)
    return response


def say(
    request: Request,
    title: str,
    sentences: Sequence[str],
    *,
    status: int = 200,
    links: Sequence[tuple[str, str]] = (),
    done: str = "",
) -> HTMLResponse:
    """Return a page of a few sentences; `links` are address and words; `done` names a draft that was sent."""
    return render(
        request, "message.html", status=status, title=title, sentences=sentences, links=links, done=done
    )


def not_found(request: Request, what: str = "There is no such page.") -> HTMLResponse:
    """Return our page for what is not there."""
    links = (("/", "To the map"), ("/add", "Suggest an asset"))
    return say(request, "Not found", [what], status=404, links=links)


async def no_page(request: Request) -> Response:
    """Answer any address under ours that leads nowhere."""
    return not_found(request)


async def static_file(request: Request) -> Response:
    """Answer with one of our files, by its name and its digest."""
    name = request.path_params["name"]
    path = HERE / "static" / name
    if Path(name).name != name or path.suffix not in TYPES or not path.is_file():
        return not_found(request)
    if request.url.path != static_address(name):
        return not_found(request, "This file has changed: load the page that named it again.")
    return Response(path.read_bytes(), media_type=TYPES[path.suffix], headers={"cache-control": FOR_A_YEAR})
