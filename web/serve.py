"""Start the app, wait until it answers, and say where it is."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from web.leash import on_leash
from words.faults import LarderError

CHECKOUT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
FIRST_PORT = 8600
PORTS_TRIED = 50
PATIENCE_SECONDS = 120.0
PATIENCE_AT_THE_END = 10.0


class ServeError(LarderError):
    """The app could not be started where it was asked to."""


def is_free(port: int) -> bool:
    """Return whether nothing listens on the port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_port(asked: str | None) -> int:
    """Return the port that was asked for, or the first free one from 8600 on.

    `asked` is what a person typed (PORT). A port that is not a number, or is taken, raises `ServeError`: somebody who
    names a port means that one.
    """
    if asked:
        if not asked.isdecimal() or not 1 <= int(asked) <= 65535:
            raise ServeError(f"PORT={asked} is not a port.", "Give a whole number from 1 to 65535.")
        if not is_free(int(asked)):
            raise ServeError(
                f"Port {asked} is taken.", "Stop what listens there, or choose another: make run PORT=8700"
            )
        return int(asked)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port):
            return port
    raise ServeError(
        f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken.",
        "Name a free one: make run PORT=9000",
    )


def answers(port: int) -> bool:
    """Return whether the app says that it is healthy."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the app answers; raise `ServeError` when it ended or took too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        if server.poll() is not None:
            raise ServeError("The app ended while it was starting.", "Its own words stand above.")
        if time.monotonic() > deadline:
            server.terminate()
            raise ServeError(f"The app did not answer within {PATIENCE_SECONDS:.0f} seconds.", "Try again.")
        time.sleep(0.2)


def wants_browser() -> bool:
    """Return whether to open a browser: there is a desktop, and BROWSER=none was not said."""
    desktop = sys.platform in {"darwin", "win32"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return desktop and os.environ.get("BROWSER") != "none"


def serve(port: int, say: Callable[[str], None], behind: Sequence[str] = ()) -> int:
    """Run the app on the port until it is stopped, and return its exit status.

    The address is said once the app answers. A browser is opened where there is a desktop, unless BROWSER=none.
    `behind` are the words of a `larder` command to run beside the app from then on; it is stopped with the app.
    Both are on a leash: they end when this process does, even where it is killed and can end nobody.
    """
    command = on_leash("streamlit", "run", "app.py", "--server.headless", "true", "--server.port", str(port))
    server = subprocess.Popen(  # noqa: S603 - our own interpreter on our own file
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    wait_until_ready(server, port)
    address = f"http://{HOST}:{port}"
    if wants_browser():
        webbrowser.open(address)
    say(f"Larder is open at {address} (Ctrl-C closes it)")
    beside = start_gently(behind) if behind else None
    try:
        status = server.wait()
    finally:
        if beside:
            end(beside)
    return 0 if status in (0, -signal.SIGTERM, -signal.SIGINT) else status


def start_gently(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a `larder` command that lets the app go first where both want the processor."""
    gently = ["nice", "-n", "10"] if shutil.which("nice") else []
    command = [*gently, *on_leash("cli", *words)]
    return subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE)  # noqa: S603 - our own


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask a command to stop, which lets it clear up after itself; insist when it does not listen."""
    child.terminate()
    try:
        child.wait(PATIENCE_AT_THE_END)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
