"""Taking a text in as a file, and what the register then holds."""

from datetime import date
from pathlib import Path

from assets.importers.intake import import_file
from assets.importers.report import ImportReport, RowReport
from assets.register import list_assets
from assets.schema import Asset
from store.roles import CLI
from store.session import reading

TODAY = date(2026, 11, 23)
# the middle of square B2: Code-Point Open gives its grid reference 569880, 190818 as these degrees
B2 = (0.450957, 51.590602)


def take(home: Path, text: str, name: str = "assets.csv", **options: object) -> ImportReport:
    folder = home.parent / "files"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return import_file(path, home=home, today=TODAY, **options)  # type: ignore[arg-type]


def one(home: Path, text: str, **options: object) -> RowReport:
    report = take(home, text, **options)
    assert len(report.rows) == 1
    return report.rows[0]


def told(report: ImportReport) -> dict[str, int]:
    """Return the totals that are not 0."""
    return {outcome: count for outcome, count in report.totals.items() if count}


def kept(home: Path) -> list[Asset]:
    with reading(home) as session:
        return list_assets(session, actor=CLI)
