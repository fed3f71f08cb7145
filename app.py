"""What `streamlit run app.py` starts: the Streamlit app with our headers, warmed up before its first visitor."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from risk.private_folder import sweep_at_start
from ui import account, payload
from ui.warm import warm
from web.headers import SecurityHeaders
from web.routes import PREFIXES, routes
from words.faults import LarderError

PAGE = Path(st.__file__).parent / "static" / "index.html"


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Load what every visit needs, then take it out of the garbage collector's rounds.

    Streamlit collects garbage after each rerun; with the geographic libraries loaded that costs more than the rerun.
    First, whatever a killed bake left of records is removed.
    """
    sweep_at_start(logging.getLogger("larder").warning)
    warm()
    gc.collect()
    gc.freeze()
    yield


try:
    account.check_address()
except LarderError as error:
    raise SystemExit(f"larder: {error}") from None

app = st.App(
    "ui/main.py",
    routes=[Route(payload.ROUTE, payload.answer), *routes()],
    middleware=[Middleware(SecurityHeaders, page=PAGE, plain=PREFIXES)],
    lifespan=lifespan,
)

if __name__ == "__main__":
    app.run()
