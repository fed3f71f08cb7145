import asyncio
import gc
import json

import pydeck as pdk
from starlette.requests import Request
from starlette.responses import Response

from ui import payload


def asked(name: str) -> Response:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": {"name": name}}
    return asyncio.run(payload.answer(Request(scope)))


def test_a_layer_names_the_address_of_its_data_and_the_data_is_there() -> None:
    hosted = payload.host(pdk.Layer("PathLayer", id="a", data=[{"p": [[0.5, 51.5]]}], get_path="p"))
    told = json.loads(hosted.text)
    assert told["data"] == f"layers/{hosted.payload.name}.json"
    answer = asked(hosted.payload.name)
    assert answer.status_code == 200
    assert json.loads(bytes(answer.body)) == [{"p": [[0.5, 51.5]]}]
    assert "immutable" in answer.headers["cache-control"]


def test_the_same_data_has_the_same_address_and_other_data_another() -> None:
    one, same, other = (
        payload.host(pdk.Layer("PathLayer", id="a", data=data, get_path="p")) for data in ([1], [1], [2])
    )
    assert one.payload is same.payload
    assert one.payload.name != other.payload.name


def test_what_nobody_holds_any_more_is_gone() -> None:
    name = payload.host(pdk.Layer("PathLayer", id="a", data=[{"gone": 1}], get_path="p")).payload.name
    gc.collect()
    assert asked(name).status_code == 404
