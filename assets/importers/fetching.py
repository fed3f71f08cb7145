"""Fetching: asking a server for JSON - one host, a limit on size and time, no detours."""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from typing import IO

from assets.importers.json_file import parsed_json
from assets.importers.limits import LARGEST_JSON
from assets.importers.table import refusal

SECONDS = 30.0


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a feed is asked where its address says, nowhere else."""

    def redirect_request(  # noqa: PLR0917 - the signature is the library's
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Return nothing, which ends in an error that names the code."""


class Server:
    """A server of JSON at one address."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise refusal(
                address, "This is no address of a server.", "Write it like https://example.org/feed."
            )
        self.name = parts.hostname
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/services')}"
        self._seconds = seconds
        self._opener = urllib.request.build_opener(_NoDetours, urllib.request.ProxyHandler())

    def get(self, path: str, **query: object) -> object:
        """Return what the server answers, as values. Raises AssetError where it does not, or not with JSON."""
        address = f"{self._base}/{path}"
        if query:
            address += f"?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                data = answer.read(LARGEST_JSON + 1)
        except urllib.error.HTTPError as error:
            what = f"The server answers {path} with {error.code}."
            raise refusal(self.name, what, "Check the address.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise refusal(self.name, f"The server does not answer: {error}.", "Check the address.") from error
        if len(data) > LARGEST_JSON:
            raise refusal(self.name, f"Its answer to {path} is too large.", "Ask for smaller pages.")
        try:
            return parsed_json(data)
        except (ValueError, RecursionError) as error:
            what = f"Its answer to {path} is not JSON that can be read."
            raise refusal(self.name, what, "Check the address.") from error
