"""Pages: a long list, cut so that nobody waits for the whole of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.errors import StoreError

Item = TypeVar("Item")
LARGEST_PAGE = 500


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: its items, how many the whole list has, which page this is (from 1), its size."""

    items: tuple[Item, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def check_page(page: int, size: int) -> None:
    """Raise StoreError unless `page` counts from 1 and `size` is between 1 and 500."""
    if page < 1 or not 1 <= size <= LARGEST_PAGE:
        raise StoreError(
            f"There is no page {page} of {size} rows.",
            f"Pages count from 1 and hold 1 to {LARGEST_PAGE} rows.",
        )


def rows_of(session: Session, query: Select[Item], page: int, size: int) -> tuple[Sequence[Item], int]:
    """Return the rows of one page of an ordered query, and how many the whole query has."""
    check_page(page, size)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total
