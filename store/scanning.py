"""Scanning: a column that a condition reads in passing, not one by which the database goes looking for rows.

SQLite keeps no statistics here and takes an index to be good wherever its column is asked for; one of a column
that nearly all rows share then sends it all over the table. PostgreSQL knows how many share it and is left to decide.
"""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Scanned(FunctionElement[Any]):
    inherit_cache = True
    name = "scanned"


@compiles(_Scanned)
def _as_it_is(element: _Scanned, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Scanned, "sqlite")
def _without_an_index(element: _Scanned, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def scanned(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Return the column for a condition that SQLite must not look up in an index of that column."""
    element = _Scanned(column)
    element.type = column.type
    return element
