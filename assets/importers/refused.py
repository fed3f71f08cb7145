"""Refused rows: written beside the file, as they came and with the reason, so that they can be mended."""

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assets.importers.report import RowReport
from assets.importers.table import Table
from words.cells import plain_cell, safe_cell


def refused_csv(table: Table, refused: Sequence[RowReport]) -> str:
    """Return the refused rows as CSV: the cells as they came, and the row and the reason; none can run as a formula."""
    rows = {row.number: row for row in table.rows}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    widest = max(len(table.headings), *(len(rows[report.row].raw) for report in refused))
    extra = [f"cell {number}" for number in range(len(table.headings) + 1, widest + 1)]
    writer.writerow([safe_cell(heading) for heading in (*table.headings, *extra)] + ["reason"])
    for report in refused:
        raw = rows[report.row].raw
        padded = (*raw, *("" for _ in range(widest - len(raw))))
        why = f"row {report.row}: {'; '.join(report.reasons)}"
        writer.writerow([*(safe_cell(plain_cell(cell)) for cell in padded), why])
    return text.getvalue()


def write_refused(path: Path, home: Path, table: Table, refused: Sequence[RowReport]) -> Path:
    """Write the refused rows beside the file, or into the home where that is not allowed; never half."""
    text = refused_csv(table, refused)
    name = f"{path.stem}.refused.csv"
    if path.is_file() and may_write(path.parent):
        return _write_whole(path.parent / name, text)
    folder = home / "refused"
    folder.mkdir(parents=True, exist_ok=True)
    return _write_whole(folder / name, text)


def may_write(folder: Path) -> bool:
    """Return whether files can be written into a folder."""
    return os.access(folder, os.W_OK)


def _write_whole(target: Path, text: str) -> Path:
    # half a character cannot be written as UTF-8: a question mark stands for it
    data = text.encode("utf-8-sig", "replace")
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
        part.write(data)
    Path(part.name).replace(target)
    return target
