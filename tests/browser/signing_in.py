"""A real OpenID Connect provider and the app set up to sign people in by it, each in a process of its own."""

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.conftest import _wait as wait_for
from tests.conftest import ROOT

PEOPLE = {
    "ada": {"name": "Ada Admin", "email": "ada@example.org", "email_verified": True},
    "mal": {"name": "Mal Mimic", "email": "ada@example.org", "email_verified": False},
    "sam": {"name": "Sam Steward", "email": "sam@example.org", "email_verified": True},
    "vic": {"name": "Vic Viewer", "email": "vic@example.org", "email_verified": True},
    "con": {"name": "Con Contributor", "email": "con@example.org", "email_verified": True},
    "ann": {"name": "Ann Analyst", "email": "ann@example.org", "email_verified": True},
}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def provider(folder: Path) -> Iterator[str]:
    """Run the provider, who knows PEOPLE, and yield its address."""
    port = free_port()
    claims = [
        part for sub, told in PEOPLE.items() for part in ("--user-claims", json.dumps({"sub": sub, **told}))
    ]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *claims]
    with (folder / "provider.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/.well-known/openid-configuration", server, folder / "provider.log")
            yield address
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def app(home: Path, issuer: str) -> Iterator[str]:
    """Run the app on a home with a login by a provider, its settings outside the checkout, and yield its address."""
    port = free_port()
    settings = home.parent / "secrets.toml"
    settings.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{secrets.token_hex(32)}"\nclient_id = "larder"\nclient_secret = "kept by nobody"\n'
        f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
    )
    settings.chmod(0o600)
    environment = {
        **os.environ,
        "LARDER_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "STREAMLIT_SECRETS_FILES": str(settings),
        "LARDER_ADMINS": "ada@example.org",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (home.parent / "app.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, home.parent / "app.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)
