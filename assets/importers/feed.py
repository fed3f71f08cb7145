"""Reading a feed of Open Referral UK: a file, a folder of its pages, or the address of a server that pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assets.errors import AssetError
from assets.importers.fetching import Server
from assets.importers.json_file import loaded_json
from assets.importers.limits import MOST_ROWS, at_most_rows
from assets.importers.referral_cells import HEADINGS, cells_of
from assets.importers.table import Table, TableRow, refusal, table_row
from assets.open_referral import checked_service, left_out

_ADDRESS = re.compile(r"(https?):/+", re.IGNORECASE)
_CURE = "Give the pages of /services as a server of Open Referral UK 3.0 answers them."


@dataclass(frozen=True)
class _Page:
    """One page of services: where it came from, what it holds, what its envelope says."""

    name: str
    records: Sequence[object]
    number: int | None = None
    pages: int | None = None
    items: int | None = None


def is_address(path: Path | str) -> bool:
    """Say whether this is the address of a server rather than a file."""
    return _ADDRESS.match(str(path)) is not None


def read_feed(source: Path | str) -> Table:
    """Read the services of a feed, each a row, checked against the profile.

    `source` is a file (a page with its envelope, a list of services, or one service), a folder of pages, or
    the address of a server, whose `/services` is paged and whose `/services/{id}` is asked for each service
    that is there once. Every fault of a service stands in its row; the record is kept whole beside its cells.

    Raises AssetError where nothing of the feed can be read.
    """
    if is_address(source):
        name = str(source)
        pages = list(_fetched(Server(_ADDRESS.sub(r"\1://", name))))
    else:
        path = Path(source)
        name = path.name
        pages = _folder(path) if path.is_dir() else [_page(path.name, loaded_json(path))]
    rows: list[TableRow] = []
    unknown: set[str] = set()
    for page in pages:
        for record in page.records:
            row, more = _row(len(rows) + 1, record, page.name)
            rows.append(row)
            unknown |= more
            at_most_rows(name, len(rows))
    notes, is_whole = _told(pages, len(rows))
    if unknown:
        notes.append(f"The profile does not know, so these were left out: {', '.join(sorted(unknown)[:20])}.")
    return Table(HEADINGS, tuple(rows), tuple(notes), is_whole)


def _row(number: int, record: object, file: str) -> tuple[TableRow, set[str]]:
    known, faults = checked_service(record)
    if faults:
        cells = {"name": _name(record)}
        texts = [cells.get(heading, "") for heading in HEADINGS]
        return table_row(number, HEADINGS, texts, faults=[replace(one, file=file) for one in faults]), set()
    cells, doubts, notes = cells_of(known)
    texts = [cells.get(heading, "") for heading in HEADINGS]
    row = table_row(number, HEADINGS, texts, doubts=doubts, notes=notes, record=known)
    return row, left_out(record, known)


def _name(record: object) -> str:
    name = record.get("name") if isinstance(record, Mapping) else None
    return name if isinstance(name, str) else ""


def _page(name: str, document: object) -> _Page:
    """Return the page that a document is. Raises AssetError where it is none."""
    if isinstance(document, list):
        return _Page(name, document)
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        whole = {key: _count(document.get(key)) for key in ("page_number", "total_pages", "total_items")}
        return _Page(
            name, document["contents"], whole["page_number"], whole["total_pages"], whole["total_items"]
        )
    if isinstance(document, dict) and "id" in document:
        return _Page(name, [document])
    raise refusal(name, "This is no page of services.", _CURE)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _folder(folder: Path) -> list[_Page]:
    """Return the pages of services in a folder, by their numbers; other files in it are no pages."""
    found = []
    for path in sorted(folder.glob("*.json")):
        document = loaded_json(path)
        if isinstance(document, dict) and "page_number" in document and _holds_services(document):
            found.append(_page(path.name, document))
    if not found:
        raise refusal(folder.name, "No file in this folder is a page of services.", _CURE)
    numbers = [page.number for page in found]
    twice = sorted({str(page.name) for page in found if numbers.count(page.number) > 1})
    if twice:
        what = f"More than one file says that it is the same page: {', '.join(twice)}."
        raise refusal(folder.name, what, "Keep one file a page.")
    return sorted(found, key=lambda page: page.number or 0)


def _holds_services(document: Mapping[str, Any]) -> bool:
    """Say whether a page holds services, rather than taxonomies, organisations or places of services."""
    contents = document.get("contents")
    if not isinstance(contents, list):
        return False
    return all(
        isinstance(one, dict) and "status" in one and not {"service", "taxonomy_terms"} & set(one)
        for one in contents
    )


def _fetched(server: Server) -> Iterator[_Page]:
    """Yield the pages of a server, each service with its whole record where its id is there once."""
    number, seen, pages = 1, 0, []
    while True:
        page = _page(server.name, server.get("services", page=number))
        if page.pages is None or page.number != number:
            what = f"Page {number} does not say which page it is, and of how many."
            raise refusal(server.name, what, _CURE)
        pages.append(page)
        seen += len(page.records)
        if number >= page.pages or seen > MOST_ROWS:
            break
        if not page.records:
            raise refusal(server.name, f"Page {number} of {page.pages} is empty.", "Ask its owner.")
        number += 1
    ids = [_id(record) for page in pages for record in page.records]
    once = {one for one in ids if one is not None and ids.count(one) == 1} if len(ids) < 5_000 else set()
    for page in pages:
        yield replace(page, records=[_whole(server, record, once) for record in page.records])


def _id(record: object) -> str | None:
    found = record.get("id") if isinstance(record, Mapping) else None
    return found if isinstance(found, str) and re.fullmatch(r"[0-9A-Za-z-]{1,64}", found) else None


def _whole(server: Server, record: object, once: set[str]) -> object:
    """Return the whole record of a service where the server has one, else what its page says."""
    found = _id(record)
    if found is None or found not in once:
        return record
    try:
        return server.get(f"services/{found}")
    except AssetError:
        return record  # its page's record is checked like any other


def _told(pages: Sequence[_Page], rows: int) -> tuple[list[str], bool]:
    """Return what the envelopes say of the feed, and whether all of it was read."""
    notes = [f"Read {rows} services from {len(pages)} pages." if len(pages) > 1 else f"Read {rows} services."]
    items = next((page.items for page in pages if page.items is not None), None)
    total = next((page.pages for page in pages if page.pages is not None), None)
    is_whole = True
    if total is not None and total != len(pages):
        notes.append(f"The feed has {total} pages, and {len(pages)} were read.")
        is_whole = False
    if items is not None and items != rows:
        notes.append(f"The feed says that it has {items} services, and holds {rows}.")
        is_whole = False
    return notes, is_whole
