"""A column that a condition reads in passing: not by its index on SQLite, as it is on PostgreSQL."""

from sqlalchemy import create_engine, select
from sqlalchemy.dialects import postgresql, sqlite

from store.queue import SubmissionRow
from store.scanning import scanned
from store.session import Base

QUERY = select(SubmissionRow.id).where(
    scanned(SubmissionRow.status) == "waiting", SubmissionRow.subject_kind == "asset"
)


def test_what_is_asked() -> None:
    assert "+submissions.status = " in str(QUERY.compile(dialect=sqlite.dialect()))  # type: ignore[no-untyped-call]
    assert " submissions.status = " in str(QUERY.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def test_sqlite_takes_another_index() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[SubmissionRow.__table__])
    with engine.connect() as connection:
        text = str(QUERY.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())
    assert "submissions_by_subject" in plan
    assert "submissions_waiting" not in plan
