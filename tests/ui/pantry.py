"""A register made by hand: one fresh asset, one stale with a private contact, one hidden, one held, one removed."""

from datetime import date, timedelta
from pathlib import Path

from assets.edits import change_asset, delete_asset
from assets.locate import locator
from assets.register import add_asset
from assets.schema import Asset
from store.roles import LOCAL
from store.session import writing

NAMES = ("hall", "soup", "refuge", "held", "gone")


def stock(home: Path) -> dict[str, Asset]:
    """Put five assets into the register of the town of six by six squares, and return them by a short name."""
    today, where = date.today(), locator(home)
    with writing(home) as session:
        hall = add_asset(
            session, actor=LOCAL, name="Old <b>Hall</b>", category="hall", postcode="ZZ1 1AA", where=where,
            confirmed_on=today - timedelta(days=20), phone="01268 100",
        )  # fmt: skip
        soup = add_asset(
            session, actor=LOCAL, name="Soup Table", category="food_bank", postcode="ZZ1 1AB", where=where,
            confirmed_on=today - timedelta(days=400), private_name="Jo Cook", private_email="jo@cook.example",
            consent_on=today,
        )  # fmt: skip
        refuge = add_asset(
            session, actor=LOCAL, name="Refuge House", category="advice", postcode="ZZ1 1AB", where=where,
            precision="hidden",
        )  # fmt: skip
        held = add_asset(
            session, actor=LOCAL, name="Doubtful Club", category="club", postcode="ZZ1 1AA", where=where
        )
        held = change_asset(
            session, held.id, {"status": "held", "review_reason": "is it there?"}, actor=LOCAL,
            expected_version=held.version,
        )  # fmt: skip
        gone = add_asset(
            session, actor=LOCAL, name="Closed Café", category="cafe", postcode="ZZ1 1AA", where=where
        )
        gone = delete_asset(
            session, gone.id, actor=LOCAL, reason="it closed", expected_version=gone.version
        )  # fmt: skip
    return dict(zip(NAMES, (hall, soup, refuge, held, gone), strict=True))
