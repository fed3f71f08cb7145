"""From a row of cells to a candidate: the fields of an asset as text, before they are judged."""

from collections.abc import Mapping as Cells
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assets.errors import AssetError
from assets.importers.mapping import DETAILS, IDENTIFIERS, Mapping
from assets.importers.table import Table, TableRow
from words.faults import Fault


@dataclass(frozen=True)
class Candidate:
    """One row's fields as text.

    `details` and `identifiers` hold those of `mapping.DETAILS` and `mapping.IDENTIFIERS` that are filled.
    `mends` says what reading it took, `doubts` why a steward should look, `notes` what else is worth
    knowing; `faults` say why it cannot be judged. `record` is the source's whole record where it has one.
    """

    row: int
    name: str
    category: str = ""
    longitude: str = ""
    latitude: str = ""
    easting: str = ""
    northing: str = ""
    grid_reference: str = ""
    postcode: str = ""
    address: str = ""
    confirmed_on: str = ""
    source: str = ""
    website: str = ""
    description: str = ""
    reference: str = ""
    details: Cells[str, str] = field(default_factory=dict)
    identifiers: Cells[str, str] = field(default_factory=dict)
    mends: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    record: Cells[str, Any] | None = None

    def texts(self) -> list[str]:
        """Return everything that the row says, in one order, to tell rows apart by."""
        own = [
            self.reference, self.name, self.category, self.longitude, self.latitude, self.postcode, self.address,
            self.website, self.description, self.easting, self.northing, self.grid_reference, self.confirmed_on,
        ]  # fmt: skip
        return [
            *own,
            *(f"{key}={text}" for part in (self.details, self.identifiers) for key, text in part.items()),
        ]


def candidates(table: Table, mapping: Mapping, file: str) -> list[Candidate]:
    """Return a candidate a row.

    Raises AssetError where the columns that the mapping names are not in the file.
    """
    columns = _columns(table, mapping, file)
    return [_candidate(row, columns, mapping, file) for row in table.rows]


def unread_columns(table: Table, mapping: Mapping, file: str) -> list[str]:
    """Return the headings of columns that hold something, of which no row's candidate takes anything.

    Either no field is fed by them, or wherever they are filled another column stands before them. Raises AssetError as
    `candidates` does.
    """
    columns = _columns(table, mapping, file)
    read = {*columns.pop("address", ()), *(mapping.premises.columns if mapping.premises else ())}
    filled = set()
    for row in table.rows:
        read |= {
            used
            for names in columns.values()
            if (used := next((each for each in names if row.cells[each]), ""))
        }
        filled |= {heading for heading, cell in row.cells.items() if cell}
    return [heading for heading in table.headings if heading in filled - read]


def _columns(table: Table, mapping: Mapping, file: str) -> dict[str, list[str]]:
    """Return, for each field, the file's headings that feed it."""
    headings = {heading.casefold(): heading for heading in table.headings}
    columns = {
        name: [headings[each.casefold()] for each in names if each.casefold() in headings]
        for name, names in mapping.columns.items()
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
    def first(name: str) -> str:
        return next((row.cells[heading] for heading in columns.get(name, ()) if row.cells[heading]), "")

    constants = mapping.constants
    name, mends = _name(row, first("name"), first("description"), mapping)
    return Candidate(
        row=row.number,
        name=name,
        category=first("category") or constants.category,
        longitude=first("longitude"),
        latitude=first("latitude"),
        easting=first("easting"),
        northing=first("northing"),
        grid_reference=first("grid_reference"),
        postcode=first("postcode"),
        address=", ".join(cell for heading in columns.get("address", ()) if (cell := row.cells[heading])),
        confirmed_on=first("confirmed_on"),
        source=first("source") or constants.source or file,
        website=first("website"),
        description=first("description"),
        reference=first("reference"),
        details={detail: text for detail in DETAILS if (text := first(detail))},
        identifiers={key: text for key in IDENTIFIERS if (text := first(key))},
        mends=(*row.mends, *mends),
        doubts=row.doubts,
        notes=row.notes,
        faults=row.faults,
        record=row.record,
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
