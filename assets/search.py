"""Searching: the assets that answer a question, a page at a time, and what a map draws of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, get_args

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assets.errors import AssetError
from assets.freshness import count_states, in_states
from assets.keeping import view, visible
from assets.precision import fold
from assets.schema import KINDS, STATUSES, WORD_INDEX, Asset, AssetRow, now
from store.pages import Page, check_page
from store.roles import Actor, may
from store.wordsearch import having_words
from words.categories import CATEGORIES
from words.faults import Fault
from words.freshness import State

MOST_POINTS = 2_000
MANY = 2_500
"""More answers to some words than this are counted, and a page of them found by reading the list in its order."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class AssetQuery:
    """A question to the register; every part narrows the answer, and a part that is empty does not.

    `text`: every word has to begin a word of it. `box`: west, south, east, north in degrees. `place` compares with the
    place found when the asset was written. `freshness` as of `today`. Pages count from 1.
    """

    text: str = ""
    categories: Collection[str] = ()
    kinds: Collection[str] = ()
    status: str | None = None
    freshness: Collection[State] = ()
    box: Box | None = None
    place: str | None = None
    page: int = 1
    size: int = 50
    today: date | None = None


class MapPoint(NamedTuple):
    """What a map draws of an asset: degrees in EPSG:4326, and nothing that is not on it."""

    id: str
    name: str
    category: str
    longitude: float
    latitude: float
    confirmed_on: date | None
    area: str | None
    precision: str
    kind: str


def search_assets(session: Session, query: AssetQuery, actor: Actor) -> Page[Asset]:
    """Return a page of the assets that answer a query, by name, each as the actor may see it.

    Raises AssetError for a category, kind, freshness or status that is not known, or a box that is none; StoreError for
    a page that is none.
    """
    check_page(query.page, query.size)
    total, page = _page(session, query, actor)
    found = {row.id: row.asset() for row in session.scalars(select(AssetRow).where(AssetRow.id.in_(page)))}
    return Page(tuple(view(found[each], actor) for each in page), total, query.page, query.size)


def _page(session: Session, query: AssetQuery, actor: Actor) -> tuple[int, Sequence[str]]:
    """Return how many assets answer a query, and the ids of one page of them: from the indexes alone."""
    conditions, start = _conditions(session, query, actor), (query.page - 1) * query.size
    if query.text:
        some = select(AssetRow.name_key, AssetRow.id).where(*conditions).limit(MANY + 1)
        found = sorted((name, asset_id) for name, asset_id in session.execute(some))
        if len(found) <= MANY:
            return len(found), [asset_id for _, asset_id in found[start : start + query.size]]
    total = session.scalar(select(func.count()).select_from(AssetRow).where(*conditions)) or 0
    conditions = _conditions(session, query, actor, many=True)
    listed = select(AssetRow.id).where(*conditions).order_by(AssetRow.name_key, AssetRow.id)
    return total, session.scalars(listed.limit(query.size).offset(start)).all()


def count_by_freshness(session: Session, query: AssetQuery, actor: Actor) -> dict[State, int]:
    """Return how many of the assets that answer a query are in each state. Raises as `search_assets` does."""
    return count_states(session, _conditions(session, query, actor), query.today or now().date())


def map_assets(
    session: Session, query: AssetQuery, actor: Actor, limit: int = MOST_POINTS
) -> tuple[list[MapPoint], int]:
    """Return the points of the assets that answer a query, at most `limit`, and how many there are.

    Where there are more, those that are drawn lie all over the map: ids are made by chance.

    The point is the one that the actor may see. Raises AssetError as `search_assets` does.
    """
    longitude, latitude = _point_columns(actor)
    conditions = [*_conditions(session, query, actor), longitude.is_not(None)]
    area: ColumnElement[str | None] = AssetRow.area.expression
    columns = select(
        AssetRow.id, AssetRow.name, AssetRow.category, longitude, latitude, AssetRow.confirmed_on, area,
        AssetRow.precision, AssetRow.kind,
    ).where(*conditions)  # fmt: skip
    # the point is there, for the last condition asks for it
    points: list[MapPoint] = [
        MapPoint(*row)  # type: ignore[arg-type]
        for row in session.execute(columns.order_by(AssetRow.id).limit(limit))
    ]
    total = len(points)
    if total == limit:
        total = session.scalar(select(func.count()).select_from(AssetRow).where(*conditions)) or 0
    if not may(actor, "see_private_contact"):
        points = [
            point if point.precision in {"exact", "postcode"} else point._replace(area=None)
            for point in points
        ]
    return points, total


def _point_columns(actor: Actor) -> tuple[ColumnElement[float | None], ColumnElement[float | None]]:
    # a box drawn smaller and smaller round the true point would give it away
    if may(actor, "see_private_contact"):
        return AssetRow.longitude.expression, AssetRow.latitude.expression
    return AssetRow.shown_longitude.expression, AssetRow.shown_latitude.expression


def _conditions(
    session: Session, query: AssetQuery, actor: Actor, *, many: bool = False
) -> list[ColumnElement[bool]]:
    _check(query)
    conditions = visible(actor)
    words = fold(query.text).split()
    if words:
        conditions.append(having_words(session, words, index=WORD_INDEX, number=AssetRow.n, many=many))
    if query.categories:
        conditions.append(AssetRow.category.in_(list(query.categories)))
    if query.kinds:
        conditions.append(AssetRow.kind.in_(list(query.kinds)))
    if query.status is not None:
        conditions.append(AssetRow.status == query.status)
    if query.freshness:
        conditions.append(in_states(query.freshness, query.today or now().date()))
    if query.place is not None:
        conditions.append(AssetRow.place == query.place)
    if query.box is not None:
        west, south, east, north = query.box
        longitude, latitude = _point_columns(actor)
        conditions += [longitude.between(west, east), latitude.between(south, north)]
    return conditions


def _check(query: AssetQuery) -> None:
    faults = []
    for name, given, known in (
        ("category", query.categories, tuple(CATEGORIES)),
        ("kind", query.kinds, KINDS),
        ("freshness", query.freshness, get_args(State)),
        ("status", [query.status] if query.status is not None else [], STATUSES),
    ):
        cure = f"Use: {', '.join(known)}."
        faults += [
            Fault(f"This {name} is not known.", cure, column=name, value=str(each))
            for each in given
            if each not in known
        ]
    if query.box is not None and not (query.box[0] <= query.box[2] and query.box[1] <= query.box[3]):
        faults.append(
            Fault("The box is inside out.", "Give west, south, east, north in degrees.", column="box")
        )
    if faults:
        raise AssetError(faults)
