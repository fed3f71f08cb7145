"""Choosing a port and an address, and asking there whether the app answers."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from web import listening
from web.listening import LOOPBACK, NAMED_BY, ServeError

THIS_COMPUTER = "127.0.0.2"
"""Another of this computer's own addresses, on Linux."""


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_refused(taken: int) -> None:
    with pytest.raises(listening.ServeError, match=f"Port {taken} is taken"):
        listening.choose_port(str(taken))


def test_an_unset_port_passes_over_one_that_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "FIRST_PORT", taken)
    assert taken < listening.choose_port("") < taken + listening.PORTS_TRIED


@pytest.mark.parametrize("asked", ["abc", "0", "65536", "-1", "80.5", " "])
def test_what_is_no_port_is_refused(asked: str) -> None:
    with pytest.raises(listening.ServeError, match="is not a port"):
        listening.choose_port(asked)


def test_all_ports_taken_is_said(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "FIRST_PORT", taken)
    monkeypatch.setattr(listening, "PORTS_TRIED", 1)
    with pytest.raises(listening.ServeError, match="all taken"):
        listening.choose_port(None)


def test_a_port_is_looked_for_on_the_address_that_was_asked_for(taken: int) -> None:
    try:
        assert listening.is_free(taken, THIS_COMPUTER)
    except ServeError:
        pytest.skip("this system has one loopback address only")
    assert listening.choose_port(str(taken), THIS_COMPUTER) == taken


@pytest.mark.parametrize("address", ["203.0.113.9", "no.such.host.invalid"])
def test_an_address_that_this_computer_does_not_have_is_refused(address: str) -> None:
    with pytest.raises(ServeError, match="does not have the address") as refused:
        listening.choose_port("", address)
    assert NAMED_BY in refused.value.faults[0].cure


@pytest.mark.parametrize(
    ("asked", "address"), [(None, LOOPBACK), ("", LOOPBACK), (" ", LOOPBACK), ("192.0.2.7", "192.0.2.7")]
)
def test_the_address_is_the_environments_or_that_of_the_settings(
    asked: str | None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAMED_BY, raising=False)
    if asked is not None:
        monkeypatch.setenv(NAMED_BY, asked)
    assert listening.address_to_listen_on() == address


def test_a_socket_in_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAMED_BY, "unix:///tmp/larder.sock")
    with pytest.raises(ServeError, match="no address on a network"):
        listening.address_to_listen_on()


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("127.0.0.1", "http://127.0.0.1:8600"),
        ("192.0.2.7", "http://192.0.2.7:8600"),
        ("localhost", "http://localhost:8600"),
        ("0.0.0.0", "http://127.0.0.1:8600"),
        ("::", "http://[::1]:8600"),
        ("2001:db8::7", "http://[2001:db8::7]:8600"),
    ],
)
def test_what_listens_on_every_address_is_asked_at_one_of_them(address: str, site: str) -> None:
    assert listening.site(address, 8600) == site


class Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_it_is_asked_directly_whatever_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HTTPServer((LOOPBACK, 0), Well) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert listening.answers(server.server_port)
        server.shutdown()
