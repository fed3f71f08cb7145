"""Reminders: one message to each organisation and each steward about what is due for a check."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from assets.due import due, in_register
from assets.freshness import freshness, in_states
from assets.schema import Asset, AssetRow
from store.outbox import is_address, post
from store.people import PersonRow
from store.roles import Actor, require
from store.tokens import TokenRow, issue
from words.freshness import confirmation_words
from words.labels import category_label
from words.sentences import count_words, sentence_case

LINK_DAYS = 30
MOST_A_MESSAGE = 20
MOST_NAMED = 10


@dataclass(frozen=True)
class Reminded:
    """What one round of reminders came to."""

    organisations: int
    stewards: int
    assets: int
    without_address: int

    def sentence(self) -> str:
        """Say it in one sentence."""
        return (
            f"{sentence_case(count_words(self.organisations, 'organisation'))} asked about "
            f"{count_words(self.assets, 'asset')}, {count_words(self.stewards, 'steward')} told; for "
            f"{count_words(self.without_address, 'due asset')} there is no e-mail address."
        )


def remind(session: Session, *, actor: Actor, today: date, address: str) -> Reminded:
    """Write one message to each organisation and to each steward about what is due, and let the outbox send it.

    An organisation gets for each of its assets a link that says *still right* and one that says *this is wrong*; both
    open a page with a button and change nothing by themselves. It is asked again only when its last links have
    expired, after 30 days, and about 20 assets at most at a time. `address` is the public address of this Larder;
    without one there are no links, so only stewards are told. Raises Forbidden for who may not see what is due.
    """
    require(actor, "see_due")
    waiting = _due_assets(session, today)
    asked = _asked(session)
    by_address = _by_address(asset for asset in waiting if asset.id not in asked) if address else {}
    told = 0
    for to, assets in by_address.items():
        chosen = assets[:MOST_A_MESSAGE]
        post(session, to, "Is this still right?", _organisation_text(session, chosen, today, address))
        told += len(chosen)
    stewards = _tell_stewards(session, actor, today, address)
    without = sum(1 for asset in waiting if not _address_of(asset))
    return Reminded(len(by_address), stewards, told, without)


def _due_assets(session: Session, today: date) -> list[Asset]:
    """Return what is due, the longest unchecked first; hidden assets too, for the message goes to themselves."""
    due_now = and_(in_register(()), in_states(("stale", "unconfirmed"), today))
    rows = session.scalars(select(AssetRow).where(due_now).order_by(AssetRow.confirmed_on, AssetRow.id))
    return [row.asset() for row in rows]


def _asked(session: Session) -> set[str]:
    """Return the assets about which a link is still open."""
    query = select(TokenRow.subject_id).where(
        TokenRow.purpose == "confirm",
        TokenRow.subject_kind == "asset",
        TokenRow.expires_at > datetime.now(UTC),
    )
    return set(session.scalars(query))


def _address_of(asset: Asset) -> str:
    """Return where to ask about an asset: the private address if its owner agreed to it, else the public one."""
    for address in (asset.private_email if asset.consent_on else "", asset.email):
        if address and is_address(address):
            return address
    return ""


def _by_address(assets: Iterable[Asset]) -> Mapping[str, list[Asset]]:
    found: dict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        if address := _address_of(asset):
            found[address.casefold()].append(asset)
    return found


def _organisation_text(session: Session, assets: Sequence[Asset], today: date, address: str) -> str:
    parts = [
        "Your entry in the register of what is there for people nearby is due for a look. Is this still right?"
    ]
    for asset in assets:
        confirm = issue(session, "confirm", "asset", asset.id, LINK_DAYS)
        wrong = issue(session, "report", "asset", asset.id, LINK_DAYS)
        parts.append(
            f"{_line(asset, today)}\n  Still right: {address}/link/confirm#{confirm}\n"
            f"  This is wrong: {address}/link/report#{wrong}"
        )
    parts.append(
        f"Opening a link changes nothing; a button on its page does. The links work for {LINK_DAYS} days and once each."
    )
    return "\n\n".join(parts)


def _line(asset: Asset, today: date) -> str:
    told = ", ".join(
        part for part in (asset.address, asset.postcode, asset.opening_hours, asset.phone) if part
    )
    state = confirmation_words(asset.confirmed_on, freshness(asset, today))
    return f"{asset.name} ({category_label(asset.category)}), {state}{f': {told}' if told else ''}"


def _tell_stewards(session: Session, actor: Actor, today: date, address: str) -> int:
    """Tell each steward how much of what they look after is due, and what comes first. Hidden assets are not named."""
    people = session.scalars(
        select(PersonRow)
        .where(or_(PersonRow.role == "steward", PersonRow.role == "admin"))
        .order_by(PersonRow.id)
    )
    told = 0
    for person in people:
        found = due(session, actor, today, steward=person.id, size=MOST_NAMED)
        if found.total and is_address(person.email):
            post(
                session,
                person.email,
                _subject(found.total),
                _steward_text(found.items, found.total, today, address),
            )
            told += 1
    return told


def _subject(count: int) -> str:
    return f"{sentence_case(count_words(count, 'asset is', 'assets are'))} due for a check"


def _steward_text(assets: Sequence[Asset], count: int, today: date, address: str) -> str:
    lines = [f"- {_line(asset, today)}" for asset in assets if asset.precision != "hidden"]
    first = "These come first:\n" + "\n".join(lines) if lines else ""
    where = (
        f"The whole list: {address}/assets?show=due" if address else "The whole list is on the page Assets."
    )
    return "\n\n".join(part for part in (f"{_subject(count)} of those you look after.", first, where) if part)
