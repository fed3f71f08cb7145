"""The app on a real server of its own, started as a person would start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT
from web.listening import LOOPBACK, NAMED_BY, answers

STREAMLIT = ("-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", "{port}")


@contextmanager
def started(
    home: Path, words: tuple[str, ...], cwd: Path = ROOT, **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server on a free port, with what it said in a file of its home; it is ended with all that it started."""
    address = more.get(NAMED_BY, LOOPBACK)
    with socket.socket() as free:
        free.bind((address, 0))
        port = free.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LARDER_", "STREAMLIT_"))
    }
    environment |= {"LARDER_HOME": str(home), "PYTHONPATH": str(ROOT), "BROWSER": "none", **more}
    command = [sys.executable, *(word.format(port=port) for word in words)]
    with (home / "said.txt").open("wb") as said:
        server = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 90
        while server.poll() is None and not answers(port, address) and time.monotonic() < deadline:
            time.sleep(0.2)
        yield server, port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
