"""Notes: what is kept of what residents said, and as much of it as may be shown."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.session import Base, Moment


@dataclass(frozen=True)
class About:
    """What a note is about and where it comes from; `area` and `asset` are None where it is about the whole place."""

    id: str
    place: str
    area: str | None
    asset: str | None
    theme: str
    gathered: str
    heard_on: date
    heard_by: str


@dataclass(frozen=True)
class Insight(About):
    """One note with all that is kept of it.

    `words` is what was said; `summary` a steward's words for it. `withdrawn_at` is set once it is shown no more.
    """

    consent: str
    words: str
    summary: str
    version: int
    created_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Shown(About):
    """What everybody may read of a note: the words themselves, or a steward's summary (`is_summary`)."""

    text: str
    is_summary: bool


class InsightRow(Base):
    """The table `insights`."""

    __tablename__ = "insights"
    __table_args__ = (
        CheckConstraint("consent IN ('shown', 'summarised', 'private')", name="insights_consent"),
        Index("insights_by_place", "place", "area"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[str] = mapped_column(String(200))
    area: Mapped[str | None] = mapped_column(String(80))
    asset: Mapped[str | None] = mapped_column(String(36), index=True)
    theme: Mapped[str] = mapped_column(String(40))
    gathered: Mapped[str] = mapped_column(String(40))
    heard_on: Mapped[date]
    heard_by: Mapped[str] = mapped_column(String(40))
    consent: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    def insight(self) -> Insight:
        """Return the row as a value that no longer hangs on the session."""
        return Insight(**{each.name: getattr(self, each.name) for each in fields(Insight)})

    def shown(self) -> Shown:
        """Return what may be shown of a note that is not private."""
        is_summary = self.consent == "summarised"
        return Shown(
            **{each.name: getattr(self, each.name) for each in fields(About)},
            text=self.summary if is_summary else self.words,
            is_summary=is_summary,
        )
