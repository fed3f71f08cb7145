"""Lists put the numbers in names in their natural order: what a list is sorted by holds them at one length."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = re.compile(r"[0-9]+")
_DIGITS = 8


def upgrade() -> None:
    """Fill them up with zeros."""
    _rewrite(lambda number: number.zfill(_DIGITS))


def downgrade() -> None:
    """Take the zeros away."""
    _rewrite(lambda number: number.lstrip("0") or "0")


def _rewrite(told: Callable[[str], str]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name_key FROM assets")).all()
    keys = [(asset, old, _NUMBER.sub(lambda number: told(number.group()), old)) for asset, old in rows]
    changed = [{"asset": asset, "key": key} for asset, old, key in keys if key != old]
    if changed:
        connection.execute(sa.text("UPDATE assets SET name_key = :key WHERE id = :asset"), changed)
