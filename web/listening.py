"""Where the app listens: its address, its port, and whether it answers there."""

import errno
import http.client
import os
import socket
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

from words.faults import LarderError

CHECKOUT = Path(__file__).resolve().parent.parent
SETTINGS = CHECKOUT / ".streamlit" / "config.toml"
NAMED_BY = "STREAMLIT_SERVER_ADDRESS"
LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - only named here
"""What stands for all of this computer's addresses, and the one of them at which to ask."""
FIRST_PORT = 8600
PORTS_TRIED = 50
ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks without the proxy that `http_proxy` may name: that one does not know this computer's own addresses."""
NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


class ServeError(LarderError):
    """The app could not be started where it was asked to."""


def address_to_listen_on() -> str:
    """Return the address that was asked for: by the environment, else by the settings in the checkout.

    Raises `ServeError` where it is a file (`unix://…`): nobody can be told to open that in a browser.
    """
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    asked = os.environ.get(NAMED_BY, "").strip() or str(settings["server"]["address"])
    if asked.startswith("unix://"):
        raise ServeError(f"{asked} is no address on a network.", "For a socket: streamlit run app.py")
    return asked


def site(address: str, port: int) -> str:
    """Return where a browser on this computer finds what listens on an address and port."""
    host = EVERY_ADDRESS.get(address, address)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Return whether nothing listens on the port of an address.

    Raises `ServeError` where this computer does not have the address.
    """
    try:
        family, kind, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno in NOT_HERE:
            cure = f"Name one that it has with {NAMED_BY}, or leave that out."
            raise ServeError(f"This computer does not have the address {address}.", cure) from error
        return False
    return True


def choose_port(asked: str | None, address: str = LOOPBACK) -> int:
    """Return the port that was asked for, or the first free one from 8600 on.

    `asked` is what a person typed (PORT); it is to be free on `address`. A port that is not a number, or is taken,
    raises `ServeError`: somebody who names a port means that one.
    """
    if asked:
        if not asked.isdecimal() or not 1 <= int(asked) <= 65535:
            raise ServeError(f"PORT={asked} is not a port.", "Give a whole number from 1 to 65535.")
        if not is_free(int(asked), address):
            raise ServeError(
                f"Port {asked} is taken.", "Stop what listens there, or choose another: make run PORT=8700"
            )
        return int(asked)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port, address):
            return port
    raise ServeError(
        f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken.",
        "Name a free one: make run PORT=9000",
    )


def answers(port: int, address: str = LOOPBACK) -> bool:
    """Return whether the app says that it is healthy, asked at the address on which it listens."""
    try:
        with ASK.open(f"{site(address, port)}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False
