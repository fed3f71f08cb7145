"""Choosing a port, and the app's life from the outside."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from web import serve


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_refused(taken: int) -> None:
    with pytest.raises(serve.ServeError, match=f"Port {taken} is taken"):
        serve.choose_port(str(taken))


def test_an_unset_port_passes_over_one_that_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", taken)
    assert taken < serve.choose_port("") < taken + serve.PORTS_TRIED


@pytest.mark.parametrize("asked", ["abc", "0", "65536", "-1", "80.5", " "])
def test_what_is_no_port_is_refused(asked: str) -> None:
    with pytest.raises(serve.ServeError, match="is not a port"):
        serve.choose_port(asked)


def test_all_ports_taken_is_said(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", taken)
    monkeypatch.setattr(serve, "PORTS_TRIED", 1)
    with pytest.raises(serve.ServeError, match="all taken"):
        serve.choose_port(None)


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
