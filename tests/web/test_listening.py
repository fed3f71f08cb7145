"""Where the app listens: without a login on this computer alone, however it is started."""

import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.served import STREAMLIT, started

LISTENING = "0A"
LOOPBACK = "0100007F"
ANOTHER = "127.0.0.2"
SERVE = ("-m", "cli", "serve", "--port", "{port}")
AUTH = """[auth]
redirect_uri = "https://larder.example.org/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
client_id = "larder"
client_secret = "x"
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
"""

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").is_file(), reason="asks Linux who listens")


def addresses(port: int) -> set[str]:
    """The addresses on which somebody listens at a port, as Linux writes them."""
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1].split(":")[0] for row in rows if row[3] == LISTENING and row[1].endswith(f":{port:04X}")}


def test_without_a_login_it_answers_to_this_computer_alone(larder_home: Path) -> None:
    # started in another folder, it does not find the settings that stand in the checkout by the folder's name
    with started(larder_home, STREAMLIT, ROOT.parent) as (server, port):
        assert server.poll() is None, (larder_home / "said.txt").read_text()
        assert addresses(port) == {LOOPBACK}


def test_another_address_without_a_login_is_refused(larder_home: Path) -> None:
    with started(larder_home, SERVE, STREAMLIT_SERVER_ADDRESS="0.0.0.0") as (server, port):
        said = (larder_home / "said.txt").read_text()
        assert server.poll() == 1, said
        assert addresses(port) == set()
    assert "no login is set up" in said
    assert "LARDER_PUBLIC=1" in said
    assert "Traceback" not in said


def test_with_a_login_it_may_answer_to_others(larder_home: Path) -> None:
    secrets = larder_home / "secrets.toml"
    secrets.write_text(AUTH)
    words = (*STREAMLIT, "--server.address", "0.0.0.0")
    with started(larder_home, words, STREAMLIT_SECRETS_FILES=str(secrets)) as (server, port):
        assert server.poll() is None, (larder_home / "said.txt").read_text()
        assert addresses(port) == {"00000000"}


def test_serve_waits_on_the_address_that_it_listens_on(larder_home: Path) -> None:
    with started(larder_home, SERVE, STREAMLIT_SERVER_ADDRESS=ANOTHER, LARDER_PUBLIC="1") as (server, port):
        told = f"Larder is open at http://{ANOTHER}:{port} (Ctrl-C closes it)"
        deadline = time.monotonic() + 20
        while told not in (said := (larder_home / "said.txt").read_text()) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert told in said
        assert server.poll() is None
        assert addresses(port) == {"0200007F"}
