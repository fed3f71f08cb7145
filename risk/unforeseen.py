"""What nobody foresaw where rows of persons lie: told without anything that the error itself quotes."""

import errno
import traceback
from collections.abc import Iterator
from contextlib import ContextDecorator
from types import TracebackType
from typing import Literal

import duckdb

from disclosure.errors import DisclosureError
from risk.errors import RiskError
from words.faults import LarderError

FULL = (errno.ENOSPC, errno.EDQUOT)
_NOTHING = "Nothing was published, and what was there before is as it was."


class UnforeseenError(RuntimeError):
    """An error of a library, with where it came about and nothing of what it says."""


class quoting_nothing(ContextDecorator):  # noqa: N801 - read as a phrase: with quoting_nothing():
    """Let no error out of here that quotes the values it choked on.

    Engines and parsers do: *could not convert 'Featherstonehaugh'* would reach the screen and a log. Refusals of ours
    pass as they are, since their values are masked. A full disk or an engine out of memory is told as a refusal; of all
    else its kind and the lines of code that it went through are told, no more.
    """

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Raise in the error's place what may be told of it."""
        if not isinstance(error, Exception) or isinstance(
            error, LarderError | DisclosureError | UnforeseenError
        ):
            return False
        chain = list(_chain(error))
        for one in chain:
            if refusal := _refusal(one):
                raise refusal from None
        told = UnforeseenError(" after ".join(type(one).__name__ for one in chain))
        for one in chain:
            told.add_note(f"{type(one).__name__}, what it says left out:")
            told.add_note("".join(traceback.format_tb(one.__traceback__)))
        raise told from None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what it came from, the last first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _refusal(error: BaseException) -> RiskError | None:
    """Return the refusal that an error of the machine amounts to, or None."""
    if isinstance(error, OSError) and error.errno in FULL:
        return RiskError(
            f"No space is left on the disk or in memory. {_NOTHING}", "Make room, then try again."
        )
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return RiskError(f"There is not enough memory. {_NOTHING}", "Close other programs, then try again.")
    if isinstance(error, duckdb.IOException):
        what = f"The database engine could not write what it set aside. {_NOTHING}"
        return RiskError(what, "Look whether the disk is full, then try again.")
    if isinstance(error, OSError) and error.errno is not None:
        # what the system says of a file names the file and no value in it
        what = f"{error.filename or 'A file'} cannot be used: {error.strerror}. {_NOTHING}"
        return RiskError(what, "Look whether it is there and may be used.")
    return None
