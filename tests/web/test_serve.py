"""The app's life from the outside."""

import signal
import subprocess
import sys

import pytest

from web import serve


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "BROWSER": "none"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
    ],
)
def test_a_browser_is_opened_only_where_there_is_a_desktop(
    environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert serve.wants_browser() is expected


@pytest.mark.parametrize("deaf", [False, True], ids=["listens", "does not listen"])
def test_what_runs_behind_the_app_ends_with_it(deaf: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PATIENCE_AT_THE_END", 0.2 if deaf else 10.0)
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if deaf else ""
    source = f"import signal, time; {ignore} print('ready', flush=True); time.sleep(60)"
    child = subprocess.Popen(
        [sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        serve.end(child)
        assert child.returncode == (-signal.SIGKILL if deaf else -signal.SIGTERM)
