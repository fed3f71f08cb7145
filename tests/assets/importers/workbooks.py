"""Workbooks for tests: made with openpyxl, and made wrong by hand."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl


def write_book(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    """Write sheets of rows into a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes], extra: Mapping[str, bytes] = {}) -> Path:
    """Write every member of a workbook anew, changed, and some more members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**members, **extra}.items():
            archive.writestr(name, change(name, data))
    return path
