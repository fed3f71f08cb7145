"""Errors of libraries where persons' rows lie: where they came about, and nothing that they quote."""

import errno
import traceback

import duckdb
import pytest

from disclosure.errors import DisclosureError
from risk.errors import RiskError
from risk.unforeseen import UnforeseenError, quoting_nothing

NAME = "Featherstonehaugh"


@quoting_nothing()
def choke(error: Exception) -> None:
    try:
        raise KeyError(NAME)
    except KeyError as first:
        raise error from first


def told(error: BaseException) -> str:
    """Return what a log would hold of an error."""
    return "".join(traceback.format_exception(error))


def test_an_error_and_what_it_came_from_are_told_without_what_they_say() -> None:
    with pytest.raises(UnforeseenError) as raised:
        choke(ValueError(f"could not convert {NAME}"))
    text = told(raised.value)
    assert str(raised.value) == "ValueError after KeyError"
    assert "in choke" in text
    assert NAME not in text.replace("raise KeyError(NAME)", "")


def test_a_real_engine_quotes_and_is_not_quoted() -> None:
    query = f"SELECT CAST('{NAME}' AS INTEGER)"
    with pytest.raises(duckdb.ConversionException, match=NAME):
        duckdb.sql(query).fetchall()
    with pytest.raises(UnforeseenError, match="ConversionException") as raised, quoting_nothing():
        duckdb.sql(query).fetchall()
    assert NAME not in told(raised.value)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "full"), "No space is left"),
        (
            OSError(errno.EACCES, "Permission denied", "births.csv"),
            "births.csv cannot be used: Permission denied",
        ),
        (MemoryError(), "not enough memory"),
        (duckdb.OutOfMemoryException(NAME), "not enough memory"),
        (duckdb.IOException(NAME), "could not write what it set aside"),
    ],
)
def test_what_the_machine_lacks_is_a_refusal_with_a_cure(error: Exception, said: str) -> None:
    with pytest.raises(RiskError, match=said) as raised:
        choke(error)
    assert "Nothing was published" in str(raised.value)
    assert raised.value.faults[0].cure
    assert NAME not in str(raised.value)


@pytest.mark.parametrize(
    "error", [RiskError("no", "yes"), DisclosureError("no", "yes"), UnforeseenError("x")]
)
def test_refusals_pass_as_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, quoting_nothing():
        raise error
    assert raised.value is error


def test_an_interrupt_passes() -> None:
    with pytest.raises(KeyboardInterrupt), quoting_nothing():
        raise KeyboardInterrupt
