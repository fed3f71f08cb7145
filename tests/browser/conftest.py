"""A real browser on the real app: the demo place baked, its assets loaded, a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
    "--disable-background-networking",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium, or the reason why there is none.

    Its driver keeps an event loop running in this thread, so it ends with the module: later tests start their own.
    """
    if not CHROMIUM.exists():
        missing(f"a Chromium at {CHROMIUM} (Debian: apt-get install chromium; elsewhere set CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo baked and its assets loaded, as the first start makes it; and a small run from records."""
    from bake.demo import bake_demo
    from tests.ui import kitchen, kitchen_records

    folder = tmp_path_factory.mktemp("home")
    bake_demo(folder, lambda _: None)
    kitchen.make_place(folder)
    kitchen_records.make_records_run(
        folder, year=2020
    )  # older than the demo's, so that the app begins with the demo
    return folder


@pytest.fixture(scope="module")
def address(demo_home: Path) -> Iterator[str]:
    """The address of the running app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {**os.environ, "LARDER_HOME": str(demo_home), "PYTHONPATH": str(ROOT)}
    settings.pop("LARDER_TILES", None)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = (demo_home / "app.log").open("w")
    server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server, demo_home / "app.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            pytest.fail(f"the app stopped: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail("the app did not answer within a minute")
