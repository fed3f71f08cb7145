"""The report of an import: what became of each row, with totals that add up."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from words.faults import Fault

OUTCOMES = ("accepted", "mended", "held", "refused", "updated", "conflict", "unchanged")
MOST_TOLD = 20
"""How many rows of one outcome are told; JSON has them all."""
MEANING = {
    "accepted": "accepted as they are",
    "mended": "accepted, mended",
    "held": "held for review",
    "refused": "refused",
    "updated": "updated",
    "conflict": "changed there and here: waiting in the queue",
    "unchanged": "already there",
}


@dataclass(frozen=True)
class RowReport:
    """What became of one row (numbered as its spreadsheet shows it, see `TableRow`) and why.

    `outcome` is one of OUTCOMES; `reasons` say how it was mended, why it is held or refused; `notes` what
    else is worth knowing. `geocoded` says whether it has a point on the map. `faults` hold what a refused row
    is refused for, each with its file, row and column.
    """

    row: int
    outcome: str
    name: str
    category: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    geocoded: bool
    place: str | None
    asset_id: str | None
    faults: tuple[Fault, ...] = ()

    def sentence(self) -> str:
        """Return the row's report as one line."""
        told = "; ".join((*self.reasons, *self.notes))
        line = f"row {self.row}, {self.name or 'no name'}: {MEANING[self.outcome]}"
        return f"{line}: {told}" if told else line


@dataclass(frozen=True)
class Gone:
    """A row that the source had and no longer has: its key there, and the asset that stays here."""

    key: str
    asset_id: str
    name: str


@dataclass(frozen=True)
class ImportReport:
    """The report of one import: `totals` has a count an outcome, and they add up to the rows.

    `source` is what the file counts as, in each of its editions; `gone` the assets that it had before and
    has no longer, which nothing here removes. `is_whole` is False where the source says that it has more.
    """

    file: str
    mapping: str
    rows: tuple[RowReport, ...]
    notes: tuple[str, ...]
    dry_run: bool
    refused_file: Path | None
    format: str = "csv"
    source: str = ""
    licence: str = ""
    gone: tuple[Gone, ...] = ()
    is_whole: bool = True

    @property
    def totals(self) -> dict[str, int]:
        """Return how many rows had each outcome; the sum is the number of rows."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def geocoded(self) -> int:
        """Return how many rows have a point on the map."""
        return sum(row.geocoded for row in self.rows)

    @property
    def outside(self) -> int:
        """Return how many kept rows lie outside every place that was asked."""
        return sum(row.geocoded and row.place is None for row in self.rows)

    def sentences(self) -> list[str]:
        """Return the report's head in plain words, one sentence a line."""
        always = ("accepted", "mended", "held", "refused", "unchanged")
        totals = ", ".join(
            f"{count} {MEANING[outcome]}"
            for outcome, count in self.totals.items()
            if count or outcome in always
        )
        lines = [f"{self.file}: {len(self.rows)} rows: {totals}."]
        lines.append(
            f"{self.geocoded} have a point on the map; {self.outside} of them lie outside every place."
        )
        if self.refused_file:
            cure = (
                "mend them there and import that file"
                if self.format == "csv"
                else "mend them at their source"
            )
            lines.append(f"The refused rows are in {self.refused_file}: {cure}.")
        if self.licence:
            lines.append(f"The licence {self.licence} is kept with each of them.")
        if self.gone:
            names = ", ".join(one.name[:80] for one in self.gone[:MOST_TOLD])
            more = f" and {len(self.gone) - MOST_TOLD} more" if len(self.gone) > MOST_TOLD else ""
            lines.append(
                f"{self.source} no longer has {len(self.gone)} that it had: {names}{more}. Nothing was removed."
            )
        if self.dry_run:
            lines.append("This was a trial: nothing was written.")
        return [*lines, *self.notes, *self._told()]

    def _told(self) -> list[str]:
        """Return the rows that are not plainly accepted, some of each outcome, and the categories not known."""
        lines = []
        for outcome in ("refused", "conflict", "held", "updated", "mended"):
            rows = [row for row in self.rows if row.outcome == outcome]
            lines += [row.sentence() for row in rows[:MOST_TOLD]]
            if len(rows) > MOST_TOLD:
                lines.append(f"… and {len(rows) - MOST_TOLD} more {MEANING[outcome]}: --json has them all.")
        noted = [row for row in self.rows if row.outcome == "accepted" and row.notes]
        return lines + [row.sentence() for row in noted[:MOST_TOLD]]

    def as_dict(self) -> dict[str, Any]:
        """Return the whole report as plain values that JSON can hold."""
        return {
            "id": self.file,
            "file": self.file,
            "mapping": self.mapping,
            "format": self.format,
            "source": self.source,
            "licence": self.licence,
            "dry_run": self.dry_run,
            "total": len(self.rows),
            **self.totals,
            "geocoded": self.geocoded,
            "outside": self.outside,
            "refused_file": str(self.refused_file) if self.refused_file else None,
            "is_whole": self.is_whole,
            "gone": [asdict(one) for one in self.gone],
            "notes": list(self.notes),
            "rows": [
                {**asdict(row), "reasons": list(row.reasons), "notes": list(row.notes)} for row in self.rows
            ],
        }
