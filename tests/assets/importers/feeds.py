"""Feeds for tests: services in their pages, and a server on this machine that pages them."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_DNS, uuid5


def an_id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, name))


def a_service(name: str = "Counselling", **fields: Any) -> dict[str, Any]:
    """Return a service with a place in the middle of square B2 of the town."""
    location = {
        "id": an_id(f"{name} location"), "location_type": "physical", "latitude": 51.590602, "longitude": 0.450957,
        "external_identifier": "100090000000", "external_identifier_type": "UPRN",
        "addresses": [{
            "id": an_id(f"{name} address"), "address_1": "1 Mill Lane", "city": "Townley", "state_province": "Essex",
            "postal_code": "SS15 4JE", "country": "GB", "address_type": "physical", "attention": "A. Person",
        }],
    }  # fmt: skip
    return {
        "id": an_id(name), "name": name, "status": "active", "url": "https://example.org/x", "minimum_age": 12,
        "maximum_age": 100, "assured_date": "2026-05-31", "assurer_email": "person@example.org",
        "contacts": [{"id": an_id(f"{name} contact"), "name": "Ann Person"}],
        "schedules": [{
            "id": an_id(f"{name} hours"), "freq": "WEEKLY", "byday": "TH,FR", "opens_at": "10:00:00",
            "closes_at": "18:00:00",
        }],
        "service_at_locations": [{"id": an_id(f"{name} at"), "location": location}],
        "organization": {"id": an_id("org"), "name": "Example Org", "description": "It helps."},
        "attributes": [{
            "id": an_id(f"{name} attribute"),
            "taxonomy_term": {"id": an_id("term"), "name": "Advice service", "description": "", "taxonomy": "x"},
        }],
        **fields,
    }  # fmt: skip


def a_page(
    services: Sequence[Any], number: int = 1, pages: int = 1, items: int | None = None
) -> dict[str, Any]:
    return {
        "total_items": len(services) if items is None else items, "total_pages": pages, "page_number": number,
        "size": len(services), "first_page": number == 1, "last_page": number == pages, "empty": not services,
        "contents": list(services),
    }  # fmt: skip


@contextmanager
def served(answers: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Serve some answers by path and page, and yield the address and the list of what was asked for.

    An answer that is bytes is sent as it is; one that is a number is sent as that status; text redirects.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            page = parse_qs(parts.query).get("page", [""])[0]
            asked.append(self.path)
            answer = answers.get(f"{parts.path}?{page}" if page else parts.path, 404)
            self.send_response(answer if isinstance(answer, int) else 302 if isinstance(answer, str) else 200)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.end_headers()
            if not isinstance(answer, int | str):
                self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
