"""The large parts of the map, fetched by the browser once and not sent again on each click.

Streamlit sends a chart's whole description whenever anything in it changes, and the browser reads it with a slow
parser. So what seldom changes (areas, outlines, scenery) stands under an address made from its content, and the
description only names the address: a click sends the chosen area and the assets, and the browser keeps the rest.
A part is there as long as the cache that made it holds it.
"""

import hashlib
import json
from dataclasses import dataclass
from weakref import WeakValueDictionary

import pydeck as pdk
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ui.deck import compact

ROUTE = "/layers/{name}.json"
FOR_A_DAY = "private, max-age=86400, immutable"


@dataclass(frozen=True, eq=False)
class Payload:
    """The data of one layer as the browser fetches it."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Hosted:
    """A layer's description, and the data that its address stands for (held here so that it stays)."""

    text: str
    payload: Payload


_kept: WeakValueDictionary[str, Payload] = WeakValueDictionary()


def host(layer: pdk.Layer) -> Hosted:
    """Put a layer's data under an address and return the layer with that address in its place."""
    body = json.dumps(layer.data, separators=(",", ":"), ensure_ascii=False).encode()
    name = hashlib.sha256(body).hexdigest()[:40]
    payload = _kept.setdefault(name, Payload(name, body))
    layer.data = f"layers/{name}.json"
    return Hosted(compact(layer), payload)


async def answer(request: Request) -> Response:
    """Answer with the data of a layer, or 404 where nobody holds it any more."""
    payload = _kept.get(request.path_params["name"])
    if payload is None:
        return PlainTextResponse("There is no such part of a map.", status_code=404)
    return Response(payload.body, media_type="application/json", headers={"cache-control": FOR_A_DAY})
