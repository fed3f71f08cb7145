"""The report of an import: what became of each row, with totals that add up."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assets.importers.table import Table
from words.cells import plain_cell, safe_cell

OUTCOMES = ("accepted", "mended", "held", "refused", "unchanged")
MOST_TOLD = 20
"""How many rows of one outcome are told; JSON has them all."""
MEANING = {
    "accepted": "accepted as they are",
    "mended": "accepted, mended",
    "held": "held for review",
    "refused": "refused",
    "unchanged": "already there",
}


@dataclass(frozen=True)
class RowReport:
    """What became of one row (1 = the first row of data) and why.

    `outcome` is one of OUTCOMES; `reasons` say how it was mended, why it is held or refused; `notes` what
    else is worth knowing. `geocoded` says whether it has a point on the map.
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

    def sentence(self) -> str:
        """Return the row's report as one line."""
        told = "; ".join((*self.reasons, *self.notes))
        line = f"row {self.row}, {self.name or 'no name'}: {MEANING[self.outcome]}"
        return f"{line}: {told}" if told else line


@dataclass(frozen=True)
class ImportReport:
    """The report of one import: `totals` has a count an outcome, and they add up to the rows."""

    file: str
    mapping: str
    rows: tuple[RowReport, ...]
    notes: tuple[str, ...]
    dry_run: bool
    refused_file: Path | None

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
        totals = ", ".join(f"{count} {MEANING[outcome]}" for outcome, count in self.totals.items())
        lines = [f"{self.file}: {len(self.rows)} rows: {totals}."]
        lines.append(
            f"{self.geocoded} have a point on the map; {self.outside} of them lie outside every place."
        )
        if self.refused_file:
            lines.append(
                f"The refused rows are in {self.refused_file}: mend them there and import that file."
            )
        if self.dry_run:
            lines.append("This was a trial: nothing was written.")
        return [*lines, *self.notes, *self._told()]

    def _told(self) -> list[str]:
        """Return the rows that are not plainly accepted, some of each outcome, and the categories not known."""
        lines = []
        for outcome in ("refused", "held", "mended"):
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
            "dry_run": self.dry_run,
            "total": len(self.rows),
            **self.totals,
            "geocoded": self.geocoded,
            "outside": self.outside,
            "refused_file": str(self.refused_file) if self.refused_file else None,
            "notes": list(self.notes),
            "rows": [
                {**asdict(row), "reasons": list(row.reasons), "notes": list(row.notes)} for row in self.rows
            ],
        }


def refused_csv(table: Table, refused: Sequence[RowReport]) -> str:
    """Return the refused rows as CSV: the cells as they came and the reason; cells cannot run as formulas."""
    rows = {row.number: row for row in table.rows}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    widest = max(len(table.headings), *(len(rows[report.row].raw) for report in refused))
    extra = [f"cell {number}" for number in range(len(table.headings) + 1, widest + 1)]
    writer.writerow([safe_cell(heading) for heading in (*table.headings, *extra)] + ["reason"])
    for report in refused:
        raw = rows[report.row].raw
        padded = (*raw, *("" for _ in range(widest - len(raw))))
        writer.writerow([*(safe_cell(plain_cell(cell)) for cell in padded), "; ".join(report.reasons)])
    return text.getvalue()
