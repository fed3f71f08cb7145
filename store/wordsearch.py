"""Searching for words: each database's own index of words, asked the same way."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, insert, literal_column, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.scanning import scanned


def having_words(
    session: Session,
    words: Sequence[str],
    *,
    index: str,
    number: InstrumentedAttribute[Any],
    many: bool = False,
) -> ColumnElement[bool]:
    """Return the condition that every one of some words begins a word of a row's text.

    `words` are folded: letters and digits alone. `index` is on SQLite the FTS5 table whose rows are named by
    the column `number`, on PostgreSQL the column of the same table that holds the words as a tsvector. `many`
    says that they are known to be so many that a list is better read in its order until a page is full.
    """
    if session.get_bind().dialect.name == "sqlite":
        query = " ".join(f'"{word}" *' for word in words)
        rows: Select[Any] = select(literal_column("rowid")).select_from(table(index))
        named = scanned(number) if many else number
        return named.in_(rows.where(literal_column(index).op("MATCH")(query)))
    query = " & ".join(f"'{word}':*" for word in words)
    held: ColumnElement[Any] = literal_column(f"{number.class_.__tablename__}.{index}")
    return held.op("@@")(func.to_tsquery(literal_column("'simple'"), query))


def forget_words(session: Session, *, index: str) -> None:
    """Have an index keep no word that no row has any more, after a redaction.

    SQLite only marks what leaves an index; packed into one, it drops what is marked. PostgreSQL clears the old row
    away by itself, words and all.
    """
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        session.execute(insert(table(index, column(index))).values({index: "optimize"}))
