"""Start the app, wait until it answers, and say where it is."""

import os
import shutil
import signal
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from types import FrameType

from web.leash import on_leash
from web.listening import CHECKOUT, ServeError, answers, site

PATIENCE_SECONDS = 120.0
PATIENCE_AT_THE_END = 10.0


def wait_until_ready(server: subprocess.Popen[bytes], port: int, address: str) -> None:
    """Return when the app answers where it listens; raise `ServeError` when it ended or took too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port, address):
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


def serve(port: int, address: str, say: Callable[[str], None], behind: Sequence[str] = ()) -> int:
    """Run the app on the port of an address until it is stopped, and return its exit status.

    The site is said once the app answers there. A browser is opened where there is a desktop, unless BROWSER=none.
    `behind` are the words of a `larder` command to run beside the app from then on; it is stopped with the app.
    Both are on a leash: they end when this process does, even where it is killed and can end nobody.
    """
    where = ("--server.address", address, "--server.port", str(port))
    command = on_leash("streamlit", "run", "app.py", "--server.headless", "true", *where)
    server = subprocess.Popen(  # noqa: S603 - our own interpreter on our own file
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    wait_until_ready(server, port, address)
    if wants_browser():
        webbrowser.open(site(address, port))
    say(f"Larder is open at {site(address, port)} (Ctrl-C closes it)")
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
