"""Answering: what every page does before its own work, and what it says when that cannot be done."""

import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from store.home import home
from store.roles import Forbidden
from web import brakes, pages
from words.faults import LarderError

LOG = logging.getLogger("larder")
Endpoint = Callable[[Request], Awaitable[Response]]
Shown = Callable[[Request], Response]
Posted = Callable[[Request, dict[str, str]], Response]


def shown(page: Shown) -> Endpoint:
    """Return the endpoint of a page that only shows: it changes nothing."""

    async def endpoint(request: Request) -> Response:
        return await _answered(request, lambda: page(request))

    return endpoint


def posted(page: Posted) -> Endpoint:
    """Return the endpoint of a page that takes a form: from our own pages, within bounds, and not without end."""

    async def endpoint(request: Request) -> Response:
        try:
            brakes.check_origin(request)
            fields = await brakes.body_fields(request)
        except brakes.RefusedError as refusal:
            return _refused(request, refusal)
        return await _answered(request, lambda: _counted(request, fields, page))

    return endpoint


def _counted(request: Request, fields: dict[str, str], page: Posted) -> Response:
    if not brakes.allow(home(), request, "post", *brakes.POSTS):
        raise brakes.RefusedError(
            429, "So much came from your connection just now that we pause. Please try again later."
        )
    return page(request, fields)


async def _answered(request: Request, work: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(work)
    except brakes.RefusedError as refusal:
        return _refused(request, refusal)
    except Forbidden as refusal:
        said = [fault.sentence() for fault in refusal.faults]
        return pages.say(request, "This may not be done", said, status=403)
    except LarderError:
        # its words may name files of this machine: they are for the log, not for the public
        LOG.exception("A plain page could not be shown")
        return pages.say(
            request,
            "This cannot be shown just now",
            ["Please try again in a while. Nothing was changed."],
            status=503,
        )


def _refused(request: Request, refusal: brakes.RefusedError) -> Response:
    back = "What you wrote is still in the form: go back one page."
    response = pages.say(request, "This was not taken", [refusal.why, back], status=refusal.status)
    # what was not read of a body must not be taken for the next request
    response.headers["connection"] = "close"
    return response
