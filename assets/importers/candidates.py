"""From a row of cells to a candidate: the fields of an asset as text, before they are judged."""

from collections.abc import Mapping as Cells
from collections.abc import Sequence
from dataclasses import dataclass

from assets.errors import AssetError
from assets.importers.mapping import Mapping
from assets.importers.table import Table, TableRow
from words.faults import Fault


@dataclass(frozen=True)
class Candidate:
    """One row's fields as text; `mends` says what reading it took; a `fault` says why it cannot be judged."""

    row: int
    name: str
    category: str = ""
    longitude: str = ""
    latitude: str = ""
    postcode: str = ""
    address: str = ""
    confirmed_on: str = ""
    source: str = ""
    website: str = ""
    description: str = ""
    reference: str = ""
    mends: tuple[str, ...] = ()
    fault: str = ""


def candidates(table: Table, mapping: Mapping, file: str) -> list[Candidate]:
    """Return a candidate a row.

    Raises AssetError where the columns that the mapping names are not in the file.
    """
    columns = _columns(table, mapping, file)
    return [_candidate(row, columns, mapping, file) for row in table.rows]


def _columns(table: Table, mapping: Mapping, file: str) -> dict[str, list[str]]:
    """Return, for each field, the file's headings that feed it."""
    headings = {heading.casefold(): heading for heading in table.headings}
    columns = {
        field: [headings[name.casefold()] for name in names if name.casefold() in headings]
        for field, names in mapping.columns.items()
    }
    if not columns["name"]:
        wanted = " or ".join(repr(name) for name in mapping.columns["name"])
        raise AssetError(
            [
                Fault(
                    f"There is no column {wanted}; the columns are {', '.join(table.headings)}.",
                    "Rename the column that holds the names, or give a mapping (--mapping).",
                    file=file,
                )
            ]
        )
    return columns


def _candidate(row: TableRow, columns: Cells[str, Sequence[str]], mapping: Mapping, file: str) -> Candidate:
    def first(field: str) -> str:
        return next((row.cells[name] for name in columns.get(field, ()) if row.cells[name]), "")

    constants = mapping.constants
    name, mends = _name(row, first("name"), first("description"), mapping)
    return Candidate(
        row=row.number,
        name=name,
        category=first("category") or constants.category,
        longitude=first("longitude"),
        latitude=first("latitude"),
        postcode=first("postcode"),
        address=", ".join(cell for name in columns.get("address", ()) if (cell := row.cells[name])),
        confirmed_on=first("confirmed_on"),
        source=first("source") or constants.source or file,
        website=first("website"),
        description=first("description"),
        reference=first("reference"),
        mends=(*row.mends, *mends),
        fault=row.fault,
    )


def _name(row: TableRow, name: str, description: str, mapping: Mapping) -> tuple[str, tuple[str, ...]]:
    """Return the row's name: the occupier, or the premises where the mapping says so."""
    plain = " ".join(name.split())
    premises = mapping.premises
    if premises is None or (plain and not premises.found(plain)):
        return plain, ()
    lines = [line for column in premises.columns if (line := " ".join(row.cells.get(column, "").split()))]
    if not lines:
        return plain, ()
    if lines[0][0].isdigit() and description:
        kind = " ".join(description.casefold().split())
        for ending in premises.drop_from_description:
            kind = kind.removesuffix(ending).strip()
        lines = [kind.capitalize(), lines[0]]
    joint = " " if lines[0].casefold().endswith(("@", " at", " to")) else ", "
    why = f"the file names only its occupier, {plain}" if plain else "the file leaves its occupier out"
    called = joint.join(lines)
    return called, (f"named after its premises, {called!r}: {why}",)
